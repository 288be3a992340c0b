"""People found in Slack by the command, and what the doctor sees there; against a Slack on this machine."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlmodel import select

from storage.tables import Address, Person
from tests.commands import give_at
from tests.office import MakeOffice, Office
from tests.sendings import give_mail
from tests.slack_proxy import Proxy, refused, too_many
from tests.slack_server import SIGNING_SECRET, TEAM, TOKEN, find_person

pytestmark = pytest.mark.node

Command = Callable[..., Result]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Ada, Grace and Siv were let in with mail addresses; Siv is not in Slack."""
    made = make_office()
    give_mail(made, "Ada", "Grace", "Siv")
    return made


@pytest.fixture
def command(office: Office, slack_proxy: Proxy) -> Command:
    """The command in a terminal, on this office and this Slack."""
    env = {
        "MEDVIRK_SLACK_TOKEN": TOKEN,
        "MEDVIRK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "MEDVIRK_SLACK_API_URL": slack_proxy.url,
    }
    return lambda *arguments: give_at(office, *arguments, **env)


def found(office: Office) -> dict[str, tuple[str, str]]:
    """Whom Slack reaches: by which name, in which workspace."""
    with office.reading() as session:
        rows = session.exec(select(Person, Address).join(Address).where(Address.channel == "slack")).all()
        return {person.name.split()[0]: (address.value, address.workspace) for person, address in rows}


def test_who_was_let_in_is_found_by_mail_and_nobody_else_comes_in(
    office: Office, command: Command, slack_proxy: Proxy
) -> None:
    result = command("directory", "slack")

    assert result.exit_code == 0, result.output
    assert (
        "2 people in Slack, 2 of them new or changed; 0 are there no more. 1 with mail are not in Slack"
        in result.output
    )
    assert found(office) == {
        first: (f"{TEAM}:{find_person(slack_proxy.url, whole)}", TEAM)
        for first, whole in (("Ada", "Ada Berg"), ("Grace", "Grace Lie"))
    }


def test_a_dry_run_stores_nothing(office: Office, command: Command) -> None:
    assert "nothing was stored" in command("directory", "slack", "--dry-run").output
    assert found(office) == {}


@pytest.mark.parametrize("why", ["deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"])
def test_closed_accounts_bots_and_guests_are_left_out(
    office: Office, command: Command, slack_proxy: Proxy, why: str
) -> None:
    slack_proxy.people[find_person(slack_proxy.url, "Ada Berg")] = {why: True}

    command("directory", "slack")

    assert list(found(office)) == ["Grace"]


def test_one_that_would_lose_many_stops_and_stores_nothing(
    office: Office, command: Command, slack_proxy: Proxy
) -> None:
    command("directory", "slack")
    slack_proxy.people[find_person(slack_proxy.url, "Ada Berg")] = {"deleted": True}

    stopped = command("directory", "slack")
    assert stopped.exit_code == 1
    assert "1 of 2 people would be reached by Slack no more" in stopped.output
    assert sorted(found(office)) == ["Ada", "Grace"]

    assert command("directory", "slack", "--yes").exit_code == 0
    assert sorted(found(office)) == ["Grace"]


def test_where_slack_asks_to_wait_it_is_waited_and_all_are_found(
    office: Office, command: Command, slack_proxy: Proxy
) -> None:
    slack_proxy.plan("users.list", too_many(1))

    assert command("directory", "slack").exit_code == 0
    assert sorted(found(office)) == ["Ada", "Grace"]


def test_a_refused_app_is_told_of_in_words(office: Office, command: Command, slack_proxy: Proxy) -> None:
    slack_proxy.plan("users.list", refused("missing_scope"))

    result = command("directory", "slack")

    assert result.exit_code == 1
    assert "Slack refuses the app (missing_scope); medvirk doctor slack says what is missing" in result.output
    assert found(office) == {}


def test_the_doctor_signs_in_and_says_whether_people_were_found(command: Command) -> None:
    before = command("doctor", "slack")
    command("directory", "slack")
    after = command("doctor", "slack")

    assert "signed in to the workspace Solvik kommune" in before.output
    assert "nobody has been found there yet; medvirk directory slack looks for them" in before.output
    assert "2 people have been found there" in after.output
    assert after.exit_code == 0


def test_the_doctor_names_a_token_that_is_refused(command: Command, slack_proxy: Proxy) -> None:
    slack_proxy.plan("auth.test", refused("invalid_auth"))

    result = command("doctor", "slack")

    assert result.exit_code == 1
    assert "Slack refuses MEDVIRK_SLACK_TOKEN (invalid_auth)" in result.output
