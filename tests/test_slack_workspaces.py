"""The commands about several workspaces: the way in, who is found in each, and what the doctor sees of each."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from click.testing import Result
from sqlmodel import col, select

from bot.channels.slack.invitations import INVITE, name_workspace, read
from bot.commands.common import now
from storage.tables import Address, Lane, Person
from tests.commands import give_at
from tests.office import MakeOffice, Office
from tests.sendings import give_mail
from tests.slack_installs import FJELLVIK, SOLVIK, Installer, two_workspaces
from tests.slack_proxy import Proxy, refused
from tests.slack_server import CLIENT_ID, CLIENT_SECRET, OTHER_TEAM, SIGNING_SECRET, TEAM, TOKEN
from tests.slack_ways import Workspace

pytestmark = pytest.mark.node

Command = Callable[..., Result]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Ada, Grace and Siv were let in with mail addresses; Siv is not in Slack."""
    made = make_office()
    give_mail(made, "Ada", "Grace", "Siv")
    return made


@pytest.fixture
def two(office: Office, two_slacks: Proxy) -> tuple[Workspace, Workspace]:
    return two_workspaces(office, two_slacks)


@pytest.fixture
def command(office: Office, two_slacks: Proxy) -> Command:
    """The command in a terminal, on this office and these workspaces."""
    env = {
        "MEDVIRK_SLACK_CLIENT_ID": CLIENT_ID,
        "MEDVIRK_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "MEDVIRK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "MEDVIRK_SLACK_API_URL": two_slacks.url,
    }
    return lambda *arguments, **more: give_at(office, *arguments, **{**env, **more})


def install(two: tuple[Workspace, Workspace]) -> None:
    for workspace, name in zip(two, (SOLVIK, FJELLVIK), strict=True):
        Installer(workspace).install(name)


def found(office: Office) -> set[tuple[str, str]]:
    """Whom Slack reaches, and in which workspace."""
    with office.reading() as session:
        rows = session.exec(select(Person, Address).join(Address).where(Address.channel == "slack")).all()
        return {(person.name.split()[0], address.workspace) for person, address in rows}


BOTH = {(name, team) for name in ("Ada", "Grace") for team in (TEAM, OTHER_TEAM)}


# The way in


def test_the_link_is_for_one_workspace_and_an_hour(office: Office, command: Command) -> None:
    link = command("slack", "install-link", "https://Solvik.slack.com/", MEDVIRK_BASE_URL="https://medvirk.example")

    assert link.exit_code == 0, link.output
    address = urlsplit(link.output.strip())
    assert (address.hostname, address.path.rpartition("/")[0]) == ("medvirk.example", "/slack/install")
    key = office.parts.keys.server_secret("invitations")
    assert read(key, INVITE, address.path.rpartition("/")[2], now()) == SOLVIK


@pytest.mark.parametrize("name", ["solvik", "solvik.example", "slack.com", "https://evil.example/solvik.slack.com", ""])
def test_what_is_no_workspace_gets_no_link(command: Command, name: str) -> None:
    result = command("slack", "install-link", name)

    assert result.exit_code == 2
    assert "solvik.slack.com" in result.output


def test_with_a_token_in_the_settings_there_is_nothing_to_install(command: Command) -> None:
    alone = {"MEDVIRK_SLACK_CLIENT_ID": "", "MEDVIRK_SLACK_CLIENT_SECRET": "", "MEDVIRK_SLACK_TOKEN": TOKEN}

    result = command("slack", "install-link", SOLVIK, **alone)

    assert result.exit_code == 1
    assert "MEDVIRK_SLACK_CLIENT_ID" in result.output


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("T0123ABCD", "T0123ABCD"),
        (" solvik.slack.com ", "solvik.slack.com"),
        ("https://Solvik-Helse.Slack.com/archives/C1", "solvik-helse.slack.com"),
        ("stat.enterprise.slack.com", "stat.enterprise.slack.com"),
        ("t0123abcd", ""),
        ("solvik.slack.com.evil.example", ""),
        ("..slack.com", ""),
        ("sølvik.slack.com", ""),
    ],
)
def test_a_workspace_is_named_by_its_id_or_its_address(said: str, named: str) -> None:
    assert name_workspace(said) == named


# Who is where


def test_people_are_found_in_every_workspace(
    office: Office, two: tuple[Workspace, Workspace], command: Command
) -> None:
    install(two)

    result = command("directory", "slack")

    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == [
        f"Solvik kommune ({TEAM})",
        f"Fjellvik kommune ({OTHER_TEAM})",
    ]
    assert found(office) == BOTH


def test_one_that_fails_stops_no_other_and_can_be_read_alone_later(
    office: Office, two: tuple[Workspace, Workspace], command: Command
) -> None:
    install(two)
    office_proxy = two[0].proxy
    office_proxy.plan("users.list", refused("missing_scope"))

    first = command("directory", "slack")
    after_first = found(office)
    second = command("directory", "slack", "--workspace", TEAM)

    assert first.exit_code == 1
    assert f"Error: Solvik kommune ({TEAM}): Slack refuses the app (missing_scope)" in first.output
    assert after_first == {one for one in BOTH if one[1] == OTHER_TEAM}
    assert second.exit_code == 0
    assert found(office) == BOTH


def test_where_it_is_installed_nowhere_that_is_said(command: Command) -> None:
    result = command("directory", "slack")

    assert result.exit_code == 1
    assert "The app is not installed anywhere" in result.output
    assert "medvirk slack install-link WORKSPACE" in command("slack", "list").output


def test_one_that_refused_for_a_while_is_written_to_again_when_it_lets_its_list_be_read(
    office: Office, two: tuple[Workspace, Workspace], command: Command
) -> None:
    install(two)
    command("directory", "slack")
    two[0].proxy.plan("chat.postMessage", refused("invalid_auth"), refused("invalid_auth"))
    office.pass_time("2027-01-04 08:30")
    with office.reading() as session:
        stopped = session.exec(select(Lane.name).where(col(Lane.stopped_at).is_not(None))).all()

    result = command("directory", "slack")

    assert stopped == [f"slack:{TEAM}"]
    assert result.exit_code == 0
    with office.reading() as session:
        assert not session.exec(select(Lane.name).where(col(Lane.stopped_at).is_not(None))).all()
    assert "out since" not in command("slack", "list").output


def test_one_that_is_forgotten_takes_what_people_are_called_there_along(
    office: Office, two: tuple[Workspace, Workspace], command: Command
) -> None:
    install(two)
    command("directory", "slack")

    result = command("slack", "forget", TEAM)

    assert "the addresses of 2 people" in result.output
    assert found(office) == {one for one in BOTH if one[1] == OTHER_TEAM}
    assert re.findall(r"^T\d+", command("slack", "list").output, re.MULTILINE) == [OTHER_TEAM]
    assert command("slack", "forget", TEAM).exit_code == 1


# What the doctor sees


def test_the_doctor_looks_into_each_workspace(two: tuple[Workspace, Workspace], command: Command) -> None:
    nowhere = command("doctor", "slack")
    install(two)

    result = command("doctor", "slack")

    assert "installed nowhere yet; medvirk slack install-link WORKSPACE" in nowhere.output
    assert result.exit_code == 0, result.output
    for name in ("Solvik kommune", "Fjellvik kommune"):
        assert f"signed in to the workspace {name}" in result.output


def test_the_doctor_names_the_workspace_that_is_out_and_looks_on(
    office: Office, two: tuple[Workspace, Workspace], command: Command
) -> None:
    install(two)
    two[0].proxy.plan("auth.test", refused("account_inactive"))

    refusing = command("doctor", "slack")
    office.run(two[0].office.door.put_out("slack", TEAM, "the app was taken out of the workspace", now()))
    gone = command("doctor", "slack")

    assert (refusing.exit_code, gone.exit_code) == (1, 1)
    assert f"Slack refuses the token of Solvik kommune ({TEAM}) (account_inactive)" in refusing.output
    assert f"wrong  slack           Solvik kommune ({TEAM}): out since" in gone.output
    assert f"medvirk slack forget {TEAM}" in gone.output
    for result in (refusing, gone):
        assert "signed in to the workspace Fjellvik kommune" in result.output
