"""Sending to Teams: nothing is lost, nothing comes twice that need not, and what Teams says is understood."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.cards import Card, Say
from bot.channels.teams.channel import OPEN as OPENS
from bot.channels.teams.channel import SHOW as SHOWS
from bot.outbox.pacing import Rate
from storage.tables import Address, Lane
from storage.tables.sending import DeliveryKind
from tests.office import ADA, GRACE, MakeOffice, Office
from tests.sendings import JONAS, later, themes, welcomes
from tests.slack_proxy import LOST, VANISHED, Instead, too_many
from tests.teams_server import OPEN, POST, TOKEN, UPDATE, Teams
from tests.teams_ways import MakeTenant, TeamsPerson, Tenant, make_channel, settings_for

PEOPLE = ("Ada", "Grace")
EIGHT, MORNING = "2027-01-04 08:00", "2027-01-04 08:30"
ROOT = Path(__file__).parents[1]


@pytest.fixture
def tenant(make_office: MakeOffice, make_tenant: MakeTenant) -> Tenant:
    made = make_tenant(make_office(flows=[themes("2027-03-01")], people=(ADA, GRACE, JONAS)))
    made.bring_in("Ada", "Grace")
    return made


def both(state: str) -> dict[str, list[tuple[str, str]]]:
    return {"Ada": [("teams", state)], "Grace": [("teams", state)]}


def came(tenant: Tenant) -> list[int]:
    """How many messages Ada and Grace have got."""
    return [len(tenant.teams.shown.get(one.conversation, {})) for one in tenant.teams.people]


def reasons(office: Office) -> list[str]:
    with office.reading() as session:
        return [one.unreachable_because for one in session.exec(select(Address)) if one.unreachable_because]


def test_a_conversation_is_opened_once_and_the_message_is_known_by_it(tenant: Tenant) -> None:
    office = tenant.office

    office.pass_time(EIGHT)
    office.pass_time("2027-03-01 12:00")

    assert len(tenant.teams.called(OPEN)) == 2
    assert came(tenant) == [2, 2]
    address = tenant.address_of("Ada")
    (row,) = [one for one in office.deliveries(DeliveryKind.question) if one.person_id == office.id_of("Ada")]
    assert address is not None
    assert str(row.external_id).split(" ")[0] == address.conversation == tenant.teams.people[0].conversation


def test_where_teams_has_told_of_a_conversation_none_is_opened(tenant: Tenant) -> None:
    with tenant.office.parts.store.writing() as session:
        for one in session.exec(select(Address).where(Address.channel == "teams")):
            (person,) = [person for person in tenant.teams.people if one.value.endswith(person.aad)]
            one.conversation, one.service_url = person.conversation, tenant.teams.service_url

    tenant.office.pass_time(EIGHT)

    assert tenant.teams.called(OPEN) == []
    assert came(tenant) == [1, 1]


def test_whose_conversation_is_not_known_is_looked_for_where_colleagues_are_reached(
    make_office: MakeOffice, make_tenant: MakeTenant
) -> None:
    made = make_tenant(
        make_office(flows=[themes("2027-03-01")], people=(ADA, GRACE)), service_url="http://127.0.0.1:9/emea/"
    )
    ada, _ = made.bring_in("Ada", "Grace")
    ada.install()

    made.office.pass_time(EIGHT)

    assert came(made) == [1, 1]


@pytest.mark.parametrize("trouble", [LOST, VANISHED, Instead(500)], ids=["lost", "the line was cut", "500"])
def test_a_message_that_may_have_come_is_not_sent_again_and_stands_on_the_page(
    tenant: Tenant, trouble: Instead
) -> None:
    office = tenant.office
    tenant.teams.plan(POST, trouble, trouble)

    office.pass_time(EIGHT)
    later(office, 24 * 3600)

    assert welcomes(office, *PEOPLE) == both("uncertain")
    assert len(tenant.teams.called(POST)) == 2
    assert office.inbox("Ada") != []


@pytest.mark.parametrize("status", [412, 502, 503, 504])
def test_what_teams_says_to_try_again_is_tried_again_and_not_at_one_moment(tenant: Tenant, status: int) -> None:
    office = tenant.office
    tenant.teams.plan(POST, Instead(status), Instead(status))

    office.pass_time(EIGHT)
    waits = {one.not_before for one in office.deliveries(DeliveryKind.welcome) if one.channel == "teams"}
    held = welcomes(office, *PEOPLE)
    later(office, 100)

    assert held == both("queued")
    assert len(waits) >= 1
    assert all(one > office.at - timedelta(seconds=100) for one in waits)
    assert welcomes(office, *PEOPLE) == both("sent")
    assert came(tenant) == [1, 1]


@pytest.mark.parametrize("kind", [POST, OPEN])
def test_being_too_fast_pauses_the_lane_for_as_long_as_teams_says(tenant: Tenant, kind: str) -> None:
    office = tenant.office
    tenant.channel.at_once = 1
    tenant.teams.plan(kind, too_many(30))

    office.pass_time(EIGHT)
    with office.reading() as session:
        (lane,) = session.exec(select(Lane).where(col(Lane.name).startswith("teams"))).all()
    paused, calls = lane.paused_until, len(tenant.teams.called(kind))
    later(office, 29)
    still = len(tenant.teams.called(kind))
    later(office, 1)

    assert (paused, calls, still) == (office.at, 1, 1)
    assert welcomes(office, *PEOPLE) == both("sent")
    assert came(tenant) == [1, 1]


REFUSALS = {
    "not installed": (OPEN, 403, "ForbiddenOperationException", "may not be installed"),
    "taken away": (POST, 403, "BotNotInConversationRoster", "not installed"),
    "blocked": (POST, 403, "MessageWritesBlocked", "has blocked"),
    "gone": (POST, 404, "ConversationNotFound", "no such conversation"),
    "unknown": (OPEN, 404, "UserNotFound", "no such person"),
    "without a word": (POST, 403, "", "403"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_who_cannot_be_reached_in_teams_is_reached_elsewhere_and_the_reason_is_kept(tenant: Tenant, what: str) -> None:
    office, (kind, status, code, reason) = tenant.office, REFUSALS[what]
    tenant.channel.at_once = 1
    body = {"error": {"code": code, "message": "Ada Berg is away"}} if code else {}
    tenant.teams.plan(kind, Instead(status, body))

    office.pass_time(MORNING)

    failed = [rows for rows in welcomes(office, *PEOPLE).values() if len(rows) == 2]
    assert failed == [[("teams", "failed"), ("web", "sent")]]
    (because,) = reasons(office)
    assert reason in because
    assert "Ada" not in because


def test_who_is_reached_nowhere_in_teams_is_tried_there_again_once_the_app_is_installed(tenant: Tenant) -> None:
    office = tenant.office
    tenant.teams.people[0].is_installed = False
    office.pass_time(MORNING)
    assert len(reasons(office)) == 1

    tenant.teams.people[0].is_installed = True
    TeamsPerson(tenant, "Ada", tenant.teams.people[0]).install()
    office.pass_time("2027-03-01 12:00")

    assert reasons(office) == []
    assert came(tenant)[0] == 1


@pytest.mark.parametrize(("kind", "trouble"), [(POST, Instead(401)), (TOKEN, Instead(400)), (TOKEN, VANISHED)])
def test_an_app_that_is_not_let_in_holds_the_lane_and_blames_nobody(
    tenant: Tenant, kind: str, trouble: Instead
) -> None:
    office = tenant.office
    tenant.teams.plan(kind, trouble, trouble)

    office.pass_time(EIGHT)
    held = welcomes(office, *PEOPLE)
    office.pass_time("2027-01-04 09:00")

    assert held == both("queued")
    assert welcomes(office, *PEOPLE) == both("sent")
    assert reasons(office) == []


def test_a_token_is_fetched_once_for_many_messages(tenant: Tenant) -> None:
    tenant.office.pass_time(EIGHT)

    assert len(tenant.teams.called(TOKEN)) == 1


def test_a_card_that_is_too_large_is_shortened_and_taken(tenant: Tenant) -> None:
    card = Card("Tema", tuple(Say("æ" * 500) for _ in range(200)), own_page="https://medvirk.solvik.example/l/a/b")
    (ada, _) = tenant.teams.people

    async def send() -> str:
        return await tenant.channel.send(f"{tenant.settings.tenant_id}:{ada.aad}", card, 1)

    assert tenant.office.run(send())
    assert tenant.teams.refused == []


def test_a_card_that_was_shown_is_shown_anew_and_never_uncertain(tenant: Tenant) -> None:
    office = tenant.office
    office.pass_time("2027-03-01 12:00")
    tenant.teams.plan(UPDATE, LOST, Instead(500))

    office.pass_time("2027-04-01 12:00")

    edits = office.deliveries(DeliveryKind.edit)
    assert {one.state for one in edits} == {"sent"}
    assert len(tenant.teams.called(UPDATE)) == len(edits) + 2


def test_an_address_of_another_tenant_is_not_written_to(tenant: Tenant) -> None:
    with tenant.office.parts.store.writing() as session:
        for one in session.exec(select(Address).where(Address.channel == "teams")):
            one.value = f"44444444{one.value[8:]}"

    tenant.office.pass_time(MORNING)

    assert tenant.teams.called(OPEN) == []
    assert reasons(tenant.office) == ["this address is of another tenant"] * 2


def test_the_rates_of_the_settings_are_kept_and_new_conversations_are_opened_more_slowly(
    office: Office, teams: Teams
) -> None:
    usual = make_channel(office, settings_for(teams))
    slow = make_channel(office, settings_for(teams, per_second=2, new_per_second=1))

    assert usual.rates == {SHOWS: Rate(25, 25), OPENS: Rate(7)}
    assert slow.rates == {SHOWS: Rate(2, 2), OPENS: Rate(1)}


def test_the_library_tells_nothing_of_what_is_said(tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tenant.teams.plan(POST, Instead(400, {"error": {"code": "Bad", "message": "Ada Berg"}}))

    tenant.office.pass_time(MORNING)

    said: Any = [one for one in caplog.records if one.name.startswith(("microsoft_teams", "httpx"))]
    assert [one.getMessage() for one in said if one.levelno >= logging.INFO] == []
    assert "Ada" not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("medvirk"))
