"""What goes wrong between us and Entra: a busy Graph, a break in the middle, changes that are no longer known, what the
app may not do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select

from storage.store import Store
from storage.tables import DirectoryCursor
from tests.graph_server import (
    EXPIRED,
    HANGS_UP,
    LACKS_PERMISSION,
    LACKS_ROLE,
    Graph,
    Instead,
    object_id,
    run_graph,
    too_many,
)
from tests.graph_ways import COORDINATORS, DEMENTIA, ENTRA, OFFICE, WARD, active, give, roles, settings_of

pytest.importorskip("msgraph", reason="Microsoft's library is not installed")

Command = Callable[..., Result]


@pytest.fixture
def graph() -> Iterator[Graph]:
    """Ten people in a ward, two to a page."""
    with run_graph() as made:
        people = [made.add(number, f"Ada{number} Berg") for number in range(1, 11)]
        made.groups = {WARD: people, OFFICE: [], DEMENTIA: [], COORDINATORS: []}
        yield made


@pytest.fixture
def env(store: Store, graph: Graph, tmp_path: Path) -> dict[str, str]:
    return settings_of(store, graph, tmp_path, ENTRA)


@pytest.fixture
def command(env: dict[str, str]) -> Command:
    return lambda *options: give(env, "directory", "sync", *options)


def test_where_graph_asks_to_wait_it_is_waited_and_all_come(store: Store, command: Command, graph: Graph) -> None:
    graph.plan("delta", too_many(1), too_many(1))
    graph.plan("transitiveMembers", too_many(1))

    assert command().exit_code == 0
    assert len(active(store)) == 10


def test_a_reading_that_breaks_off_is_gone_on_with(store: Store, command: Command, graph: Graph) -> None:
    graph.break_after("delta", 3)

    broken = command()

    assert broken.exit_code == 1
    assert "Microsoft Graph cannot be reached" in broken.stderr
    assert "What was read is kept; give the command again to go on from there." in broken.stderr
    assert active(store) == set()
    graph.asked.clear()
    assert command().exit_code == 0
    assert len(active(store)) == 10
    assert len(graph.asked_for("/delta")) == 2  # of five pages, three were read before


def test_changes_that_are_no_longer_known_are_found_by_reading_all(
    store: Store, command: Command, graph: Graph
) -> None:
    command()
    graph.remove(object_id(1))
    graph.plan("delta", EXPIRED)

    result = command()

    assert result.exit_code == 0, result.output
    assert "1 deactivated" in result.stdout
    assert len(active(store)) == 9
    assert "$select" in graph.asked_for("/delta")[-5].replace("%24", "$")


def test_a_page_that_is_no_longer_known_in_the_middle_begins_the_reading_again(
    store: Store, command: Command, graph: Graph
) -> None:
    graph.break_after("delta", 2)
    command()
    graph.plan("delta", Instead(400, "Directory_ExpiredPageToken"))

    assert command().exit_code == 0
    assert len(active(store)) == 10


def test_everything_is_read_where_somebody_asks_for_it_or_the_mapping_asks_for_more(
    store: Store, env: dict[str, str], command: Command, graph: Graph, tmp_path: Path
) -> None:
    command()
    graph.asked.clear()
    command("--whole")
    assert len(graph.asked_for("/delta")) == 5
    graph.asked.clear()
    (tmp_path / "entra.yaml").write_text(f"number: object_id\n{ENTRA}", encoding="utf-8")
    command("--dry-run")
    assert len(graph.asked_for("/delta")) == 5


@pytest.mark.parametrize("refusal", [LACKS_PERMISSION, LACKS_ROLE])
@pytest.mark.parametrize(
    ("part", "permission"), [("delta", "User.Read.All"), ("transitiveMembers", "GroupMember.Read.All")]
)
def test_a_permission_that_is_lacking_is_named(
    store: Store, command: Command, graph: Graph, refusal: Instead, part: str, permission: str
) -> None:
    graph.plan(part, *[refusal] * 8)

    result = command()

    assert result.exit_code == 1
    assert f"grant it {permission}, with admin consent" in result.stderr
    assert active(store) == set()


def test_a_wrong_secret_is_told_of_in_words(env: dict[str, str], store: Store) -> None:
    result = give({**env, "MEDVIRK_GRAPH_CLIENT_SECRET": "another"}, "directory", "sync")

    assert result.exit_code == 1
    assert "the secret is wrong; write its value, not its id (AADSTS7000215)" in result.stderr
    assert "another" not in result.stderr


def test_a_group_that_is_not_there_is_named_with_its_place(command: Command, graph: Graph) -> None:
    del graph.groups[OFFICE]

    result = command()

    assert f"Entra has no group {OFFICE} (Solvik kommune / NAV); mend the mapping file" in result.stderr


def test_a_link_that_leads_elsewhere_gets_no_token(command: Command, graph: Graph) -> None:
    graph.leads_to = "http://127.0.0.1:9/v1.0"

    result = command()

    assert "A page leads to 127.0.0.1:9, which is not MEDVIRK_GRAPH_URL" in result.stderr


def test_who_manages_whom_in_a_circle_leads_nobody(store: Store, command: Command, graph: Graph) -> None:
    graph.change(object_id(1), manager=object_id(2))
    graph.change(object_id(2), manager=object_id(1))
    graph.change(object_id(3), manager=object_id(3))

    result = command()

    assert result.exit_code == 0, result.output
    assert "No leader above them" in result.stderr
    assert "Solvik kommune / Sykehjem / Avdeling 2: 10 people" in result.stderr


def test_a_new_manager_is_told_alone_and_taken(store: Store, command: Command, graph: Graph) -> None:
    for number in range(2, 11):
        graph.change(object_id(number), manager=object_id(1))
    command()
    assert roles(store) == {("Ada1", "Avdeling 2", "leader")}
    graph.tells_managers_alone = True
    for number in (1, *range(3, 11)):
        graph.change(object_id(number), manager=object_id(2))
    graph.change(object_id(2), manager=None)

    command()

    assert roles(store) == {("Ada2", "Avdeling 2", "leader")}


def test_two_readings_at_once_do_not_mix(store: Store, command: Command, graph: Graph) -> None:
    command()
    with store.reading() as session:
        before = session.exec(select(DirectoryCursor)).one()

    def meanwhile() -> None:
        with store.writing() as session:
            session.merge(DirectoryCursor(**{**before.model_dump(), "link": "another"}))

    graph.before_answer = meanwhile

    result = command()

    assert result.exit_code == 1
    assert "Somebody else reads Entra just now" in result.stderr


def test_no_answer_at_all_is_told_of_in_words(command: Command, graph: Graph) -> None:
    graph.plan("transitiveMembers", *[Instead(HANGS_UP)] * 4)

    assert "Microsoft Graph cannot be reached" in command().stderr
