"""The app installed in Teams for people: once each, slowly, gone on with after a break, and never marked wrongly."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import col, select

from storage.store import Store
from storage.tables import Address, Person
from tests.graph_server import BLOCKED, LACKS_ROLE, Graph, object_id, run_graph, too_many
from tests.graph_ways import give, settings_of
from tests.sample_people import ADA, GRACE, import_lines

pytest.importorskip("msgraph", reason="Microsoft's library is not installed")

Command = Callable[..., Result]


@pytest.fixture
def graph() -> Iterator[Graph]:
    with run_graph() as made:
        for number, name in ((1, "Ada"), (2, "Grace")):
            made.add(number, name)
        yield made


@pytest.fixture
def env(store: Store, graph: Graph, tmp_path: Path) -> dict[str, str]:
    import_lines(store, ADA, GRACE)
    made = settings_of(store, graph, tmp_path)
    assert give(made, "directory", "sync").exit_code == 0
    return made


@pytest.fixture
def command(env: dict[str, str]) -> Command:
    return lambda *options: give(env, "teams", "install", *options)


def marked(store: Store) -> dict[str, str]:
    """First name -> why Teams does not reach them."""
    with store.reading() as session:
        query = select(Person.name, Address.unreachable_because).join(Address)
        rows = session.exec(query.where(Address.channel == "teams", col(Address.unreachable_because).is_not(None)))
        return {name.split()[0]: why or "" for name, why in rows}


def test_it_is_installed_once_for_each_and_the_next_time_nobody_is_asked_about(command: Command, graph: Graph) -> None:
    first = command()
    graph.asked.clear()
    second = command()

    assert "Installed for 2 people; 0 had it already." in first.stdout, first.output
    assert graph.installed == {object_id(1), object_id(2)}
    assert "Installed for 0 people" in second.stdout
    assert graph.asked == []


def test_whoever_has_it_already_is_left_as_they_are(store: Store, command: Command, graph: Graph) -> None:
    graph.installed.add(object_id(1))

    result = command()

    assert "Installed for 1 person; 1 had it already." in result.stdout
    assert marked(store) == {}


def test_one_whom_a_policy_keeps_out_is_marked_and_later_freed(store: Store, command: Command, graph: Graph) -> None:
    graph.plan(object_id(1), BLOCKED)

    assert "1 were refused" in command().stdout
    assert marked(store) == {"Ada": "Teams does not let the app be installed for the person"}

    assert "Installed for 1 person" in command().stdout
    assert marked(store) == {}


def test_a_mark_outlives_the_next_reading_of_entra(
    store: Store, env: dict[str, str], command: Command, graph: Graph
) -> None:
    graph.plan(object_id(1), BLOCKED)
    command()

    give(env, "directory", "sync")

    assert set(marked(store)) == {"Ada"}


def test_one_without_teams_is_marked(store: Store, command: Command, graph: Graph) -> None:
    graph.remove(object_id(2))

    assert "1 have no account with Teams" in command().stdout
    assert marked(store) == {"Grace": "has no account with Teams"}


def test_where_everybody_is_refused_nobody_is_marked(store: Store, command: Command, graph: Graph) -> None:
    graph.plan("installedApps", BLOCKED, BLOCKED)

    result = command()

    assert result.exit_code == 1
    assert "Teams refused all 2" in result.stderr
    assert marked(store) == {}


def test_a_permission_that_is_lacking_stops_it_and_marks_nobody(store: Store, command: Command, graph: Graph) -> None:
    graph.plan("installedApps", LACKS_ROLE)

    result = command()

    assert result.exit_code == 1
    assert "grant it TeamsAppInstallation.ReadWriteSelfForUser.All" in result.stderr
    assert marked(store) == {}


def test_it_waits_where_teams_asks_to_and_goes_on_after_a_break(command: Command, graph: Graph) -> None:
    graph.plan(object_id(1), too_many(1))
    graph.break_after(object_id(2), 0)

    broken = command()

    assert "cannot be reached" in broken.stderr
    assert "give the command again to go on from there" in broken.stderr
    assert graph.installed == {object_id(1)}
    assert "Installed for 1 person; 0 had it already." in command().stdout


def test_a_dry_run_installs_nothing(command: Command, graph: Graph) -> None:
    assert "It would be installed for 2 people." in command("--dry-run").stdout
    assert graph.installed == set()


def test_without_the_apps_id_it_says_where_that_stands(env: dict[str, str]) -> None:
    result = give({**env, "MEDVIRK_GRAPH_TEAMS_APP": ""}, "teams", "install")

    assert "MEDVIRK_GRAPH_TEAMS_APP: write the id" in result.stderr
