"""The doctor on Teams: what is missing, whether Microsoft lets the app in and finds it, when the secret ends, and who
cannot be written to, counted with care; against a Teams on this machine."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import col, select

from bot.cards import Ask, Button, Buttons, Card, Choice, Say
from bot.channels.teams.cards import make_room
from bot.channels.teams.connector import BLOCKED
from bot.channels.teams.handling import TAKEN_AWAY
from bot.channels.teams.judging import find_problems
from bot.channels.teams.words import labels_in
from bot.commands.doctor import doctor
from bot.watching.checks.teams import check_teams
from bot.watching.findings import Ground, Verdict
from storage.tables import Address
from tests.http_server import Answers, http_server
from tests.office import MakeOffice, Office, line
from tests.slack_proxy import Instead
from tests.teams_server import APP_SECRET, TENANT, Teams
from tests.teams_ways import settings_for

GUIDE = "off; deploy/teams.md says how to switch it on"
NINE = [line(900 + one, f"Olga {one}", "Solvik / Avdeling 2") for one in range(9)]
NOT_INSTALLED = "the app is not installed for this person (403 BotNotInConversationRoster)"


def examine(office: Office, teams: Teams, base_url: str = "http://127.0.0.1:1", **changed: Any) -> list[str]:
    settings = office.parts.settings.model_copy(update={"teams": settings_for(teams, **changed), "base_url": base_url})
    return [f"{one.verdict}: {one.says}" for one in check_teams(Ground(settings, office.at, office.parts.store))]


def about(found: list[str], word: str) -> list[str]:
    return [one for one in found if word in one]


def put_in_teams(office: Office, reasons: list[str | None]) -> None:
    """So many of the office's people are known in Teams; where there is a reason, they cannot be written to."""
    with office.parts.store.writing() as session:
        people = session.exec(select(Address.person_id).distinct()).all()
        for person_id, because in zip(people, reasons, strict=False):
            value = f"{TENANT}:{person_id}"
            address = Address(person_id=person_id, channel="teams", value=value, workspace=TENANT)
            address.unreachable_because = because
            session.add(address)


def test_where_teams_is_off_nothing_is_asked_and_the_guide_is_named(office: Office) -> None:
    found = check_teams(Ground(office.parts.settings, office.at, office.parts.store))

    assert [(one.verdict, one.says) for one in found] == [(Verdict.ok, GUIDE)]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"TENANT_ID": TENANT}, "off, though MEDVIRK_TEAMS_TENANT_ID is set; MEDVIRK_TEAMS_APP_ID is missing"),
        ({"APP_ID": TENANT}, "MEDVIRK_TEAMS_TENANT_ID: write the id of the organisation's own tenant"),
        (
            {"APP_ID": TENANT, "TENANT_ID": TENANT},
            "MEDVIRK_TEAMS_APP_SECRET: write the secret of the app's registration",
        ),
        (
            {"SECRET_EXPIRES": "in May"},
            "MEDVIRK_TEAMS_SECRET_EXPIRES: 'in May' is no day; write one such as 2028-05-31",
        ),
    ],
)
def test_what_is_missing_in_the_settings_is_named(variables: dict[str, str], says: str) -> None:
    env = {f"MEDVIRK_TEAMS_{name}": one for name, one in variables.items()}

    result = CliRunner().invoke(doctor, ["teams"], env=env)

    assert result.exit_code == 1
    assert says in result.stdout


def test_microsoft_lets_the_app_in_and_its_keys_can_be_fetched(office: Office, teams: Teams) -> None:
    found = examine(office, teams)

    assert "ok: Microsoft lets the app in" in found
    assert "ok: the keys by which Teams is known can be fetched" in found
    assert not teams.called("post")
    assert APP_SECRET not in "".join(found)


def test_a_secret_that_is_refused_is_wrong_and_not_told(office: Office, teams: Teams) -> None:
    teams.plan("token", Instead(status=401, body={"error": "invalid_client"}))

    (said,) = about(examine(office, teams), "gets no token")

    assert said.startswith("wrong: the app gets no token from Microsoft: MEDVIRK_TEAMS_TOKEN_URL gives no token (401)")
    assert APP_SECRET not in said


def test_where_microsoft_cannot_be_reached_it_is_said(office: Office, teams: Teams) -> None:
    nowhere = "http://127.0.0.1:1/nowhere"

    found = examine(office, teams, token_url=nowhere, keys_url=nowhere)

    assert about(found, "127.0.0.1 cannot be reached (ConnectError; MEDVIRK_TEAMS_TOKEN_URL names it)")
    assert about(found, f"wrong: {nowhere} gives no keys, so nothing from Teams is believed")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "ok: {url}/teams/api/messages answers, and refuses what Microsoft has not signed"),
        (403, "wrong: {url}/teams/api/messages believes anybody"),
        (404, "wrong: {url}/teams/api/messages is not there; was medvirk serve started again"),
        (502, "wrong: {url}/teams/api/messages answers 502; look at the proxy"),
    ],
)
def test_our_own_address_is_knocked_at_as_anybody_could(office: Office, teams: Teams, status: int, says: str) -> None:
    answers = Answers([(status, "")])
    with http_server(answers) as url:
        found = examine(office, teams, url.rstrip("/"))

    assert about(found, says.format(url=url.rstrip("/")))
    assert [one.headers.get("Authorization") for one in answers.received] == [None]


def test_the_app_itself_refuses_what_the_doctor_sends(office: Office, make_tenant: Callable[..., Any]) -> None:
    from bot.watching.checks.teams import NOBODY, REFUSED

    tenant = make_tenant(office)
    answer = office.run(tenant.http.post("/teams/api/messages", json=NOBODY))

    assert answer.status_code == REFUSED


def test_an_address_without_https_is_never_called_and_where_nothing_answers_it_is_wrong(
    office: Office, teams: Teams
) -> None:
    found = examine(office, teams)

    assert about(found, "look: Teams calls https only, so http://127.0.0.1:1/teams/api/messages is never called")
    assert about(found, "wrong: nothing answers at http://127.0.0.1:1/teams/api/messages (ConnectError)")


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (31, "ok: the secret lasts until"),
        (30, "look: the secret ends in 30 days"),
        (0, "look: the secret ends in 0 days"),
        (-1, "wrong: the secret has ended"),
    ],
)
def test_a_secret_that_ends_within_thirty_days_is_told_of(office: Office, teams: Teams, days: int, says: str) -> None:
    ends = office.at.date() + timedelta(days=days)

    assert examine(office, teams, secret_expires=ends)[0].startswith(says)


def test_where_it_is_not_known_when_the_secret_ends_it_is_asked_for(office: Office, teams: Teams) -> None:
    assert examine(office, teams)[0].startswith("look: MEDVIRK_TEAMS_SECRET_EXPIRES is not set; write the day")
    assert settings_for(teams, secret_expires="2028-05-31").secret_expires == date(2028, 5, 31)


def test_before_anybody_is_found_it_is_said(office: Office, teams: Teams) -> None:
    assert about(examine(office, teams), "look: nobody has been found there yet")


def test_who_cannot_be_written_to_is_counted_by_reason_and_not_named(make_office: MakeOffice, teams: Teams) -> None:
    office = make_office(people=NINE)
    put_in_teams(office, [None, None, NOT_INSTALLED])

    found = examine(office, teams)

    assert "ok: 2 of 9 people can be written to there" in found
    assert "look: 1 cannot be written to: the app is not installed for this person" in found
    assert about(found, "look: 6 have not been found there")
    assert not about(found, "Olga")


@pytest.mark.parametrize("reason", [f"{BLOCKED} (403 ConversationBlockedByUser)", TAKEN_AWAY])
def test_of_a_few_who_want_no_messages_there_it_is_not_told_how_many(
    make_office: MakeOffice, teams: Teams, reason: str
) -> None:
    office, said = make_office(people=NINE), {}
    put_in_teams(office, [None] * 9)
    for few in (1, 4):
        with office.parts.store.writing() as session:
            addresses = session.exec(select(Address).where(Address.channel == "teams").order_by(col(Address.id))).all()
            for one in addresses[:few]:
                one.unreachable_because = reason
                session.add(one)
        said[few] = examine(office, teams)

    assert about(said[1], "look: fewer than 5 cannot be written to: ")
    assert said[1] == said[4]
    assert not about(said[1], "people can be written to there")


def test_of_five_who_want_no_messages_there_it_is_told(make_office: MakeOffice, teams: Teams) -> None:
    office = make_office(people=NINE)
    put_in_teams(office, [TAKEN_AWAY] * 5 + [None] * 4)

    found = examine(office, teams)

    assert f"look: 5 cannot be written to: {TAKEN_AWAY}" in found
    assert about(found, "ok: 4 of 9 people can be written to there")


def test_every_question_that_is_answered_there_is_judged(office: Office, teams: Teams) -> None:
    (said,) = about(examine(office, teams), "cards")

    assert said.startswith("ok: Teams takes all ")


def judge(*asks: Ask, words: str = "Short") -> list[str]:
    card = Card("Title", (Say(words), *asks, Buttons((Button("Send", "send", style="primary"),))), "en")
    return list(find_problems(make_room([card], "run:0", labels_in("en")), card))


def test_a_card_that_teams_would_get_in_parts_is_found() -> None:
    long = Ask("why", "text", "Why", max_length=200)

    assert judge(long) == []
    assert judge(long, words="Long " * 3_000) == [
        "is too large for Teams, so this is left out: why, Send; shorten its texts, or part it"
    ]


def test_a_field_that_cannot_be_told_from_another_or_has_no_label_is_found() -> None:
    twice, silent = Ask("why", "text", "Why"), Ask("how", "text", " ")
    commas = Ask("what", "choose_several", "What", choices=(Choice("a,b", "A"), Choice("c", "C")))

    assert judge(twice, twice) == ["the field why comes twice"]
    assert judge(silent) == ["the field how has no label"]
    assert judge(commas) == ["an option of what has a comma in its id, by which Teams parts them"]
