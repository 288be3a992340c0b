"""Everything wrong with a CSV file is said at once, with its line, its field and what to write instead."""

from io import BytesIO

import pytest

from bot.directory import csv
from bot.directory.identity import contains_identity_number
from bot.directory.record import DirectoryError

# Synthetic numbers (month + 80), with the right control digits: the population register gives them to nobody.
SYNTHETIC_NUMBER = "01819010001"
SYNTHETIC_D_NUMBER = "41819010186"

HEADER = "number;name;unit;membership;role"
ADA = "1;Ada Berg;Solvik / Avdeling 2;;"


def find_problems(*lines: str) -> list[str]:
    with pytest.raises(DirectoryError) as caught:
        csv.read("solvik.csv", [line + "\n" for line in lines])
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("hours", "man-fre 8-25", '"25" is not a time of day'),
        ("zone", "Europe/Olso", "is not the name of a time zone; write e.g. «Europe/Oslo»"),
        (
            "language",
            "tysk",
            "is not a language Medvirk speaks; there are nb (bokmål), nn (nynorsk), en (engelsk)",
        ),
        ("mail", "ada at solvik", "is not one mail address; write e.g. «ada.berg@solvik.example»"),
        ("from", "2027-02-30", "is a day that the calendar does not have"),
        ("to", "next year", "is not a date; write e.g. «31.12.2027»"),
        ("to", "2999-01-01", "is not between the years 1900 and 2199"),
        (
            "leave",
            "2027-01-15/2027-01-04",
            "has a leave that ends on 2027-01-04, before it begins on 2027-01-15",
        ),
        ("leave", "2027-01-04/2027-01-08; ferie", "has «ferie», which is not a span of days"),
        (
            "membership",
            "deltid",
            "is not a kind of membership; there are home (hjemme), other (annen), group (gruppe)",
        ),
        ("role", "boss", "is not a role; there are leader (leder), superior (overordnet)"),
        ("unit", "Solvik / / Avdeling 2", "has a part without a name between the slashes"),
        (
            "unit",
            "",
            "nothing is written here; write e.g. «Solvik kommune / Helse og omsorg / Hjemmetjenesten»",
        ),
        ("number", "", "nothing is written here; write e.g. «10234»"),
        ("name", "", "the person 1 has no name on any line; write e.g. «Ada Berg»"),
        ("name", "Ada\u202eBerg", "has an invisible character (U+202E): delete it"),
        ("name", "Ada\x00Berg", "has an invisible character (U+0000): delete it"),
        (
            "name",
            "BjÃ¸rn",
            "has letters that were saved in one encoding and read in another: save it as UTF-8",
        ),
        ("name", "A" * 201, "has 201 characters; there is room for 200"),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_field_and_what_to_write(field: str, value: str, says: str) -> None:
    line = {"number": "1", "name": "Ada Berg", "unit": "Solvik", field: value}

    (problem,) = find_problems(";".join(line), ";".join(f'"{text}"' for text in line.values()))

    assert problem.startswith(f"solvik.csv, line 2, field {field}: ")
    assert says in problem


def test_all_problems_of_a_file_are_said_at_once_in_the_order_of_the_lines() -> None:
    problems = find_problems(
        "number;name;unit;hours;from;to",
        "1;Ada Berg;Solvik;man-fre 8-25;;",
        "2;Grace Lie;Solvik;;2027-12-31;2027-01-01",
        "3;;Solvik;;;",
        "4;Mallory Dahl;;søndag;31.31.2027;",
    )

    assert [problem.split(":")[0] for problem in problems] == [
        "solvik.csv, line 2, field hours",
        "solvik.csv, line 3, field to",
        "solvik.csv, line 4, field name",
        "solvik.csv, line 5, field hours",
        "solvik.csv, line 5, field from",
        "solvik.csv, line 5, field unit",
    ]


def test_a_problem_speaks_of_the_columns_as_the_file_calls_them() -> None:
    (problem,) = find_problems("nummer;navn;enhet;arbeidstid", "1;Ada Berg;Solvik;ved behov")

    assert problem.startswith("solvik.csv, line 2, field arbeidstid: «ved behov»")


def test_lines_that_say_different_things_about_a_person_are_both_named() -> None:
    (problem,) = find_problems(HEADER, ADA, "1;Ada Bergh;Solvik / Avdeling 1;other;")

    assert problem == (
        "solvik.csv, line 3, field name: «Ada Bergh» is not what line 2 says about the same person 1: "
        "«Ada Berg»; write it once, or the same"
    )


def test_of_many_lines_about_a_person_the_one_that_differs_is_blamed_once() -> None:
    (problem,) = find_problems(
        HEADER,
        "1;Ada Bergh;Solvik / Avdeling 2;;",
        "1;Ada Berg;Solvik / Avdeling 1;other;",
        "1;Ada Berg;Solvik / Demens;group;",
    )

    assert "line 2, field name: «Ada Bergh» is not what line 3 says about the same person 1: «Ada Berg»" in problem


def test_one_line_that_makes_a_group_of_a_unit_is_blamed_and_not_all_who_work_there() -> None:
    (problem,) = find_problems(
        HEADER,
        ADA,
        "2;Grace Lie;Solvik / Avdeling 2;home;",
        "3;Mallory Dahl;Solvik;;",
        "3;;Solvik / Avdeling 2;group;",
    )

    assert "line 5, field unit: «Solvik / Avdeling 2» is a unit that people belong to, by line 2 and 1 more" in problem


def test_all_that_is_wrong_in_a_line_is_said_beside_a_national_identity_number() -> None:
    problems = find_problems("number;name;mail;unit;note", f"1;Ada Berg;ada;Solvik / A;{SYNTHETIC_NUMBER}")

    assert any("field mail: «ada» is not one mail address" in one for one in problems)
    assert any("field note: a national identity number stands here" in one for one in problems)
    assert SYNTHETIC_NUMBER not in "".join(problems)


def test_a_path_without_spaces_around_its_slashes_is_shown_with_them() -> None:
    (problem,) = find_problems(HEADER, "1;Ada Berg;Solvik/Avdeling 2/Natt;;")

    assert "has no spaces around the first slash; write «Solvik / Avdeling 2 / Natt»" in problem


def test_further_down_a_name_may_have_a_slash() -> None:
    reading = csv.read("solvik.csv", [HEADER, "1;Ada Berg;Solvik / Barn/unge;;"])

    assert reading.organisation.units[-1].path == "Solvik / Barn/unge"


def test_two_homes_at_the_same_time_are_refused_and_both_lines_named() -> None:
    header = "number;name;unit;from;to"
    (problem,) = find_problems(
        header, "1;Ada Berg;Solvik / Avdeling 1;;2027-03-01", "1;;Solvik / Avdeling 2;2027-03-01;"
    )

    assert problem.startswith(
        "solvik.csv, line 3, field unit: «Solvik / Avdeling 2» is a second home at the same time for the "
        "person 1, beside «Solvik / Avdeling 1» on line 2"
    )


def test_a_person_with_a_role_only_is_asked_for_a_home() -> None:
    (problem,) = find_problems(HEADER, "1;Grace Lie;Solvik / Avdeling 2;;leader")

    assert "the person 1 has no home; write home on the line with the unit where they belong" in problem


def test_a_wrong_line_does_not_make_the_other_lines_of_the_person_wrong() -> None:
    (problem,) = find_problems(
        HEADER, "1;Grace Lie;Solvik / Avdeling 2;hjem;leader", "1;;Solvik / Ressursgruppe Demens;group;"
    )

    assert "line 2, field membership" in problem


def test_the_rarer_spelling_of_a_unit_is_pointed_at() -> None:
    problems = find_problems(
        HEADER,
        "1;Ada Berg;Solvik / avdeling2;;",
        "2;Grace Lie;Solvik / Avdeling 2;;",
        "3;Mallory Dahl;SOLVIK / Avdeling 2 / Natt;;",
        "4;Per Moe;Solvik / Avdeling 2;;",
    )

    assert problems == [
        "solvik.csv, line 2, field unit: «Solvik / avdeling2» differs only in case or spaces from "
        "«Solvik / Avdeling 2»; write one of them everywhere",
        "solvik.csv, line 4, field unit: «SOLVIK / Avdeling 2 / Natt» differs only in case or spaces from "
        "«Solvik / Avdeling 2 / Natt»; write one of them everywhere",
    ]


def test_a_path_without_its_beginning_is_pointed_at() -> None:
    (problem,) = find_problems(HEADER, ADA, "2;Grace Lie;Solvik;;", "3;Mallory Dahl;Avdeling 2;;")

    assert problem.startswith("solvik.csv, line 4, field unit: «Avdeling 2» is not under «Solvik»")
    assert problem.endswith("write e.g. «Solvik / Avdeling 2»")


def test_two_people_with_one_mail_address_are_refused() -> None:
    (problem,) = find_problems(
        "number;name;mail;unit",
        "1;Ada Berg;ada@solvik.example;Solvik",
        "2;Grace Lie;ADA@solvik.example;Solvik",
    )

    assert "line 3, field mail: «ada@solvik.example» belongs to the person 1 on line 2 too" in problem


def test_nobody_has_a_home_in_a_group() -> None:
    (problem,) = find_problems(HEADER, ADA, "1;;Solvik / Demens;group;", "2;Grace Lie;Solvik / Demens;home;")

    assert "line 4, field unit: «Solvik / Demens» is a group that cuts across, by line 3" in problem


def test_one_membership_with_two_spans_of_dates_is_refused() -> None:
    header = "number;name;unit;from;to"
    (problem,) = find_problems(header, "1;Ada Berg;Solvik;2027-01-01;2027-03-31", "1;;Solvik;2027-09-01;2027-12-31")

    assert "line 3, field unit: «Solvik» is the same membership as on line 2 with other dates" in problem


@pytest.mark.parametrize("number", [SYNTHETIC_NUMBER, SYNTHETIC_D_NUMBER, "018190 10001", "01.81.90-10001"])
@pytest.mark.parametrize("field", ["number", "name", "comment"])
def test_a_national_identity_number_is_refused_wherever_it_stands_and_never_repeated(number: str, field: str) -> None:
    line = {"number": "1", "name": "Ada Berg", "unit": "Solvik", "comment": "", field: number}

    (problem,) = find_problems(";".join(line), ";".join(line.values()))

    assert f"solvik.csv, line 2, field {field}: a national identity number stands here" in problem
    assert "10001" not in problem
    assert "10186" not in problem


@pytest.mark.parametrize("text", ["01819010002", "12345678901", "00000000000", "018190100011", "tlf 22 33 44 55"])
def test_other_numbers_are_no_identity_numbers(text: str) -> None:
    assert not contains_identity_number(text)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1: the file is empty"),
        (["", ";;"], "line 1: the file is empty"),
        ([HEADER], "line 1: nobody comes after the header line"),
        (
            ["1;Ada Berg;Solvik"],
            "this is no header line; the first line names the columns; write e.g. «number;name;unit»",
        ),
        (["number;unit", "1;Solvik"], "the column «name» is missing; it may be called name, navn, namn"),
        (["number;name;navn;unit", "1;Ada;Ada;Solvik"], "«navn» is the same column as «name» in this line"),
        ([HEADER, ADA, HEADER, ADA], "line 3: the header line comes again; delete it here"),
        ([HEADER, "1;Berg; Ada;Solvik;;leder"], "line 2: there are 6 values for 5 columns"),
        ([HEADER, ADA, '2;"Grace;Solvik;;'], 'line 3: a quotation mark (") from here on is not closed'),
    ],
)
def test_a_file_that_cannot_be_a_directory_is_refused_in_words(lines: list[str], says: str) -> None:
    (problem,) = find_problems(*lines)

    assert says in problem


def test_a_binary_file_is_refused_in_words() -> None:
    lines = csv.split_lines(BytesIO(bytes(range(256)) * 20))

    with pytest.raises(DirectoryError, match="this is no header line"):
        csv.read("solvik.csv", lines)


def test_an_excel_workbook_is_recognised() -> None:
    with pytest.raises(DirectoryError, match="this is an Excel workbook; open it in Excel and save it as"):
        csv.read("solvik.xlsx", csv.split_lines(BytesIO(b"PK\x03\x04" + b"\x14" * 200_000)))
