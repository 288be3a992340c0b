"""Roster files, as roster systems export them: the shifts in them, and all that is wrong, said at once."""

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.directory.record import DirectoryError, Problem
from bot.rosters import csv, ical
from bot.rosters.reading import find_files
from bot.rosters.record import Entry, RosterFile
from tests.office_words import oslo

AT = oslo("2027-01-04 07:00")
ZONE = "Europe/Oslo"
SYNTHETIC_NUMBER = "01819010001"  # with the right control digits; the population register gives it to nobody


Read = tuple[RosterFile | None, list[str]]


def read_csv(*lines: str, at: datetime = AT) -> Read:
    return told(csv.read("natt.csv", "\n".join(lines).encode(), ZONE, at))


def read_ical(*events: str, file: str = "101.ics", head: str = "", at: datetime = AT) -> Read:
    wrapped = [f"BEGIN:VEVENT\nUID:{i}\n{event}\nEND:VEVENT" for i, event in enumerate(events)]
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *([head] if head else []), *wrapped, "END:VCALENDAR\n"])
    return told(ical.read(file, text.encode(), ZONE, at))


def told(read: tuple[RosterFile | None, list[Problem]]) -> Read:
    return read[0], [str(problem) for problem in read[1]]


def times(file: RosterFile | None) -> list[tuple[datetime, datetime]]:
    return [] if file is None else [(one.starts_at, one.ends_at) for one in file.entries]


def night(day: str, next_day: str) -> tuple[datetime, datetime]:
    return oslo(f"{day} 22:00"), oslo(f"{next_day} 07:15")


def in_oslo(starts: str, ends: str, *more: str) -> str:
    return "\n".join([f"DTSTART;TZID=Europe/Oslo:{starts}", f"DTEND;TZID=Europe/Oslo:{ends}", *more])


# CSV


def test_a_line_is_a_shift_by_the_clock_on_the_wall() -> None:
    file, problems = read_csv(
        "nummer;start;slutt;tidssone",
        "101;2027-01-04 22:00;07:15;",
        "101;05.01.2027 22.00;06.01.2027 07.15;",
        "102;2027-01-06T16:00:00;24:00;",
        "103;2027-01-06 08:00;16:00;Europe/London",
    )

    assert problems == []
    assert file is not None
    assert file.entries == [
        Entry(2, "101", "number", *night("2027-01-04", "2027-01-05"), ZONE),
        Entry(3, "101", "number", *night("2027-01-05", "2027-01-06"), ZONE),
        Entry(4, "102", "number", oslo("2027-01-06 16:00"), oslo("2027-01-07 00:00"), ZONE),
        Entry(5, "103", "number", oslo("2027-01-06 09:00"), oslo("2027-01-06 17:00"), "Europe/London"),
    ]
    assert file.days == (date(2027, 1, 4), date(2027, 1, 6))  # until midnight is until that evening


def test_the_days_of_a_roster_end_with_the_morning_after_its_last_night() -> None:
    file, _ = read_csv("number;starts;ends", "101;2027-01-04 22:00;07:15")

    assert file is not None
    assert (file.days, file.last_start) == ((date(2027, 1, 4), date(2027, 1, 5)), date(2027, 1, 4))


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("101;2027-03-27 22:00;07:15", 8.25),
        ("101;2027-10-30 22:00;07:15", 10.25),
        ("101;2027-10-30 20:00;2027-10-31 12:00", 17),  # sixteen by the clock on the wall, so not too long
        ("101;2028-02-28 22:00;07:15", 9.25),
    ],
)
def test_shifts_over_the_nights_when_clocks_change_are_as_long_as_they_are(line: str, hours: float) -> None:
    file, problems = read_csv("number;starts;ends", line, at=oslo("2027-03-01 07:00"))

    [(starts_at, ends_at)] = times(file)
    assert problems == []
    assert (ends_at - starts_at).total_seconds() == hours * 3600


def test_everything_wrong_is_said_at_once_with_line_field_and_remedy() -> None:
    _, problems = read_csv(
        "nummer;start;slutt",
        ";2027-01-04 22:00;07:15",
        "101;4. januar;07:15",
        "101;2027-01-04 22:00;25:00",
        "101;2027-02-29 22:00;07:15",
        "101;2027-01-04;07:15",
        "101;2027-01-04 22:00;2027-01-04 07:15",
        "101;2027-01-04 22:00;2027-01-06 07:15",
        "101;2029-01-04 22:00;07:15",
        f"{SYNTHETIC_NUMBER};2027-01-04 22:00;07:15",
        "101;2027-03-28 02:10;02:50",
    )

    assert [problem.partition(": ")[0] for problem in problems] == [
        "natt.csv, line 2, field nummer",
        "natt.csv, line 3, field start",
        "natt.csv, line 4, field slutt",
        "natt.csv, line 5, field start",
        "natt.csv, line 6, field start",
        "natt.csv, line 7, field slutt",
        "natt.csv, line 8, field slutt",
        "natt.csv, line 9, field slutt",
        "natt.csv, line 10, field nummer",
        "natt.csv, line 11, field slutt",
    ]
    assert "«4. januar» is not a day and a time; write e.g. «2027-01-04 22:00»" in problems[1]
    assert "«25:00» has no time of day such as 22:00; write e.g. «07:15»" in problems[2]
    assert "is a day that the calendar does not have" in problems[3]
    assert "ends at 2027-01-04 07:15, not after it begins" in problems[5]
    assert "more than 16 hours; correct the times, write duty round the clock as two shifts" in problems[6]
    assert "begins on 2029-01-04, more than a year ahead; correct the year" in problems[7]
    assert "a national identity number stands here" in problems[8]


def test_a_file_without_shifts_or_with_other_columns_is_refused() -> None:
    assert "no shift comes after the header line" in read_csv("number;starts;ends")[1][0]
    assert "the column «ends» is missing" in read_csv("number;starts", "101;2027-01-04 22:00")[1][0]
    assert "«slut» (did you mean «slutt»?)" in read_csv("number;starts;ends;slut", "101;2027-01-04 22:00;7.15;")[1][0]


# iCal


def test_an_event_is_repeated_without_its_exceptions_by_the_clock_on_the_wall() -> None:
    event = in_oslo(
        "20270322T220000", "20270323T071500", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Oslo:20270329T220000"
    )

    file, problems = read_ical(event)

    assert problems == []
    # Summer time has begun in between.
    assert times(file) == [night("2027-03-22", "2027-03-23"), night("2027-04-05", "2027-04-06")]
    assert file is not None
    assert {(one.who, one.by) for one in file.entries} == {("101", "number")}


def test_a_repeated_night_is_there_in_the_nights_when_clocks_change() -> None:
    event = in_oslo("20270327T220000", "20270328T071500", "RRULE:FREQ=DAILY;COUNT=2")

    [first, second] = times(read_ical(event)[0])

    assert first == night("2027-03-27", "2027-03-28")
    assert (first[1] - first[0]).total_seconds() == 8.25 * 3600
    assert second == night("2027-03-28", "2027-03-29")


def test_a_changed_and_a_cancelled_occurrence_take_the_place_of_the_usual() -> None:
    text = "\n".join(
        [
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a",
            in_oslo("20270104T220000", "20270105T071500", "RRULE:FREQ=DAILY;COUNT=3"),
            "END:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Europe/Oslo:20270105T220000",
            in_oslo("20270105T140000", "20270105T220000"),
            "END:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Europe/Oslo:20270106T220000\nSTATUS:CANCELLED",
            in_oslo("20270106T220000", "20270107T071500"),
            "END:VEVENT\nEND:VCALENDAR",
        ]
    )

    file, problems = told(ical.read("101.ics", text.encode(), ZONE, AT))

    assert problems == []
    assert sorted(times(file)) == [
        night("2027-01-04", "2027-01-05"),
        (oslo("2027-01-05 14:00"), oslo("2027-01-05 22:00")),
    ]


@pytest.mark.parametrize(
    ("event", "head"),
    [
        ("DTSTART:20270104T210000Z\nDTEND:20270105T061500Z", ""),
        ("DTSTART:20270104T220000\nDTEND:20270105T071500", ""),
        ("DTSTART:20270104T210000\nDTEND:20270105T061500", "X-WR-TIMEZONE:Europe/London"),
        ("DTSTART;TZID=W. Europe Standard Time:20270104T220000\nDURATION:PT9H15M", ""),
        ("DTSTART;TZID=Europe/London:20270104T210000\nDTEND;TZID=Europe/Oslo:20270105T071500", ""),
    ],
)
def test_times_in_utc_without_a_zone_and_in_other_zones_are_understood(event: str, head: str) -> None:
    file, problems = read_ical(event, head=head)

    assert problems == []
    assert times(file) == [night("2027-01-04", "2027-01-05")]
    assert file is not None
    assert file.days == (date(2027, 1, 4), date(2027, 1, 5))


def test_days_of_holiday_and_what_takes_no_time_are_no_shifts() -> None:
    file, problems = read_ical(
        "SUMMARY:Ferie\nDTSTART;VALUE=DATE:20270222\nDTEND;VALUE=DATE:20270301",
        in_oslo("20270104T220000", "20270105T071500", "STATUS:CANCELLED"),
        in_oslo("20270105T220000", "20270106T071500", "TRANSP:TRANSPARENT"),
    )

    assert (file, problems) == (None, [])


def test_an_event_says_whose_shift_it_is_by_mail_addresses() -> None:
    event = in_oslo(
        "20270104T220000",
        "20270105T071500",
        "ATTENDEE;CN=Ada:MAILTO:Ada@Solvik.example",
        "ATTENDEE:mailto:nils@solvik.example",
    )

    file, _ = read_ical(event, file="nattvakta.ics")

    assert file is not None
    assert [(one.who, one.by) for one in file.entries] == [
        ("ada@solvik.example", "mail"),
        ("nils@solvik.example", "mail"),
    ]


def test_an_endless_series_is_read_as_far_as_anybody_may_be_asked() -> None:
    file, _ = read_ical(in_oslo("20200106T220000", "20200107T071500", "RRULE:FREQ=WEEKLY"))

    assert file is not None
    assert file.days == (date(2026, 11, 30), date(2027, 7, 13))


def test_everything_wrong_in_events_is_said_at_once_with_the_line_of_each() -> None:
    _, problems = read_ical(
        in_oslo("20270104T220000", "20270105T071500"),
        "DTSTART:next Monday\nDTEND:20270105T071500",
        "SUMMARY:vakt",
        in_oslo("20270105T071500", "20270104T220000"),
        "DTSTART;TZID=Solvik/Sykehjem:20270104T220000\nDTEND;TZID=Solvik/Sykehjem:20270105T071500",
        in_oslo("20270104T220000", "20270105T071500", "RRULE:FREQ=SOMETIMES"),
    )

    assert [problem.partition(": ")[0] for problem in problems] == [
        "101.ics, line 8, field DTSTART",
        "101.ics, line 13, field DTSTART",
        "101.ics, line 17, field DTEND",
        "101.ics, line 22, field DTSTART",
        "101.ics, line 22, field DTEND",
        "101.ics, line 27, field RRULE",
    ]
    assert "write e.g. «DTSTART;TZID=Europe/Oslo:20270104T220000»" in problems[0]
    assert "«Solvik/Sykehjem», which is neither described in the file nor known" in problems[3]


def test_shifts_that_cannot_be_are_told_once_for_each_series() -> None:
    _, problems = read_ical(
        in_oslo("20270104T220000", "20270104T220000", "RRULE:FREQ=DAILY;COUNT=1"),
        in_oslo("20270104T080000", "20270108T160000"),
    )

    assert [problem.partition(": ")[0] for problem in problems] == [
        "101.ics, line 3, field DTEND",
        "101.ics, line 9, field DTEND",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "101.ics, line 1: holds no events (VEVENT)"),
        ("nummer;start;slutt\n", "101.ics, line 1: «nummer;start;slutt» is no line of an iCal file"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nwhat is this\nEND:VCALENDAR", "101.ics, line 3: «what is this» is no line"),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(text: str, says: str) -> None:
    file, problems = told(ical.read("101.ics", text.encode(), ZONE, AT))

    assert file is None
    assert problems[0].startswith(says)


def test_a_file_called_after_a_national_identity_number_is_refused() -> None:
    _, problems = read_ical(in_oslo("20270104T220000", "20270105T071500"), file=f"{SYNTHETIC_NUMBER}.ics")

    assert "a national identity number stands here" in problems[0]


def test_a_folder_without_rosters_is_told(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "les.txt").write_text("hei")

    with pytest.raises(DirectoryError, match=r"there is no \.csv or \.ics file in this folder"):
        find_files(folder)
    with pytest.raises(DirectoryError, match=r"is neither a \.csv nor an \.ics file"):
        find_files(folder / "les.txt")
