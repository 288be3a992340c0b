"""People found in Slack by the command, and what the doctor sees there; against a Slack on this machine."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlmodel import select

from storage.tables import Address, Person
from tests.commands import give_at
from tests.office import PEOPLE, WARD, MakeOffice, Office, line
from tests.sendings import give_mail
from tests.slack_proxy import BROKEN, VANISHED, Proxy, refused, too_many
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


def spoken_to(office: Office, *lines: str) -> dict[str, tuple[str, str]]:
    """The organisation's file comes once more, with these lines in place of others; each one's language and zone."""
    replaced = {one.partition(";")[0] for one in lines}
    office.import_people([*lines, *(one for one in PEOPLE if one.partition(";")[0] not in replaced)])
    with office.reading() as session:
        return {one.name.split()[0]: (one.language, one.zone) for one in session.exec(select(Person))}


@pytest.fixture
def abroad(slack_proxy: Proxy) -> None:
    """Ada has Slack in nynorsk and in Lisbon; Grace in a language and a zone that Medvirk does not know."""
    for name, locale, zone in (("Ada Berg", "nn-NO", "Europe/Lisbon"), ("Grace Lie", "fr-FR", "Mars/Olympus")):
        slack_proxy.people[find_person(slack_proxy.url, name)] = {"locale": locale, "tz": zone}


@pytest.mark.usefixtures("abroad")
def test_language_and_zone_are_taken_from_slack_where_the_file_tells_none(office: Office, command: Command) -> None:
    result = command("directory", "slack", "--languages")

    assert "As they have it in Slack: 1 nn, 1 another language, 1 Europe/Lisbon, 1 an unknown zone." in result.output
    told = spoken_to(office)
    assert (told["Ada"], told["Grace"]) == (("nn", "Europe/Lisbon"), ("nb", "Europe/Oslo"))


@pytest.mark.usefixtures("abroad")
def test_what_the_file_tells_and_what_the_person_chose_holds(office: Office, command: Command) -> None:
    command("directory", "slack", "--languages")

    assert spoken_to(office, line(101, "Ada Berg", WARD, language="en"))["Ada"][0] == "en"
    office.home("Ada").tap("language:nb")
    assert spoken_to(office)["Ada"][0] == "nb"


@pytest.mark.usefixtures("abroad")
def test_unless_it_is_wanted_no_language_is_taken_and_what_was_taken_is_forgotten(
    office: Office, command: Command
) -> None:
    command("directory", "slack", "--languages")
    command("directory", "slack")

    assert spoken_to(office)["Ada"] == ("nb", "Europe/Oslo")


@pytest.mark.usefixtures("abroad")
def test_a_dry_run_tells_of_languages_and_takes_none(office: Office, command: Command) -> None:
    assert "1 nn" in command("directory", "slack", "--languages", "--dry-run").output

    assert spoken_to(office)["Ada"] == ("nb", "Europe/Oslo")


def test_a_page_that_was_lost_on_the_way_or_in_slack_is_asked_for_again(
    office: Office, command: Command, slack_proxy: Proxy
) -> None:
    slack_proxy.plan("users.list", BROKEN, VANISHED)

    assert command("directory", "slack").exit_code == 0
    assert sorted(found(office)) == ["Ada", "Grace"]
