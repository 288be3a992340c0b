"""Rosters as they are kept: brought in once or again, replaced, deleted when they are over."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from bot.commands.roster import roster
from bot.directory.record import DirectoryError
from storage.log import entries_of
from storage.people import calendars
from storage.store import Store
from storage.tables import Person, RosteredDays, Shift
from tests.office import MakeOffice, Office, oslo
from tests.rosters import HEADER, days_of, import_file, import_roster, shifts_of
from tests.sample_people import ADA, GRACE, import_lines
from tests.schedules import STAFF

FIRST = ("101;2027-01-04 22:00;07:15", "101;2027-01-20 22:00;07:15")


def nights(*days: str) -> list[tuple[object, object]]:
    return [(oslo(f"{day} 22:00"), oslo(f"{day} 22:00") + timedelta(hours=9.25)) for day in days]


def kept(office: Office, number: str = "101") -> list[tuple[object, object]]:
    with office.reading() as session:
        return [*shifts_of(session, number)]


@pytest.fixture
def ward(make_office: MakeOffice) -> Office:
    return make_office(people=STAFF, flows=[])


def test_the_same_roster_again_changes_nothing(ward: Office) -> None:
    import_roster(ward, *FIRST)
    with ward.reading() as session:
        before = [(one.id, one.starts_at) for one in session.exec(select(Shift))]
        entries = len(entries_of(session))

    import_roster(ward, *FIRST)

    with ward.reading() as session:
        assert [(one.id, one.starts_at) for one in session.exec(select(Shift))] == before
        assert len(entries_of(session)) == entries
        assert days_of(session, "101") == [("2027-01-04", "2027-01-21")]


def test_a_new_roster_replaces_the_shifts_of_its_people_within_its_days(ward: Office) -> None:
    import_roster(ward, *FIRST, "103;2027-01-10 22:00;07:15")

    import_roster(ward, "101;2027-01-18 22:00;07:15", "104;2027-01-25 22:00;07:15")

    assert kept(ward) == nights("2027-01-04", "2027-01-18")  # the twentieth is gone
    assert kept(ward, "103") == nights("2027-01-10")
    assert kept(ward, "104") == nights("2027-01-25")


def test_the_next_roster_begins_on_the_morning_on_which_the_last_one_ends(ward: Office) -> None:
    import_roster(ward, "101;2027-01-31 22:00;07:15")
    import_roster(ward, "101;2027-02-01 22:00;07:15", "101;2027-02-28 22:00;07:15")

    import_roster(ward, "101;2027-01-31 22:00;07:15")

    assert kept(ward) == nights("2027-01-31", "2027-02-01", "2027-02-28")


def test_files_of_one_folder_stand_beside_each_other(ward: Office, tmp_path: Path) -> None:
    folder = tmp_path / "rosters"
    folder.mkdir()
    (folder / "a.csv").write_text(f"{HEADER}\n101;2027-01-04 22:00;07:15\n101;2027-01-20 22:00;07:15\n")
    (folder / "b.csv").write_text(f"{HEADER}\n101;2027-01-10 14:00;22:00\n")

    import_file(ward, folder)
    import_file(ward, folder)

    assert len(kept(ward)) == 3


def test_somebody_unknown_keeps_all_out_and_is_told_with_everything_else(ward: Office) -> None:
    with pytest.raises(DirectoryError) as refused:
        import_roster(ward, *FIRST, "999;2027-01-04 22:00;07:15", "101;2027-01-05 22:00;26:00")

    assert [str(problem).partition(";")[0] for problem in refused.value.problems] == [
        "vakter.csv, line 4, field number: «999» nobody who is active has this number",
        "vakter.csv, line 5, field ends: «26:00» has no time of day such as 22:00",
    ]
    assert kept(ward) == []


def test_shifts_that_are_over_are_deleted_that_night_and_days_when_all_are(ward: Office) -> None:
    import_roster(ward, *FIRST)

    ward.pass_time("2027-01-05 03:30")
    assert len(kept(ward)) == 2  # the first is not over yet
    ward.pass_time("2027-01-06 03:30")
    assert kept(ward) == nights("2027-01-20")

    ward.pass_time("2027-01-24 03:30")
    with ward.reading() as session:
        assert session.exec(select(Shift)).all() == []
        assert session.exec(select(RosteredDays)).all() == []


def test_what_is_over_is_not_taken_in_but_its_days_count(ward: Office) -> None:
    ward.pass_time("2027-01-10 12:00")

    import_roster(ward, *FIRST)

    assert kept(ward) == nights("2027-01-20")
    with ward.reading() as session:
        assert days_of(session, "101") == [("2027-01-04", "2027-01-21")]


def test_shifts_go_with_the_person(ward: Office) -> None:
    import_roster(ward, *FIRST)
    with ward.parts.store.writing() as session:
        session.delete(session.exec(select(Person).where(Person.number == "101")).one())

    with ward.reading() as session:
        assert session.exec(select(Shift)).all() == []
        assert session.exec(select(RosteredDays)).all() == []


def test_who_is_gone_has_no_roster_any_more(ward: Office) -> None:
    import_roster(ward, *FIRST, "103;2027-01-10 22:00;07:15")

    ward.import_people(STAFF[1:])  # without Ada

    assert kept(ward) == []
    with ward.reading() as session:
        assert days_of(session, "101") == []
        assert len(days_of(session, "103")) == 1


def test_an_import_of_people_overwrites_neither_shifts_nor_what_suits(ward: Office) -> None:
    import_roster(ward, *FIRST)
    with ward.parts.store.writing() as session:
        session.exec(select(Person).where(Person.number == "101")).one().suits = "mon-sun 17:00-22:00"

    ward.import_people(STAFF)

    with ward.reading() as session:
        calendar = calendars(session, [ward.id_of("Ada")], ward.at.date())[ward.id_of("Ada")]
    assert len(calendar.shifts) == 2
    assert str(calendar.suits) == "mon-sun 17:00-22:00"


# The command


def run_command(store: Store, *arguments: str) -> Result:
    url = store.url.render_as_string(hide_password=False)
    return CliRunner().invoke(roster, arguments, env={"MEDVIRK_DATABASE_URL": url})


def run_roster(store: Store, path: Path, *options: str) -> Result:
    return run_command(store, "import", str(path), *options)


def write_ical(folder: Path, *more: str) -> Path:
    """A night of each week, without an end: so it is near whatever day it is."""
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART;TZID=Europe/Oslo:20260105T220000",
        "DTEND;TZID=Europe/Oslo:20260106T071500",
        "RRULE:FREQ=WEEKLY",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    file = folder / "natt.ics"
    file.write_text("\n".join(lines))
    return file


def test_the_command_takes_a_roster_in_and_a_dry_run_takes_in_nothing(store: Store, tmp_path: Path) -> None:
    import_lines(store, ADA, GRACE)
    file = write_ical(tmp_path, "ATTENDEE:mailto:ada@solvik.example")

    dry, first, second = run_roster(store, file, "--dry-run"), run_roster(store, file), run_roster(store, file)

    assert (dry.exit_code, first.exit_code) == (0, 0)
    assert dry.stdout.startswith("Ada Berg (1), times in Europe/Oslo\n  the roster speaks about ")
    assert dry.stdout.endswith("This was a dry run: nothing was stored.\n")
    assert first.stdout.startswith("natt.ics: 1 person: ")
    assert second.stdout == "natt.ics: nothing has changed.\n"


def test_the_command_can_leave_out_those_who_are_not_known(store: Store, tmp_path: Path) -> None:
    import_lines(store, ADA, GRACE)
    file = write_ical(tmp_path, "ATTENDEE:mailto:ada@solvik.example", "ATTENDEE:mailto:vikar@byraa.example")

    refused, taken = run_roster(store, file), run_roster(store, file, "--skip-unknown")

    assert refused.exit_code == 1
    assert "1 problem in natt.ics; nothing was stored." in refused.stderr
    assert "«vikar@byraa.example» nobody who is active has this mail address" in refused.stderr
    assert taken.exit_code == 0
    assert taken.stderr == "Left out: shifts of 1 who are not in Medvirk.\n"
    assert taken.stdout.startswith("natt.ics: 1 person: ")


def test_the_command_forgets_the_roster_of_one_person(store: Store, tmp_path: Path) -> None:
    import_lines(store, ADA, GRACE)
    both = ("ATTENDEE:mailto:ada@solvik.example", "ATTENDEE:mailto:grace@solvik.example")
    run_roster(store, write_ical(tmp_path, *both))

    forgotten, nobody = run_command(store, "forget", "1"), run_command(store, "forget", "999")

    assert forgotten.stdout == "1 has no roster any more; own hours hold.\n"
    assert nobody.exit_code == 1
    with store.reading() as session:
        assert (shifts_of(session, "1"), days_of(session, "1")) == ([], [])
        assert len(shifts_of(session, "2")) > 20


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("101;2027-01-05 06:00;14:00", "line 3: «101» the shift from 2027-01-05 06:00 begins before that of line 2"),
        ("101;2027-01-06 07:00;2027-01-07 07:00", "more than 16 hours; correct the times"),
    ],
)
def test_shifts_that_nobody_can_work_are_refused_and_it_is_said_how_to_mend_them(
    ward: Office, second: str, says: str
) -> None:
    with pytest.raises(DirectoryError) as refused:
        import_roster(ward, "101;2027-01-04 22:00;07:15", second)

    assert says in str(refused.value)


def test_the_same_shift_twice_and_one_that_begins_where_another_ends_are_no_trouble(ward: Office) -> None:
    import_roster(ward, "101;2027-01-04 22:00;07:15", "101;2027-01-04 22:00;07:15", "101;2027-01-05 07:15;14:00")

    with ward.reading() as session:
        assert len(shifts_of(session, "101")) == 2


def test_a_roster_of_a_year_ago_is_told_since_its_year_is_most_often_wrong(store: Store, tmp_path: Path) -> None:
    import_lines(store, ADA)
    file = tmp_path / "vakter.csv"
    file.write_text("number;starts;ends\n1;2024-01-04 22:00;07:15\n", encoding="utf-8")

    result = run_roster(store, file)

    assert result.exit_code == 0
    assert result.stderr == (
        "vakter.csv: the last shift begins on 2024-01-04, more than a year ago; look at the year\n"
    )
