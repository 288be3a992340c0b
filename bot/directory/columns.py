"""The columns of a directory file: what they are called, how they are read, and how they are explained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from bot.directory import values

TERMINAL_COLUMNS = 76


@dataclass(frozen=True, slots=True)
class Column:
    """A column: our field, the headers it may have (English first), what it is for, and its reader."""

    field: str
    headers: tuple[str, ...]
    about: str
    example: str
    read: Callable[[str], Any] = str
    longest: int = 200
    required: bool = False


def number_column(about: str) -> Column:
    """The person's number, which every file that speaks of people has."""
    headers = ("number", "nummer", "ansattnummer", "ansattnr")
    return Column("number", headers, about, "10234", longest=64, required=True)


COLUMNS = (
    number_column("the person's number in your own systems, never a national identity number"),
    Column("name", ("name", "navn", "namn"), "as colleagues say it", "Ada Berg", required=True),
    Column(
        "mail",
        ("mail", "e-post", "epost", "email", "e-mail"),
        "work address; empty if there is none",
        "ada.berg@solvik.example",
        values.read_mail,
        longest=254,
    ),
    Column(
        "mobile",
        ("mobile", "mobil", "mobilnummer", "mobiltelefon"),
        "work phone for SMS, or a private one the person agreed to; empty if there is none",
        "400 00 000",
        values.read_mobile,
        longest=40,
    ),
    Column(
        "preferred",
        ("preferred", "foretrukket", "føretrekt", "kanal"),
        f"how to reach the person first: {values.list_words(values.CHANNELS)}; web is the own page alone; empty: "
        "mail, or else sms",
        "sms",
        values.read_channel,
    ),
    Column(
        "language",
        ("language", "språk", "målform"),
        "nb, nn or en, until the person chooses; empty: nb",
        "nn",
        values.read_language,
    ),
    Column(
        "zone",
        ("zone", "tidssone"),
        "time zone; empty: Europe/Oslo",
        "Europe/Oslo",
        values.read_zone,
        longest=64,
    ),
    Column(
        "hours",
        ("hours", "arbeidstid"),
        "when the person is at work; empty: weekdays 08:00-15:30",
        "man-fre 08:00-15:30",
        values.read_hours,
        longest=300,
    ),
    Column(
        "leave",
        ("leave", "fravær", "permisjon"),
        "days away, first/last, with ; between; never why",
        "2027-01-04/2027-01-15; 2027-02-22/2027-02-26",
        values.read_leave,
        longest=4000,
    ),
    Column(
        "unit",
        ("unit", "enhet", "eining"),
        "path from the top; every unit on the way is made",
        "Solvik kommune / Helse og omsorg / Hjemmetjenesten",
        values.read_path,
        longest=500,
        required=True,
    ),
    Column(
        "membership",
        ("membership", "tilknytning", "tilknyting"),
        f"{values.list_words(values.MEMBERSHIPS)}; home counts in figures and is exactly one at a time, "
        "a group cuts across units; empty: home, or none where a role is given",
        "home",
        values.read_membership,
    ),
    Column(
        "employer",
        ("employer", "arbeidsgiver", "arbeidsgjevar"),
        "empty: the name at the top of the path",
        "Solvik kommune",
    ),
    Column("starts_on", ("from", "fra", "frå", "fom"), "first day; empty: open", "2027-01-04", values.read_date),
    Column(
        "ends_on",
        ("to", "til", "tom"),
        "last day, included; empty: open",
        "31.12.2027",
        values.read_last_date,
    ),
    Column(
        "role",
        ("role", "rolle"),
        "what the person answers for in the unit and below: " + values.list_words(values.ROLES) + "; empty: employee",
        "leader",
        values.read_role,
    ),
)


def explain_columns(columns: Sequence[Column] = COLUMNS) -> str:
    """The table for a terminal: header names, what to write, an example."""
    lines = []
    for column in columns:
        lines.append(", ".join(column.headers) + (" (required)" if column.required else ""))
        for text in (column.about, f"e.g. {column.example}"):
            lines += wrap(text, TERMINAL_COLUMNS, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def tabulate_columns(columns: Sequence[Column] = COLUMNS) -> str:
    """The same table in Markdown, for the read-me beside the sample."""
    rows = [
        f"| {', '.join(f'`{header}`' for header in column.headers)} | {column.about}"
        f"{' (required)' if column.required else ''} | `{column.example}` |"
        for column in columns
    ]
    return "\n".join(["| Header | What to write | Example |", "| --- | --- | --- |", *rows])
