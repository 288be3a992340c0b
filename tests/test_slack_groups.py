"""User groups of Slack as the audience of a poll: read by the command, without any right."""

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import Result
from sqlmodel import select

from storage.log import entries_of
from storage.polls import people_in_group
from storage.tables import Address, Membership, Unit
from storage.tables.sending import DeliveryKind
from tests.commands import give_at
from tests.office import MakeOffice, Office
from tests.polling import ANOTHER_GROUP, GROUP, WITH_GROUPS, make_polling_office, send
from tests.slack_installs import FJELLVIK, SOLVIK, Installer, Two, two_workspaces
from tests.slack_proxy import Instead, Proxy, refused, too_many
from tests.slack_server import (
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_TEAM,
    SIGNING_SECRET,
    TEAM,
    TOKEN,
    find_person,
)

pytestmark = pytest.mark.node

Command = Callable[..., Result]
DAY = date(2027, 1, 4)
IN_SLACK = {"Ada": "Ada Berg", "Grace": "Grace Lie", "Jonas": "Jonas Vik"}


@pytest.fixture
def office(make_office: MakeOffice, slack_proxy: Proxy) -> Office:
    """Ada, Grace and Jonas were found in Slack; Mallory is in Slack and was never found."""
    made = make_polling_office(make_office)
    with made.parts.store.writing() as session:
        for first, whole in IN_SLACK.items():
            value = f"{TEAM}:{find_person(slack_proxy.url, whole)}"
            session.add(Address(person_id=made.id_of(first), channel="slack", value=value, workspace=TEAM))
    set_groups(slack_proxy, demens=("Ada Berg", "Grace Lie", "Mallory Dahl"), etikk=("Jonas Vik",))
    return made


@pytest.fixture
def command(office: Office, slack_proxy: Proxy) -> Command:
    env = {
        "MEDVIRK_SLACK_TOKEN": TOKEN,
        "MEDVIRK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "MEDVIRK_SLACK_API_URL": slack_proxy.url,
    }

    def run(*more: str, **groups: str) -> Result:
        named = [part for handle, path in groups.items() for part in ("--group", f"@{handle}={path}")]
        return give_at(office, "directory", "slack-groups", *named, *more, **env)

    return run


def set_groups(proxy: Proxy, **groups: tuple[str, ...]) -> None:
    proxy.groups[:] = [
        {"id": f"S{number}", "handle": handle, "users": [find_person(proxy.url, one) for one in people]}
        for number, (handle, people) in enumerate(groups.items())
    ]


def in_chat(office: Office) -> set[tuple[str, str]]:
    """Who is in which group by the chat."""
    with office.reading() as session:
        query = select(Membership.person_id, Unit.path).join(Unit).where(Membership.kind == "chat")
        names = {office.id_of(one): one for one in IN_SLACK}
        return {(names[person_id], path) for person_id, path in session.exec(query)}


def test_who_is_in_a_user_group_and_was_let_in_belongs_to_the_group(office: Office, command: Command) -> None:
    result = command(demens=GROUP, etikk=ANOTHER_GROUP)

    assert result.exit_code == 0, result.output
    assert f"{GROUP}: 2 people; 1 in Slack were never let in or not found there." in result.output
    assert in_chat(office) == {("Ada", GROUP), ("Grace", GROUP), ("Jonas", ANOTHER_GROUP)}
    with office.reading() as session:
        assert [one.object for one in entries_of(session) if one.action == "groups read from a chat"] == ["people:3"]


def test_a_poll_may_ask_them_as_a_group(office: Office, command: Command) -> None:
    command(demens=GROUP)

    send(office, units=(), groups=(GROUP,), kept="named")
    office.pass_time("2027-01-06 12:00")

    assert office.got(DeliveryKind.question) == {"Linn", "Unni", "Bente", "Vera", "Grace"}  # and not Ada, who asks


def test_being_in_a_user_group_gives_no_part_in_what_comes_to_the_group(office: Office, command: Command) -> None:
    command(demens=GROUP)

    with office.reading() as session:
        group = session.exec(select(Unit).where(Unit.path == GROUP)).one()
        members = people_in_group(session, group, DAY)
    assert office.id_of("Grace") not in members
    assert office.id_of("Linn") in members  # by the file


def test_an_import_of_people_leaves_what_the_chat_says(office: Office, command: Command) -> None:
    command(demens=GROUP)

    office.import_people(WITH_GROUPS)

    assert in_chat(office) == {("Ada", GROUP), ("Grace", GROUP)}


def test_a_dry_run_stores_nothing(office: Office, command: Command) -> None:
    result = command("--dry-run", demens=GROUP)

    assert "2 come in, 0 go." in result.output
    assert "nothing was stored" in result.output
    assert in_chat(office) == set()


def test_who_leaves_the_user_group_leaves_the_group_and_if_many_do_it_is_asked_first(
    office: Office, command: Command, slack_proxy: Proxy
) -> None:
    command(demens=GROUP)
    set_groups(slack_proxy, demens=("Grace Lie",))

    stopped = command(demens=GROUP)
    assert stopped.exit_code == 1
    assert "1 of 2 would belong to their group no more. Nothing was stored." in stopped.output
    assert len(in_chat(office)) == 2

    assert command("--yes", demens=GROUP).exit_code == 0
    assert in_chat(office) == {("Grace", GROUP)}


def test_a_group_that_is_not_named_any_more_is_asked_about(office: Office, command: Command) -> None:
    command(demens=GROUP, etikk=ANOTHER_GROUP)

    assert "Is every group named with --group?" in command(demens=GROUP).output
    assert len(in_chat(office)) == 3


def test_what_there_is_not_is_told_with_what_there_is(office: Office, command: Command) -> None:
    assert "Slack has no user group @demnes. It has: @demens, @etikk." in command(demnes=GROUP).output
    assert f"«Solvik / Demens» is no group in Medvirk. Groups: {GROUP}; {ANOTHER_GROUP}." in (
        command(demens="Solvik / Demens").output
    )
    assert "names no group; write @HANDLE=PATH" in command("--group", "demens").output
    assert in_chat(office) == set()


# In several workspaces


@pytest.fixture
def two(make_office: MakeOffice, two_slacks: Proxy) -> Two:
    """The app in two workspaces, with the same user groups in both; Ada, Grace and Jonas were found in each."""
    office = make_polling_office(make_office)
    made = two_workspaces(office, two_slacks)
    for workspace, name in zip(made, (SOLVIK, FJELLVIK), strict=True):
        Installer(workspace).install(name)
        workspace.bring_in(*IN_SLACK)
    set_groups_in_both(made, demens=("Ada", "Grace"), etikk=("Jonas",))
    return made


def set_groups_in_both(two: Two, **groups: tuple[str, ...]) -> None:
    """What each calls its people means nobody in the other."""
    two[0].proxy.groups[:] = [
        {"id": f"S{number}", "handle": handle, "users": [one.ids[name] for one in two for name in people]}
        for number, (handle, people) in enumerate(groups.items())
    ]


def give(two: Two, *more: str, **groups: str) -> Result:
    env = {
        "MEDVIRK_SLACK_CLIENT_ID": CLIENT_ID,
        "MEDVIRK_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "MEDVIRK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "MEDVIRK_SLACK_API_URL": two[0].proxy.url,
    }
    named = [part for handle, path in groups.items() for part in ("--group", f"@{handle}={path}")]
    return give_at(two[0].office, "directory", "slack-groups", *named, *more, **env)


def said_by(office: Office) -> set[tuple[str, str]]:
    """Who is in a group by which workspace."""
    with office.reading() as session:
        query = select(Membership.person_id, Membership.employer).where(Membership.kind == "chat")
        names = {office.id_of(one): one for one in IN_SLACK}
        return {(names[person_id], workspace) for person_id, workspace in session.exec(query)}


def test_a_user_group_is_looked_for_in_every_workspace_and_each_is_told_of(two: Two) -> None:
    result = give(two, demens=GROUP)

    assert result.exit_code == 0, result.output
    assert said_by(two[0].office) == {(name, team) for name in ("Ada", "Grace") for team in (TEAM, OTHER_TEAM)}
    assert f"Solvik kommune ({TEAM}): {GROUP}: 2 people" in result.output
    assert f"Fjellvik kommune ({OTHER_TEAM}): {GROUP}: 2 people" in result.output


def test_one_workspace_may_be_read_alone_and_what_the_other_said_stays(two: Two) -> None:
    give(two, demens=GROUP)
    set_groups_in_both(two, demens=("Ada",))

    result = give(two, "--yes", "--workspace", TEAM, demens=GROUP)

    assert "Fjellvik" not in result.output
    assert said_by(two[0].office) == {("Ada", TEAM), ("Ada", OTHER_TEAM), ("Grace", OTHER_TEAM)}


def test_who_was_in_a_group_by_a_workspace_that_is_forgotten_is_asked_with_it_no_more(two: Two) -> None:
    give(two, demens=GROUP)

    forgotten = give_at(two[0].office, "slack", "forget", OTHER_TEAM)

    assert forgotten.exit_code == 0, forgotten.output
    assert said_by(two[0].office) == {("Ada", TEAM), ("Grace", TEAM)}


def test_a_workspace_that_fails_stops_no_other(two: Two) -> None:
    two[0].proxy.plan("usergroups.list", refused("missing_scope"))

    result = give(two, demens=GROUP)

    assert result.exit_code == 1
    assert f"Error: Solvik kommune ({TEAM}): Slack refuses the app (missing_scope)" in result.output
    assert said_by(two[0].office) == {("Ada", OTHER_TEAM), ("Grace", OTHER_TEAM)}


def test_a_user_group_that_one_workspace_lacks_is_told_of_and_one_that_all_lack_is_refused(two: Two) -> None:
    only_there = Instead(200, {"ok": True, "usergroups": []})
    two[0].proxy.plan("usergroups.list", only_there)

    result = give(two, demens=GROUP)
    refused_all = give(two, demnes=GROUP)

    assert result.exit_code == 0, result.output
    assert f"Solvik kommune ({TEAM}): There is no user group @demens." in result.output
    assert said_by(two[0].office) == {("Ada", OTHER_TEAM), ("Grace", OTHER_TEAM)}
    assert "Slack has no user group @demnes. It has: @demens, @etikk." in refused_all.output


# What Slack says no to


def test_where_slack_asks_to_wait_it_is_waited(office: Office, command: Command, slack_proxy: Proxy) -> None:
    slack_proxy.plan("usergroups.users.list", too_many(1))

    assert command(demens=GROUP).exit_code == 0
    assert len(in_chat(office)) == 2


def test_a_refused_app_is_told_of_in_words(office: Office, command: Command, slack_proxy: Proxy) -> None:
    slack_proxy.plan("usergroups.list", refused("missing_scope"))

    assert "Slack refuses the app (missing_scope)" in command(demens=GROUP).output
    assert in_chat(office) == set()
