"""Recorded discussions (drøfting): whose people a record covers, from when, and how it is kept."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from bot.commands.discussion import discussion
from storage.discussions import discussions_of, record_discussion, units_discussed
from storage.log import entries_of
from storage.store import Store
from storage.tables import Unit
from tests.office import MALLORY, OTHER_WARD, WARD, MakeOffice, Office, crowd, line

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
PEOPLE = (*crowd(100, WARD, "Ada"), *crowd(200, OTHER_WARD, "Bente"), line(1, "Sverre Dalhaug", "Solvik"), MALLORY)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(flows=[], people=PEOPLE)


def unit_of(session: Session, path: str) -> int:
    return session.exec(select(Unit.id).where(Unit.path == path)).one() or 0


def record(office: Office, path: str = "Solvik", employer: str = "Solvik", **changes: object) -> None:
    with office.parts.store.writing() as session:
        given: dict[str, object] = {
            "flow": "pulse",
            "needed": True,
            "held_on": date(2027, 1, 10),
            "invited": "Fagforbundet, NSF",
            "views": "NSF er uenig om hyppigheten.",
            "decision": "Tas i bruk fra februar.",
            "recorded_by": "Ragnhild (oppdiktet)",
        }
        unit_id = unit_of(session, path)
        record_discussion(session, unit_id=unit_id, employer=employer, at=AT, **(given | changes))  # type: ignore[arg-type]


def covered(office: Office, on: date = date(2027, 1, 10), flow: str = "pulse") -> set[tuple[str, str]]:
    """(path, employer) for which the flow has been discussed."""
    with office.reading() as session:
        paths = {one.id: one.path for one in session.exec(select(Unit))}
        return {(paths[unit_id], employer) for unit_id, employer in units_discussed(session, flow, on)}


def test_a_record_covers_its_unit_and_all_below_it_for_its_employer_alone(office: Office) -> None:
    record(office)

    assert covered(office) == {(path, "Solvik") for path in ("Solvik", WARD, OTHER_WARD, "Solvik / NAV")}


def test_a_record_covers_neither_the_unit_above_nor_the_one_beside(office: Office) -> None:
    record(office, WARD)

    assert covered(office) == {(WARD, "Solvik")}


def test_each_employer_has_a_record_of_its_own(office: Office) -> None:
    record(office, "Solvik / NAV", "Staten")

    assert covered(office) == {("Solvik / NAV", "Staten")}


def test_a_record_counts_from_the_day_it_was_held(office: Office) -> None:
    record(office)

    assert covered(office, on=date(2027, 1, 9)) == set()
    assert covered(office, on=date(2028, 1, 9)) != set()


def test_a_record_is_about_one_flow(office: Office) -> None:
    record(office)

    assert covered(office, flow="unused_competence") == set()


def test_the_choice_that_none_is_needed_counts_as_a_record(office: Office) -> None:
    record(office, needed=False, decision="Gjelder fag, ikke personer.")

    assert (WARD, "Solvik") in covered(office)


def test_a_new_unit_below_is_covered_too(office: Office) -> None:
    record(office)

    office.import_people([*PEOPLE, *crowd(300, f"{WARD} / Team blå", "Cecilie")])

    assert (f"{WARD} / Team blå", "Solvik") in covered(office)


def test_records_are_listed_oldest_first_with_what_was_said(office: Office) -> None:
    record(office, held_on=date(2027, 2, 1))
    record(office, held_on=date(2027, 1, 10))
    record(office, flow="unused_competence")

    with office.reading() as session:
        listed = discussions_of(session, "pulse")
        everything = discussions_of(session)

    assert [one.held_on for one in listed] == [date(2027, 1, 10), date(2027, 2, 1)]
    assert listed[0].views == "NSF er uenig om hyppigheten."
    assert len(everything) == 3


# The command


def run(store: Store, folder: Path, *arguments: str) -> Result:
    env = {
        "MEDVIRK_DATABASE_URL": store.url.render_as_string(hide_password=False),
        "MEDVIRK_KEYS_DIR": str(folder / "keys"),
    }
    return CliRunner().invoke(discussion, arguments, env=env)


def record_by_command(store: Store, folder: Path, *, flow: str = "pulse", unit: str = "Solvik") -> Result:
    said = ("--invited", "Fagforbundet", "--decision", "Tas i bruk", "--by", "Ragnhild", "--held-on", "2026-01-10")
    return run(store, folder, "record", flow, "--employer", "Solvik", "--unit", unit, *said)


def test_the_command_records_logs_and_lists(office: Office, store: Store, tmp_path: Path) -> None:
    recorded = record_by_command(store, tmp_path)
    listed = run(store, tmp_path, "list")

    assert recorded.exit_code == 0, recorded.output
    assert (WARD, "Solvik") in covered(office)
    assert "2026-01-10" in listed.output
    assert "Tas i bruk" in listed.output
    with office.reading() as session:
        assert "discussion recorded" in [one.action for one in entries_of(session)]


@pytest.mark.parametrize(
    ("flow", "unit", "says"),
    [("puls", "Solvik", "There is no flow 'puls'"), ("pulse", "Solvik/Avdeling 1", "There is no unit")],
)
def test_the_command_says_what_to_mend_and_records_nothing(
    office: Office, store: Store, tmp_path: Path, flow: str, unit: str, says: str
) -> None:
    result = record_by_command(store, tmp_path, flow=flow, unit=unit)

    assert result.exit_code == 1
    assert says in result.output
    assert covered(office) == set()
