"""What comes to Teams' address from Teams and from others: only what Microsoft has signed for us now, from Teams and
from our own tenant, gets in; nothing breaks it."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlmodel import select

from storage.tables import Theme
from tests.office import MakeOffice, on, said, shipped
from tests.slack_proxy import BROKEN, VANISHED, Instead, too_many
from tests.teams_oracle import text_of
from tests.teams_server import APP_ID, KEYS, POST, TENANT, UPDATE, Teams
from tests.teams_ways import MakeTenant, TeamsPerson, Tenant, settings_for

FLOW = shipped("theme_suggestion", schedule=on("2027-01-04"))
OTHER_TENANT = "44444444-4444-4444-8444-444444444444"


@pytest.fixture
def tenant(make_office: MakeOffice, make_tenant: MakeTenant) -> Tenant:
    made = make_tenant(make_office(flows=[FLOW]))
    made.bring_in("Ada")
    made.office.pass_time("2027-01-04 12:00")
    return made


@pytest.fixture
def ada(tenant: Tenant) -> TeamsPerson:
    return TeamsPerson(tenant, "Ada", tenant.teams.people[0])


def suggesting(person: TeamsPerson) -> dict[str, Any]:
    """What Teams tells when somebody suggests a theme."""
    (run,) = person.tenant.office.runs()
    data = {"medvirk": {"room": f"run:{run.id}", "action": "send"}, "suggestion": "Kveldsuro", "nearest": "mine"}
    value = {"action": {"type": "Action.Execute", "verb": "medvirk", "data": data}, "trigger": "manual"}
    return person.activity("invoke", name="adaptiveCard/action", value=value)


def is_stored(tenant: Tenant) -> bool:
    with tenant.office.reading() as session:
        return session.exec(select(Theme)).first() is not None


def test_what_microsoft_has_signed_is_stored_before_teams_hears_that_it_came(ada: TeamsPerson) -> None:
    message = ada.find(FLOW.title.to("nb"))

    ada.press(said("question.answer"), message).fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, message)

    assert is_stored(ada.tenant)


ANOTHER = rsa.generate_private_key(65537, 2048)
FORGED: Mapping[str, Mapping[str, Any]] = {
    "another key": {"key": ANOTHER},
    "a key that nobody has": {"name": "key-2"},
    "for another app": {"aud": "55555555-5555-4555-8555-555555555555"},
    "by another issuer": {"iss": "https://evil.example"},
    "by the tenant itself": {"iss": f"https://sts.windows.net/{TENANT}/"},
    "too old": {"exp": int(time.time()) - 400},
    "without an end": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 7200},
    "without an app": {"aud": None},
    "for another address": {"serviceurl": "https://smba.evil.example/"},
    "for no address": {"serviceurl": None},
    "with a secret that both know": {"key": "x" * 32, "algorithm": "HS256"},
}


@pytest.mark.parametrize("how", FORGED)
def test_what_microsoft_has_not_signed_for_us_now_is_refused(ada: TeamsPerson, how: str) -> None:
    answer = ada.tenant.tell(suggesting(ada), ada.tenant.teams.sign(**FORGED[how]))

    assert answer.status_code == 401
    assert not is_stored(ada.tenant)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é", jwt.encode({"aud": APP_ID}, "", algorithm="none")])
def test_what_is_no_token_is_refused(ada: TeamsPerson, token: str) -> None:
    body = json.dumps(suggesting(ada)).encode()
    headers = {b"Authorization": f"Bearer {token}".encode()}

    answer = ada.tenant.office.run(ada.tenant.http.post("/teams/api/messages", content=body, headers=headers))

    assert answer.status_code == 401


def test_a_key_that_is_not_for_teams_opens_nothing(ada: TeamsPerson) -> None:
    ada.tenant.teams.endorses = ("webchat",)

    assert ada.tenant.tell(suggesting(ada)).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"conversation": {"conversationType": "personal", "tenantId": OTHER_TENANT, "id": "a:1"}},
        {"channelData": {"tenant": {"id": OTHER_TENANT}}},
        {"channelData": {}, "conversation": {"conversationType": "personal", "id": "a:1"}},
        {"channelId": "webchat"},
        {"channelId": None},
    ],
)
def test_what_is_signed_but_of_another_tenant_or_another_channel_is_refused(
    ada: TeamsPerson, changed: dict[str, Any]
) -> None:
    answer = ada.tenant.tell(suggesting(ada) | changed)

    assert answer.status_code == 403
    assert not is_stored(ada.tenant)


def test_keys_are_fetched_once_and_anew_when_they_have_changed(ada: TeamsPerson) -> None:
    teams = ada.tenant.teams
    for _ in range(5):
        ada.tenant.tell(ada.activity("typing"))
    once = len(teams.called(KEYS))

    for number in range(5):
        assert ada.tenant.tell(suggesting(ada), teams.sign(name=f"unknown-{number}")).status_code == 401

    assert once == 2  # where they are, and the keys
    assert len(teams.called(KEYS)) == once


def test_without_keys_nobody_is_let_in_and_teams_is_asked_to_tell_again(ada: TeamsPerson) -> None:
    ada.tenant.teams.plan(KEYS, BROKEN)

    for _ in range(2):
        answer = ada.tenant.tell(suggesting(ada))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")

    assert not is_stored(ada.tenant)


def test_with_authentication_off_the_tenant_is_looked_at_all_the_same(
    make_office: MakeOffice, make_tenant: MakeTenant
) -> None:
    made = make_tenant(make_office(flows=[FLOW]), authentication="off")
    (ada,) = made.bring_in("Ada")

    assert made.tell(ada.activity("typing"), "").status_code == 200
    assert made.tell(ada.activity("typing", channelData={"tenant": {"id": OTHER_TENANT}}), "").status_code == 403


PASSED_OVER = [
    "typing",
    "messageReaction",
    "messageUpdate",
    "messageDelete",
    "event",
    "endOfConversation",
    "handoff",
    "made up",
]


@pytest.mark.parametrize("kind", PASSED_OVER)
def test_what_is_not_ours_to_answer_is_passed_over(ada: TeamsPerson, kind: str) -> None:
    before = len(ada.tenant.teams.called(POST))

    assert ada.tenant.tell(ada.activity(kind)).status_code == 200
    assert ada.tenant.tell(ada.activity("invoke", name=kind)).status_code == 200
    assert len(ada.tenant.teams.called(POST)) == before


@pytest.mark.parametrize("where", ["channel", "groupChat"])
def test_what_is_said_where_others_read_is_passed_over(ada: TeamsPerson, where: str) -> None:
    told = ada.activity("message", text="hjelp")
    told["conversation"] |= {"conversationType": where}
    before = len(ada.tenant.teams.called(POST))

    assert ada.tenant.tell(told).status_code == 200
    assert len(ada.tenant.teams.called(POST)) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"a"',
        b"\xff\xfe",
        b"{}",
        b'{"type":7}',
        b"[" * 100_000,
        b"NaN",
        b"a" * 2_000_000,
    ],
)
def test_what_is_no_activity_is_refused(tenant: Tenant, body: bytes) -> None:
    assert tenant.post(body).status_code in (400, 413)


def ways_to_break(told: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in an activity."""
    items = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for key, one in items:
        yield (*path, key)
        yield from ways_to_break(one, (*path, key))


def broken(told: Any, path: tuple[str | int, ...], instead: Any) -> Any:
    copied = json.loads(json.dumps(told))
    part = copied
    for key in path[:-1]:
        part = part[key]
    if instead is None:
        del part[path[-1]]
    else:
        part[path[-1]] = instead
    return copied


@pytest.mark.parametrize("kind", ["execute", "submit", "message", "installed"])
def test_whatever_is_missing_or_of_another_kind_never_breaks_it(ada: TeamsPerson, kind: str) -> None:
    data = {"medvirk": {"room": "home:0", "action": "pause", "place": "a", "state": "b", "section": "c", "prefix": "d"}}
    whole = {
        "execute": suggesting(ada),
        "submit": ada.activity("message", value={**data, "several:a": "1,2"}, replyToId="1"),
        "message": ada.activity("message", text="<at>Medvirk</at> hjelp"),
        "installed": ada.activity("installationUpdate", action="add"),
    }[kind]
    for path in ways_to_break(whole):
        others: tuple[Any, ...] = (None, "", 7, 1e400, True, [], {}, "x" * 300)
        for instead in others:
            answer = ada.tenant.tell(broken(whole, path, instead))
            assert answer.status_code < 500, (path, instead, answer.text)


def test_a_button_of_nobody_knows_what_is_answered_kindly(ada: TeamsPerson) -> None:
    message = next(iter(ada.cards))
    rooms = ("run:999999999", "paper:1", "digest:1", "group:1", "nowhere", "home:-1", "æ" * 2_000)
    for room in rooms:
        ada.send({"medvirk": {"room": room, "action": "send"}}, message)

    ada.send({"old": "button"}, message)
    assert said("trouble.old_button") in text_of(ada.cards[message])


@pytest.mark.parametrize("trouble", [VANISHED, BROKEN, too_many(30), Instead(403), Instead(404)])
def test_that_teams_shows_nothing_is_no_reason_to_send_it_again(ada: TeamsPerson, trouble: Instead) -> None:
    ada.tenant.teams.plan(POST, trouble)
    ada.tenant.teams.plan(UPDATE, trouble)

    assert ada.tenant.tell(ada.activity("message", text="pause")).status_code == 200
    assert ada.tenant.tell(ada.activity("message", value={"medvirk": {"room": "home:0"}}, replyToId="1")).is_success


def test_the_settings_say_what_is_missing_and_refuse_what_lets_anybody_in(
    teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="MEDVIRK_TEAMS_TENANT_ID"):
        settings_for(teams, tenant_id="")
    with pytest.raises(ValueError, match="no id of Entra's"):
        settings_for(teams, app_id="medvirk")
    assert list(settings_for(teams).find_danger()) == []
    assert "MEDVIRK_TEAMS_AUTHENTICATION" in "".join(settings_for(teams, authentication="off").find_danger())
    monkeypatch.setenv("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS", "true")
    assert "DANGEROUSLY_ALLOW" in "".join(settings_for(teams).find_danger())
