"""Where people come from the personnel system's file, Entra adds addresses in Teams and resource groups, and neither
takes away what the other says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.directory.difference import find_difference
from storage.directory.kept import load_organisation
from storage.store import Store
from storage.tables import Account, Person, Unit
from tests.graph_server import TENANT, Graph, run_graph
from tests.graph_ways import DEMENTIA, ENTRA, GROUPS_ALONE, active, belonging, give, in_teams, settings_of
from tests.sample_people import ADA, GRACE, MALLORY, MONDAY, find_person, import_lines, write_file

pytest.importorskip("msgraph", reason="Microsoft's library is not installed")


@pytest.fixture
def graph() -> Iterator[Graph]:
    """Ada is known by her number, Grace by mail alone, Mallory has no account; Jonas was never let in."""
    with run_graph() as made:
        ada = made.add(1, "Ada B.", mail="ada.b@solvik.example")
        grace = made.add(2, "G. Lie", mail="Grace@solvik.example", employeeId=None)
        jonas = made.add(77, "Jonas Dahl", mail="jonas@solvik.example")
        made.groups = {DEMENTIA: [ada, jonas, grace]}
        yield made


@pytest.fixture
def env(store: Store, graph: Graph, tmp_path: Path) -> dict[str, str]:
    import_lines(store, ADA, GRACE, MALLORY)
    return settings_of(store, graph, tmp_path, GROUPS_ALONE)


def test_people_are_found_by_number_or_mail_and_nobody_comes_in(
    store: Store, env: dict[str, str], graph: Graph
) -> None:
    del env["MEDVIRK_GRAPH_MAPPING"]

    result = give(env, "directory", "sync")

    assert result.exit_code == 0, result.output
    assert "Entra: people and units come from elsewhere." in result.stdout
    assert "2 people in Teams, 2 of them new or changed; 0 are there no more. 1 account are nobody's" in result.stdout
    assert "1 person has no account that was found." in result.stdout
    assert set(in_teams(store)) == {"Ada", "Grace"}
    assert in_teams(store)["Ada"].startswith(f"{TENANT}:")
    assert find_person(store, "1").name == "Ada Berg"
    assert find_person(store, "1").mail == "ada@solvik.example"
    assert "displayName" not in graph.asked_for("delta")[0]


def test_whose_mail_two_accounts_have_is_found_by_neither_unless_one_is_known_as_theirs(
    store: Store, env: dict[str, str], graph: Graph
) -> None:
    other = graph.add(99, "Mallory Dahl", mail="grace@solvik.example", employeeId=None)

    for options in (("--dry-run",), ()):
        told = give(env, "directory", "sync", *options)
        assert "Left out: 2 accounts with a mail that several accounts have" in told.stderr
    assert "Grace" not in in_teams(store)

    graph.change(other, mail=None)
    give(env, "directory", "sync")
    found = in_teams(store)
    assert "Grace" in found
    graph.change(other, mail="grace@solvik.example")
    give(env, "directory", "sync")
    assert in_teams(store) == found


def test_a_resource_group_has_the_members_that_entra_says(store: Store, env: dict[str, str]) -> None:
    result = give(env, "directory", "sync")

    assert "2 changed, 0 deactivated, 0 back; units: 1 new" in result.stdout
    group = {(name, kind) for name, unit, kind in belonging(store) if unit == "Ressursgruppe demens"}
    assert group == {("Ada", "group"), ("Grace", "group")}
    with store.reading() as session:
        assert session.exec(select(Unit.is_group).where(Unit.name == "Ressursgruppe demens")).one()


def test_the_next_import_leaves_groups_and_addresses_as_entra_said(
    store: Store, env: dict[str, str], tmp_path: Path
) -> None:
    give(env, "directory", "sync")
    file = write_file(tmp_path, ADA, GRACE, MALLORY)

    result = give(env, "people", "import", str(file), "--on", MONDAY.isoformat())

    assert "nothing has changed" in result.stdout, result.output
    assert set(in_teams(store)) == {"Ada", "Grace"}


def test_whoever_leaves_by_the_file_is_out_of_the_group_and_of_teams(
    store: Store, env: dict[str, str], tmp_path: Path
) -> None:
    give(env, "directory", "sync")
    file = write_file(tmp_path, ADA, MALLORY)
    give(env, "people", "import", str(file), "--on", MONDAY.isoformat(), "--yes")

    give(env, "directory", "sync", "--yes")

    assert active(store) == {"Ada", "Mallory"}
    assert set(in_teams(store)) == {"Ada"}
    assert {name for name, unit, _ in belonging(store) if unit == "Ressursgruppe demens"} == {"Ada"}


def test_whoever_comes_in_by_the_file_is_found_although_nothing_changed_in_entra(
    store: Store, env: dict[str, str], tmp_path: Path
) -> None:
    give(env, "directory", "sync")
    jonas = "77;Jonas Dahl;;nb;;;Solvik / NAV;home;Staten;;;"
    import_lines(store, ADA, GRACE, MALLORY, jonas)

    give(env, "directory", "sync")

    assert set(in_teams(store)) == {"Ada", "Grace", "Jonas"}


def test_closing_an_account_takes_the_address_and_not_the_person(
    store: Store, env: dict[str, str], graph: Graph
) -> None:
    give(env, "directory", "sync")
    graph.change(next(iter(graph.accounts)), accountEnabled=False)

    stopped = give(env, "directory", "sync")
    assert "1 of 2 people would be reached by Teams no more" in stopped.stderr

    give(env, "directory", "sync", "--yes")
    assert set(in_teams(store)) == {"Grace"}
    assert active(store) == {"Ada", "Grace", "Mallory"}


def test_an_erased_person_leaves_no_account_behind(store: Store, env: dict[str, str], tmp_path: Path) -> None:
    give(env, "directory", "sync")

    copy = tmp_path / "copy.json"
    assert give(env, "person", "export", "1", str(copy)).exit_code == 0
    assert "ada.b@solvik.example" in copy.read_text(encoding="utf-8")
    assert give(env, "person", "erase", "1", "--yes").exit_code == 0

    with store.reading() as session:
        assert "1" not in set(session.exec(select(Account.number)))


def test_where_people_come_from_entra_a_file_is_refused(
    store: Store, graph: Graph, env: dict[str, str], tmp_path: Path
) -> None:
    env = settings_of(store, graph, tmp_path, ENTRA)

    result = give(env, "people", "import", str(write_file(tmp_path, ADA)))

    assert result.exit_code == 1
    assert "medvirk directory sync lets them in" in result.stderr
    assert active(store) == {"Ada", "Grace", "Mallory"}


def test_what_is_kept_told_as_a_directory_tells_it_changes_nothing(store: Store) -> None:
    leave = GRACE.replace(";nb;;;", ";nn;man-fre 7-15;2027-02-22/2027-02-26;")
    import_lines(store, ADA, leave, MALLORY, "3;;;;;;Solvik / Gruppe;group;;;;gruppekoordinator")

    with store.reading() as session:
        assert find_difference(session, load_organisation(session), MONDAY).is_empty
        assert len(session.exec(select(Person)).all()) == 3
