"""Commands about flows: what stands in the list, and what a check says."""

from pathlib import Path

import pytest

from flows.loading import DEFINITIONS
from tests.commands import give, give_at
from tests.office import WARD, MakeOffice, Office

PULSE = (DEFINITIONS / "pulse.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(flows=[])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A flow of one's own, like the pulse."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder / "ours.yaml"


def line_with(content: str, text: str) -> int:
    return next(number for number, line in enumerate(content.splitlines(), start=1) if text in line)


def test_the_list_says_of_each_flow_how_it_is_kept_and_when_it_opens(own: Path) -> None:
    own.write_text(PULSE, encoding="utf-8")

    lines = give("flow", "list", MEDVIRK_FLOWS_DIR=str(own.parent)).stdout.splitlines()

    told = {line.split()[0]: " ".join(line.split()[1:]) for line in lines}
    assert told["ours"] == "anonymous 0 9 * * mon#2 Pulsen"
    assert told["course_use"].startswith("confidential 30 days after a course ")
    assert len(told) == 8


def test_what_answers_cannot_become_is_told_with_file_and_line_whichever_way_it_is_checked(own: Path) -> None:
    content = PULSE.replace("kind: indicators", "kind: themes")
    own.write_text(content, encoding="utf-8")

    alone = give("flow", "check", str(own))
    among_all = give("flow", "check", MEDVIRK_FLOWS_DIR=str(own.parent))

    place = f"own/ours.yaml, line {line_with(content, 'kind: themes')}: outcome, kind: themes serves flows that are"
    for result in (alone, among_all):
        assert result.exit_code == 1
        assert (
            f"{place} contribution; this one is anonymous, whose answers become indicators or reactions"
            in result.stderr
        )


def test_a_role_that_the_outcome_does_not_know_is_told_with_the_nearest(own: Path) -> None:
    content = (
        (DEFINITIONS / "unused_competence.yaml").read_text(encoding="utf-8").replace("tasks: tasks", "task: tasks")
    )
    own.write_text(content, encoding="utf-8")

    result = give("flow", "check", str(own))

    place = f"own/ours.yaml, line {line_with(content, 'task: tasks')}: outcome, fields, task: "
    assert f"{place}competences knows no 'task'; did you mean 'tasks'?" in result.stderr


def test_a_flow_of_ones_own_may_not_have_the_name_of_one_that_comes_with_medvirk(own: Path) -> None:
    named_alike = own.with_name("pulse.yaml")
    named_alike.write_text(PULSE, encoding="utf-8")

    for result in (give("flow", "check", str(named_alike)), give("flow", "check", MEDVIRK_FLOWS_DIR=str(own.parent))):
        assert result.exit_code == 1
        assert "own/pulse.yaml: a flow of the name pulse comes with Medvirk" in result.stderr


@pytest.mark.parametrize(
    ("named", "remedy"),
    [
        ("Avdeling 1", f"write its whole path, '{WARD}'"),
        (WARD.replace("Solvik", "Sovlik"), f"did you mean '{WARD}'?"),
        ("Noe helt annet", "write a path as medvirk people import --dry-run shows it"),
    ],
)
def test_a_unit_that_is_not_there_is_told_with_the_right_one(
    office: Office, own: Path, named: str, remedy: str
) -> None:
    content = PULSE.replace("units: top", f'units: ["{named}"]')
    own.write_text(content, encoding="utf-8")

    result = give_at(office, "flow", "check", str(own))

    line = line_with(content, "units:")
    assert f"own/ours.yaml, line {line}: audience, units: there is no unit '{named}'; {remedy}" in result.stderr


def test_where_nobody_has_been_imported_units_are_said_to_be_unchecked(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.parent)
    own.write_text(PULSE.replace("units: top", 'units: ["Solvik"]'), encoding="utf-8")

    result = give("flow", "check", str(own))

    assert result.stdout.startswith("1 flow, nothing to mend. Whether the units exist is unchecked")
