"""Commands about rounds: the list, and giving one up."""

import pytest

from storage.runs import asked_since
from storage.tables.asking import RunState
from tests.commands import give_at
from tests.office import MakeOffice, Office, oslo
from tests.office_courses import ASKED, FLOWS, both_wards, bring, lines_of
from tests.rounds import STAFF, begun, flow


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return begun(make_office(flows=[flow("pulse"), flow("unused_competence")], people=STAFF))


def test_a_round_is_given_up_only_when_somebody_says_yes(office: Office) -> None:
    number = office.runs()[0].id

    refused = give_at(office, "run", "cancel", f"{number}", typed="n\n")
    assert (refused.exit_code, office.runs()[0].state) == (1, RunState.open)
    assert f"Run {number}: {office.runs()[0].flow} in Solvik, opened" in refused.stdout

    done = give_at(office, "run", "cancel", f"{number}", typed="y\n")

    assert (done.exit_code, office.runs()[0].state) == (0, RunState.cancelled)


def test_whom_a_round_has_reached_that_was_given_up_has_been_asked_all_the_same(office: Office) -> None:
    _, given_up = office.runs()
    give_at(office, "run", "cancel", f"{given_up.id}", "--yes")

    with office.reading() as session:
        asked = asked_since(session, oslo("2026-12-01 00:00"))

    assert len(asked[office.id_of("Ada")]) == 2


def test_the_list_is_newest_first_with_the_zone_of_its_times(office: Office) -> None:
    lines = give_at(office, "run", "list").stdout.splitlines()

    assert [int(line.split()[0]) for line in lines] == sorted((one.id or 0 for one in office.runs()), reverse=True)
    assert all("Europe/Oslo" in line for line in lines)


def test_the_list_names_the_course_that_a_round_follows(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, lines_of(both_wards()))
    office.pass_time(ASKED["course_reaction"])

    assert "course_reaction MED " in give_at(office, "run", "list").stdout
