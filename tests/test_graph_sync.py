"""People, units, leaders and groups from Entra: what a reading makes of them, and what the next one changes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select

from storage import log
from storage.store import Store
from storage.tables import Account, Address, Membership, Person
from tests.graph_server import SECRET, TENANT, Graph, Instead, run_graph
from tests.graph_ways import (
    COORDINATORS,
    DEMENTIA,
    ENTRA,
    EVERYBODY,
    OFFICE,
    WARD,
    active,
    belonging,
    give,
    in_teams,
    roles,
    settings_of,
)

pytest.importorskip("msgraph", reason="Microsoft's library is not installed")

Command = Callable[..., Result]


@pytest.fixture
def graph() -> Iterator[Graph]:
    """Ada and Eirik work in the ward and Grace manages them; Jonas is in the office, and Siv manages Grace and him."""
    with run_graph() as made:
        siv = made.add(4, "Siv Moen", mail="siv@solvik.example")
        grace = made.add(2, "Grace Lie", mail="grace@solvik.example", manager=siv)
        ada = made.add(1, "Ada Berg", mail="Ada@Solvik.example", manager=grace)
        eirik = made.add(5, "Eirik Vik", manager=grace)
        jonas = made.add(3, "Jonas Dahl", mail="jonas@solvik.example", manager=siv)
        made.groups = {WARD: [ada, grace, eirik], OFFICE: [jonas, siv], DEMENTIA: [WARD], COORDINATORS: [ada]}
        yield made


@pytest.fixture
def command(store: Store, graph: Graph, tmp_path: Path) -> Command:
    env = settings_of(store, graph, tmp_path, ENTRA)
    return lambda *options: give(env, "directory", "sync", *options)


def one(graph: Graph, name: str) -> str:
    return next(key for key, account in graph.accounts.items() if account["displayName"].startswith(name))


def test_people_units_leaders_and_groups_come_from_entra(store: Store, command: Command) -> None:
    result = command()

    assert result.exit_code == 0, result.output
    assert "people: 5 new, 0 changed" in result.stdout
    assert "5 people in Teams, 5 of them new or changed" in result.stdout
    assert active(store) == {"Ada", "Grace", "Eirik", "Jonas", "Siv"}
    assert belonging(store) == {
        *((name, "Avdeling 2", "home") for name in ("Ada", "Grace", "Eirik")),
        *((name, "NAV", "home") for name in ("Jonas", "Siv")),
        *((name, "Ressursgruppe demens", "group") for name in ("Ada", "Grace", "Eirik")),
    }
    assert roles(store) == {
        ("Grace", "Avdeling 2", "leader"),
        ("Siv", "Sykehjem", "leader"),
        ("Siv", "NAV", "leader"),
        ("Ada", "Ressursgruppe demens", "group_coordinator"),
    }
    with store.reading() as session:
        employers = set(session.exec(select(Membership.employer).where(Membership.kind == "home")))
        ada = session.exec(select(Person).where(Person.number == "1")).one()
        assert (ada.mail, ada.mobile, ada.language) == ("ada@solvik.example", None, "nb")
    assert employers == {"Solvik kommune", "Staten"}


def test_each_is_reached_in_teams_by_tenant_and_object(store: Store, command: Command, graph: Graph) -> None:
    command()

    assert in_teams(store)["Ada"] == f"{TENANT}:{one(graph, 'Ada')}"
    with store.reading() as session:
        assert set(session.exec(select(Address.workspace).where(Address.channel == "teams"))) == {TENANT}


def test_the_next_reading_asks_only_for_what_has_changed(store: Store, command: Command, graph: Graph) -> None:
    command()
    graph.asked.clear()
    graph.change(one(graph, "Ada"), displayName="Ada Berg Haile")

    result = command()

    assert "people: 0 new, 1 changed, 0 deactivated" in result.stdout
    assert len(graph.asked_for("/users/")) == 1
    assert "deltatoken" in graph.asked_for("/users/")[0]


def test_a_reading_in_which_nothing_has_changed_says_so(command: Command) -> None:
    command()

    result = command()

    assert "Entra: nothing has changed." in result.stdout
    assert "5 people in Teams, 0 of them new or changed" in result.stdout


def test_whoever_is_removed_closed_or_made_a_guest_is_deactivated(store: Store, command: Command, graph: Graph) -> None:
    command()
    graph.remove(one(graph, "Jonas"))
    graph.change(one(graph, "Eirik"), accountEnabled=False)
    graph.change(one(graph, "Ada"), userType="Guest")

    result = command("--yes")

    assert "3 deactivated" in result.stdout
    assert active(store) == {"Grace", "Siv"}
    assert set(in_teams(store)) == {"Grace", "Siv"}


def test_whoever_comes_back_is_the_same_person_with_the_same_manager(
    store: Store, command: Command, graph: Graph
) -> None:
    command()
    graph.change(one(graph, "Ada"), accountEnabled=False)
    graph.change(one(graph, "Eirik"), accountEnabled=False)
    command("--yes")
    assert ("Grace", "Avdeling 2", "leader") not in roles(store)
    graph.change(one(graph, "Ada"), accountEnabled=True)

    result = command()

    assert "1 back" in result.stdout
    assert ("Grace", "Avdeling 2", "leader") in roles(store)


def test_who_gets_and_who_loses_a_role_is_said_and_logged(store: Store, command: Command, graph: Graph) -> None:
    command()
    for name in ("Ada", "Eirik"):
        graph.change(one(graph, name), manager=one(graph, "Siv"))
    graph.groups[COORDINATORS] = []

    dry, real = command("--dry-run", "--whole"), command("--whole")

    told = (
        "Roles taken: 3\n"
        "  group coordinator of Solvik kommune / Ressursgruppe demens: Ada Berg (1)\n"
        "  leader of Solvik kommune / Sykehjem: Siv Moen (4)\n"
        "  leader of Solvik kommune / Sykehjem / Avdeling 2: Grace Lie (2)\n"
        "Roles given: 1\n"
        "  leader of Solvik kommune / Sykehjem / Avdeling 2: Siv Moen (4)\n"
    )
    assert (told in dry.stdout, told in real.stdout) == (True, True)
    with store.reading() as session:
        logged = [(entry.action, entry.object.split()[0]) for entry in log.entries_of(session)][-4:]
        ada, grace, siv = (session.exec(select(Person.id).where(Person.number == one)).one() for one in "124")
    assert sorted(logged) == [
        ("role given: leader", f"person:{siv}"),
        ("role taken: group_coordinator", f"person:{ada}"),
        *sorted(("role taken: leader", f"person:{one}") for one in (grace, siv)),
    ]


def test_more_than_a_tenth_stops_and_says_how_to_go_on(store: Store, command: Command, graph: Graph) -> None:
    command()
    graph.groups[OFFICE].remove(one(graph, "Jonas"))

    stopped = command()
    assert stopped.exit_code == 1
    assert "Entra would deactivate 1 of 5 people, more than a tenth" in stopped.stderr
    assert "give it again with --yes" in stopped.stderr
    assert len(active(store)) == 5

    assert command("--yes").exit_code == 0
    assert "Jonas" not in active(store)


def test_a_dry_run_says_who_and_stores_nothing_not_even_what_was_read(
    store: Store, command: Command, graph: Graph
) -> None:
    result = command("--dry-run")

    assert "  Ada Berg (1)\n" in result.stdout
    assert "5 people in Teams, 5 of them new or changed" in result.stdout
    assert result.stdout.endswith("This was a dry run: nothing was stored.\n")
    with store.reading() as session:
        assert session.exec(select(Account)).all() == []
        assert session.exec(select(Person)).all() == []
    command()
    graph.asked.clear()
    graph.remove(one(graph, "Jonas"))
    assert "Deactivated (kept, and asked nothing): 1\n  Jonas Dahl (3)\n" in command("--dry-run").stdout
    assert len(active(store)) == 5
    assert "1 deactivated" in command("--yes").stdout  # the real reading is told the same change again


def test_a_group_within_a_group_counts_and_is_nobody(store: Store, command: Command, graph: Graph) -> None:
    graph.groups[DEMENTIA] = [one(graph, "Jonas"), WARD, DEMENTIA]

    command()

    members = {name for name, unit, _ in belonging(store) if unit == "Ressursgruppe demens"}
    assert members == {"Ada", "Grace", "Eirik", "Jonas"}


def test_guests_and_closed_accounts_do_not_come_in(store: Store, command: Command, graph: Graph) -> None:
    graph.groups[WARD] += [graph.add(7, "Gjest Extern", userType="Guest"), graph.add(8, "Stengt", accountEnabled=False)]

    command()

    assert len(active(store)) == 5


def test_those_who_cannot_come_in_are_counted_with_the_reason(store: Store, command: Command, graph: Graph) -> None:
    without = graph.add(7, "Uten Nummer", employeeId=None)
    national = graph.add(8, "Med Fødselsnummer", employeeId="01017000027")
    graph.groups[WARD] += [without, national]
    graph.add(9, "Uten Enhet")

    result = command()

    assert len(active(store)) == 5
    assert "Left out: 2 accounts without the number" in result.stderr
    assert "Left out: 1 account in no unit of the mapping file" in result.stderr
    assert "1 account had a national identity number in employee_id; it was not kept" in result.stderr
    with store.reading() as session:
        assert "01017000027" not in set(session.exec(select(Account.number)))


def test_of_two_accounts_of_one_person_that_with_mail_counts(store: Store, command: Command, graph: Graph) -> None:
    graph.groups[WARD].append(graph.add(11, "Ada Berg (admin)", employeeId="1"))

    command()

    assert in_teams(store)["Ada"].endswith(one(graph, "Ada Berg"))
    assert active(store) == {"Ada", "Grace", "Eirik", "Jonas", "Siv"}


def test_another_account_with_adas_number_neither_becomes_ada_nor_takes_her_away(
    store: Store, command: Command, graph: Graph
) -> None:
    command()
    before = in_teams(store), roles(store), belonging(store)
    graph.groups[WARD].append(graph.add(99, "Mallory Dahl", employeeId="1", mail="mallory@solvik.example"))

    result = command()

    assert result.exit_code == 0, result.output
    assert (in_teams(store), roles(store), belonging(store)) == before
    assert active(store) == {"Ada", "Grace", "Eirik", "Jonas", "Siv"}


def test_whose_number_two_unknown_accounts_have_stays_as_they_were_and_it_is_told(
    store: Store, command: Command, graph: Graph
) -> None:
    command()
    before = roles(store), belonging(store)
    graph.remove(one(graph, "Ada"))
    for number in (98, 99):
        new = graph.add(number, "Ada B.", employeeId="1", mail=f"{number}@solvik.example")
        graph.groups[WARD].append(new)

    for options in (("--dry-run",), ("--yes",)):
        told = command(*options)
        assert "Left out: 2 accounts with a number that several accounts have" in told.stderr
        assert "1 person stays as it was, since several accounts have the number" in told.stderr
        assert "Deactivated" not in told.stdout

    assert "Ada" in active(store)
    assert "Ada" not in in_teams(store)
    assert (roles(store), belonging(store)) == before


def test_adas_mail_on_another_account_stays_adas(store: Store, command: Command, graph: Graph) -> None:
    command()
    graph.groups[WARD].append(graph.add(0, "Mallory Dahl", employeeId="66", mail="ada@solvik.example"))

    result = command()

    assert "1 person has a mail that several accounts have, so it is not used for them" in result.stderr
    with store.reading() as session:
        mails = dict(session.exec(select(Person.number, Person.mail)).all())
    assert (mails["1"], mails["66"]) == ("ada@solvik.example", None)


def test_an_account_of_another_organisation_does_not_come_in_although_it_is_called_a_member(
    store: Store, command: Command, graph: Graph
) -> None:
    outside = graph.add(66, "Mallory Dahl", userPrincipalName="mallory_other.example#EXT#@solvik.example")
    graph.groups[WARD].append(outside)
    graph.groups[COORDINATORS].append(outside)

    command()

    assert "Mallory" not in active(store)


def test_what_entra_does_not_know_stays_as_it_was(store: Store, command: Command, graph: Graph) -> None:
    command()
    with store.writing() as session:
        ada = session.exec(select(Person).where(Person.number == "1")).one()
        ada.hours, ada.mobile, ada.preferred, ada.language = "mon-fri 07:00-15:00", "+4740000000", "sms", "nn"
        home = session.exec(select(Membership).where(Membership.person_id == ada.id, Membership.kind == "home")).one()
        home.employer = "Solvik eiendom"
    graph.change(one(graph, "Ada"), displayName="Ada Haile")

    command()

    with store.reading() as session:
        ada = session.exec(select(Person).where(Person.number == "1")).one()
        assert ada.name == "Ada Haile"
        assert (ada.hours, ada.mobile, ada.preferred, ada.language) == (
            "mon-fri 07:00-15:00", "+4740000000", "sms", "nn"
        )  # fmt: skip
        employers = session.exec(select(Membership.employer).where(Membership.person_id == ada.id)).all()
        assert "Solvik eiendom" in employers


def test_erasing_somebody_who_is_no_longer_let_in_takes_the_account_too(
    store: Store, graph: Graph, tmp_path: Path
) -> None:
    env = settings_of(store, graph, tmp_path, ENTRA)
    give(env, "directory", "sync")
    graph.groups[OFFICE].remove(one(graph, "Jonas"))
    give(env, "directory", "sync", "--yes")

    give(env, "person", "erase", "3", "--yes")

    with store.reading() as session:
        assert "3" not in set(session.exec(select(Account.number)))


def test_only_those_in_a_group_are_let_in_and_nothing_of_others_is_kept(
    store: Store, graph: Graph, tmp_path: Path
) -> None:
    pupil = graph.add(20, "Elev Elevsen")
    graph.groups[WARD].append(pupil)
    graph.groups[EVERYBODY] = [each for each in graph.accounts if each != pupil]
    env = settings_of(store, graph, tmp_path, ENTRA.replace("units:", f"only: [{EVERYBODY}]\nunits:"))

    give(env, "directory", "sync")

    assert len(active(store)) == 5
    with store.reading() as session:
        assert len(session.exec(select(Account)).all()) == 5
    graph.groups[EVERYBODY].append(pupil)  # nothing changes in the account itself
    assert give(env, "directory", "sync").exit_code == 0
    assert "Elev" in active(store)
    graph.groups[EVERYBODY].remove(pupil)
    give(env, "directory", "sync", "--yes")
    assert "Elev" not in active(store)
    with store.reading() as session:
        assert len(session.exec(select(Account)).all()) == 5


def test_a_department_is_a_unit_where_the_mapping_says_so(store: Store, graph: Graph, tmp_path: Path) -> None:
    graph.add(30, "Turid Aas", department="Renhold")
    mapping = ENTRA.replace(
        "resource_groups:", "  - department: renhold\n    path: Solvik kommune / Renhold\nresource_groups:"
    )

    give(settings_of(store, graph, tmp_path, mapping), "directory", "sync")

    assert ("Turid", "Renhold", "home") in belonging(store)


def test_no_more_is_asked_for_than_the_mapping_needs(store: Store, command: Command, graph: Graph) -> None:
    command()

    asked = graph.asked_for("/users/delta()")[0]
    assert "select=id,accountEnabled,userType,userPrincipalName,mail,employeeId,displayName,manager" in asked.replace(
        "%2C", ","
    )


def test_no_secret_and_no_token_is_said(command: Command, graph: Graph) -> None:
    graph.plan("delta", Instead(400, "BadRequest", SECRET))

    result = command()

    assert result.exit_code == 1
    assert SECRET not in result.output
    assert "made-up-token" not in result.output
