"""Who works in the made-up office, as lines of the directory file."""

COLUMNS = ("number", "name", "language", "hours", "leave", "unit", "membership", "employer", "role")


def line(number: int, name: str, unit: str, role: str = "", **more: str) -> str:
    """One line of the directory file; `more` names other columns, such as `language` or `employer`."""
    cells = {"number": str(number), "name": name, "unit": unit, "role": role, "membership": "home", **more}
    return ";".join(cells.get(column, "") for column in COLUMNS)


def crowd(first_number: int, unit: str, names: str, **more: str) -> tuple[str, ...]:
    """A line for each of `names`, all in one unit."""
    return tuple(line(first_number + i, f"{name} Moen", unit, **more) for i, name in enumerate(names.split()))


WARD = "Solvik / Avdeling 1"
OTHER_WARD = "Solvik / Avdeling 2"
NIGHT = "Solvik / Nattvakta"
NAV = "Solvik / NAV"

ADA = line(101, "Ada Berg", WARD)
GRACE = line(102, "Grace Lie", WARD, "leader")
MALLORY = line(301, "Mallory Dahl", NAV, employer="Staten")  # whose employer has discussed nothing

# Ten in the ward, ten in the other, three at night, two with another employer; a director over them all.
PEOPLE = (
    line(1, "Sverre Dalhaug", "Solvik", "leader"),
    ADA,
    GRACE,
    line(103, "Jonas Vik", WARD),
    line(103, "Jonas Vik", "Solvik", "representative", membership=""),
    line(104, "Eldbjørg Haugen", WARD, language="nn"),
    line(105, "Pawel Nowicki", WARD, language="en"),
    *crowd(106, WARD, "Petra Dag Linn Siv Unni"),
    line(201, "Turid Bakke", OTHER_WARD, "leader"),
    *crowd(202, OTHER_WARD, "Bente Geir Hilde Ivar Jorunn Kåre Lars Mona Nina"),
    line(251, "Nils Foss", NIGHT, "leader", hours="mon-sun 21:00-07:00"),
    *crowd(252, NIGHT, "Vera Wenche", hours="mon-sun 21:00-07:00"),
    MALLORY,
    *crowd(302, NAV, "Frode", employer="Staten"),
)
