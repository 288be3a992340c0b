"""A CSV file is read: other headers, delimiters and encodings, and lines that belong together."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import csv
from bot.directory.columns import COLUMNS, Column
from bot.directory.record import DirectoryError, Problem
from storage.directory.records import MembershipRecord, Organisation, PersonRecord, RoleRecord, UnitRecord
from storage.tables.organisation import MembershipKind, RoleName

HEADER = "number;name;unit;membership;role"
ADA = "1;Ada Berg;Solvik / Avdeling 2;;"


def read(*lines: str) -> Organisation:
    return csv.read("solvik.csv", [line + "\n" for line in lines]).organisation


def test_one_line_for_each_person_is_enough_and_every_unit_on_the_way_is_made() -> None:
    organisation = read("number;name;unit", "1;Ada Berg;Solvik / Helse / Avdeling 2")

    assert organisation == Organisation(
        units=(
            UnitRecord("Solvik"),
            UnitRecord("Solvik / Helse"),
            UnitRecord("Solvik / Helse / Avdeling 2"),
        ),
        people=(PersonRecord("1", "Ada Berg"),),
        memberships=(MembershipRecord("1", "Solvik / Helse / Avdeling 2", MembershipKind.home, "Solvik"),),
        roles=(),
    )


def test_all_columns_are_read_by_their_norwegian_names_in_any_order() -> None:
    organisation = read(
        "Rolle;Enhet;Ansattnummer;Navn;E-post;Målform;Tidssone;Arbeidstid;Fravær;Tilknytning;Arbeidsgiver;Fra;Til",
        '"leder";Solvik / NAV;7;Grace Lie;Grace.Lie@solvik.example;nynorsk;Europe/Oslo;"man-fre 8-15:30";'
        '"04.01.2027-08.01.2027; 2027-03-01";hjemme;Staten;1.2.2027;31.12.9999',
    )

    assert organisation.people == (
        PersonRecord(
            "7",
            "Grace Lie",
            "grace.lie@solvik.example",
            "nn",
            "Europe/Oslo",
            "mon-fri 08:00-15:30",
            ((date(2027, 1, 4), date(2027, 1, 8)), (date(2027, 3, 1), date(2027, 3, 1))),
        ),
    )
    assert organisation.memberships == (
        MembershipRecord("7", "Solvik / NAV", MembershipKind.home, "Staten", date(2027, 2, 1), None),
    )
    assert organisation.roles == (RoleRecord("7", "Solvik / NAV", RoleName.leader, date(2027, 2, 1), None),)


def test_later_lines_of_a_person_may_leave_out_what_the_first_said() -> None:
    organisation = read(
        HEADER,
        "1;Ada Berg;Solvik / Avdeling 2;home;",
        "1;;Solvik / Ressursgruppe Demens;group;group_coordinator",
        "1;;Solvik / Avdeling 1;other;",
        "1;;Solvik;;verneombud",
    )

    assert [person.name for person in organisation.people] == ["Ada Berg"]
    assert [(each.path, each.kind.value) for each in organisation.memberships] == [
        ("Solvik / Avdeling 2", "home"),
        ("Solvik / Ressursgruppe Demens", "group"),
        ("Solvik / Avdeling 1", "other"),
    ]
    assert [(role.path, role.name.value) for role in organisation.roles] == [
        ("Solvik / Ressursgruppe Demens", "group_coordinator"),
        ("Solvik", "safety"),
    ]
    assert [unit.path for unit in organisation.units if unit.is_group] == ["Solvik / Ressursgruppe Demens"]


def test_a_line_that_stands_twice_does_no_harm() -> None:
    assert read(HEADER, ADA, ADA) == read(HEADER, ADA)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found_by_itself(delimiter: str) -> None:
    lines = [line.replace(";", delimiter) for line in (HEADER, ADA)]

    assert read(*lines) == read(HEADER, ADA)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_norwegian_letters_survive_every_way_excel_saves_them(encoding: str) -> None:
    content = f"{HEADER}\r\n1;Åse Bjørnø;Solvik / Sone Sør;;\r\n".encode(encoding)

    organisation = csv.read("solvik.csv", csv.split_lines(BytesIO(content))).organisation

    assert organisation.people[0].name == "Åse Bjørnø"
    assert organisation.units[-1].path == "Solvik / Sone Sør"


def test_letters_written_in_two_pieces_and_odd_spaces_are_the_same_name() -> None:
    organisation = read(HEADER, "1;A\u030ase\u00a0 Berg ;Solvik / Avdeling 2;;")

    assert organisation.people[0].name == "Åse Berg"


def test_blank_lines_and_excels_line_about_the_delimiter_are_passed_over() -> None:
    assert read("sep=;", "", HEADER, ";;;;", ADA, "") == read(HEADER, ADA)


def test_columns_that_medvirk_does_not_use_are_named_and_a_slip_of_the_pen_is_suggested() -> None:
    reading = csv.read("solvik.csv", ["number;name;unit;language;langauge;salary\n", "1;Ada Berg;Solvik;;nn;1\n"])

    assert reading.unread_headers == ("«langauge» (did you mean «language»?)", "«salary»")
    assert reading.organisation.people == (PersonRecord("1", "Ada Berg"),)


def test_a_home_that_ends_before_the_next_begins_is_a_move() -> None:
    header = "number;name;unit;from;to"
    organisation = read(header, "1;Ada Berg;Solvik / Avdeling 1;;2027-02-28", "1;;Solvik / Avdeling 2;2027-03-01;")

    assert len(organisation.memberships) == 2


def test_spaces_between_digits_tell_units_apart() -> None:
    assert len(read(HEADER, "1;Ada Berg;Solvik / Team 1 1;;", "2;Grace Lie;Solvik / Team 11;;").units) == 3


CELLS = st.text(st.sampled_from("ab1/;,\t\"'.-:\n\r\x00Åø\ufeff 2027lør"), max_size=30) | st.sampled_from(
    ["home", "group", "leder", "2027-01-04", "man-fre 8-15", "Solvik / NAV", "nn", "Europe/Oslo"]
)


@given(st.lists(st.lists(CELLS, max_size=15), max_size=6))
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(rows: list[list[str]]) -> None:
    lines = [";".join(column.headers[0] for column in COLUMNS), *(";".join(row) for row in rows)]
    content = "\n".join(lines).encode()

    problems: list[Problem] = []
    organisation = Organisation((), (), (), ())
    try:
        organisation = csv.read("solvik.csv", csv.split_lines(BytesIO(content))).organisation
    except DirectoryError as error:
        problems = error.problems

    people = {person.number for person in organisation.people}
    assert bool(people) != bool(problems)
    assert {each.number for each in organisation.memberships} == people


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.field)
def test_every_example_in_the_table_of_columns_can_be_read(column: Column) -> None:
    assert column.read(column.example)
