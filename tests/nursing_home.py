"""Who works in the made-up nursing home, on which shifts, and how each is reached."""

from collections.abc import Collection
from typing import Any

from tests.office import MakeOffice, Office, Post
from tests.office_people import crowd, line
from tests.polling import in_group
from tests.rosters import import_roster
from tests.years import flows_of_two_weeks, rota

HOME = "Solvik / Fjordgløtt"
FIRST, SECOND, NIGHT, KITCHEN = (f"{HOME} / {one}" for one in ("Første", "Andre", "Natta", "Kjøkkenet"))
EARLY, LATE = {"leave": "2028-06-26/2028-07-16"}, {"leave": "2028-07-17/2028-08-06"}
GRACE, GEIR = line(101, "Grace Lie", FIRST, "leader"), line(203, "Geir Moen", SECOND, **EARLY)
TONE = line(501, "Tone Hauge", FIRST, "leader")

# Petra takes a pause, Dag says "don't ask me", mail reaches Jonas, and paper alone Kaja. Geir and Grace leave.
CAST = (
    line(1, "Sverre Dalhaug", "Solvik", "leader"),
    line(2, "Marit Sand", HOME, "leader", **EARLY),
    GRACE,
    line(102, "Ada Berg", FIRST, **LATE),
    line(103, "Jonas Vik", FIRST, **EARLY),
    line(103, "Jonas Vik", HOME, "representative", membership="", **EARLY),
    line(104, "Eldbjørg Haugen", FIRST, language="nn", **LATE),
    line(105, "Pawel Nowicki", FIRST, language="en", **LATE),
    *crowd(106, FIRST, "Petra Unni Odd", **EARLY),
    *crowd(109, FIRST, "Per Kari Arne Siv", **LATE),
    line(201, "Turid Bakke", SECOND, "leader", **LATE),
    line(202, "Bente Moen", SECOND, **EARLY),
    GEIR,
    *crowd(204, SECOND, "Hilde Ivar Jorunn", **EARLY),
    *crowd(207, SECOND, "Kåre Lars Mona Nina Olav Rune", **LATE),
    line(301, "Nils Foss", NIGHT, "leader", **EARLY),
    *crowd(302, NIGHT, "Vera Wenche Åse", **LATE),
    in_group(303, "Wenche Moen", "group_coordinator"),
    *crowd(401, KITCHEN, "Kaja Dag Roar Laila Gro Finn Tora", hours="mon-fri 06:30-14:00, sat 07:00-12:00", **LATE),
)
WARD = [str(number) for number in range(102, 113)]
AT_NIGHT = ["301", "302", "303", "304"]
ROSTERS = [
    [*rota(WARD, "DD-EE--DDE-DD-EED----", *span), *rota(AT_NIGHT, "NNN-N--NNNN---", *span)]
    for span in (("2028-01-03", "2028-06-30"), ("2028-07-01", "2028-12-31"), ("2029-01-01", "2029-03-31"))
]
OFFER = {"has_more": "yes", "competence": "Litauisk"}
IN_FIRST = ["Ada", "Jonas", "Eldbjørg", "Pawel", "Unni", "Odd", "Per", "Kari", "Arne", "Siv"]
IN_SECOND = ["Turid", "Bente", "Geir", "Hilde", "Ivar", "Jorunn", "Kåre", "Lars", "Mona"]
JONAS_BY_MAIL = "jonas@solvik.example"


def open_nursing_home(make_office: MakeOffice) -> tuple[Office, Post]:
    """The first Monday of 2028: everything has been discussed, and half a year of shifts is known. The post is mail's,
    which reaches Jonas."""
    office = make_office(people=[], flows=flows_of_two_weeks(), discussed_by=(), post=Post(), begins="2028-01-03 07:00")
    channels: Any = office.parts.channels
    channels["mail"] = mail = Post(name="mail")
    mail.clock = office.world.clock
    people_are(office, CAST)
    for flow in (*office.flows, "poll"):
        office.record_discussion(flow, "Solvik")
    import_roster(office, *ROSTERS[0])
    return office, mail


def people_are(office: Office, lines: Collection[str]) -> None:
    """Bring in the file, with a column for mail."""
    with_mail = [f"{one};{JONAS_BY_MAIL if one.startswith('103;') else ''}" for one in lines]
    office.import_people(with_mail, more_columns=("mail",))
