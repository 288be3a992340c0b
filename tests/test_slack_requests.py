"""What comes to Slack's address from Slack and from others: only what is signed now gets in, and nothing breaks it."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from storage.tables import Answer, Envelope
from tests.office import MakeOffice, on, said, shipped
from tests.slack_proxy import BROKEN, VANISHED, Instead, Proxy, refused, too_many
from tests.slack_ways import PAYLOADS, SlackPerson, Workspace, payload, sign

pytestmark = pytest.mark.node
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
RECORDED = sorted(one.stem for one in PAYLOADS.glob("*.json"))
AS_FORMS = ("slash_command", "ssl_check")
WINDOW_SECONDS = 300


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"))])
    made = Workspace(office, slack_proxy)
    made.bring_in("Ada")
    return made


def body_of(name: str) -> bytes:
    told = payload(name)
    return urlencode(told if name in AS_FORMS else {"payload": json.dumps(told)}).encode()


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_payload_is_answered(workspace: Workspace, name: str) -> None:
    answer = workspace.send(payload(name), is_form=name in AS_FORMS)

    assert answer.status_code == 200, answer.text


def test_slacks_question_whether_the_address_is_ours_is_answered(workspace: Workspace) -> None:
    assert workspace.send(payload("url_verification")).json() == {"challenge": "made-up-challenge"}


FORGED = {
    "no signature": {"X-Slack-Signature": ""},
    "another secret": None,
    "too old": -WINDOW_SECONDS - 60,
    "from the future": WINDOW_SECONDS + 60,
    "no time": {"X-Slack-Request-Timestamp": ""},
    "a time that is none": {"X-Slack-Request-Timestamp": "now"},
    "another body": {"X-Slack-Signature": sign(b"another", time.time())["X-Slack-Signature"]},
}


@pytest.mark.parametrize("how", FORGED)
def test_what_is_not_signed_by_slack_just_now_is_refused(workspace: Workspace, how: str) -> None:
    body, wrong = body_of("view_submission"), FORGED[how]
    if wrong is None:
        headers = sign(body, time.time(), "another secret")
    elif isinstance(wrong, dict):
        headers = sign(body, time.time()) | wrong
    else:
        headers = sign(body, time.time() + wrong)

    answer = workspace.post(body, FORM, **headers)

    assert answer.status_code == 401
    with workspace.office.reading() as session:
        assert (session.exec(select(Answer)).first(), session.exec(select(Envelope)).first()) == (None, None)


def ways_to_break(told: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in a payload."""
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


@pytest.mark.parametrize("name", RECORDED)
def test_whatever_is_missing_or_of_another_kind_never_breaks_it(workspace: Workspace, name: str) -> None:
    whole = payload(name)
    if name in ("view_submission", "block_actions_view"):
        whole["view"]["state"] = {"values": {"learnt_needed": {"answer": {"type": "radio_buttons", "value": "x"}}}}
    for path in ways_to_break(whole):
        others: tuple[Any, ...] = (None, "", 7, [], {}, "x" * 300)
        for instead in others:
            answer = workspace.send(broken(whole, path, instead), is_form=name in AS_FORMS)
            assert answer.status_code < 500, (path, instead, answer.text)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"payload=", FORM),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=7", FORM),
        (b"payload=null", FORM),
        (b"\xff\xfe\x00", FORM),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"a"', JSON),
        (b"", JSON),
        (b"\xff", JSON),
        (b'{"type":"event_callback"}', JSON),
        (b"a" * 200_000, "text/plain"),
    ],
)
def test_what_is_no_payload_at_all_never_breaks_it(workspace: Workspace, body: bytes, kind: str) -> None:
    assert workspace.post(body, kind).status_code < 500


def test_a_button_of_nobody_knows_what_is_answered(workspace: Workspace) -> None:
    for action in ("", "unknown", "0|", "99|open#3", "open", "open#" + "9" * 200):
        for value in ("", "run:999999999", "paper:1", "home:0", "æ" * 2000):
            told = payload("block_actions_message")
            told["actions"][0] |= {"action_id": action, "value": value}
            assert workspace.send(told).status_code == 200, (action, value)


def test_a_button_from_before_gets_a_kind_word(workspace: Workspace) -> None:
    ada = SlackPerson(workspace, "Ada")

    ada.press_in_message(
        {"type": "button", "action_id": "gone"}, {"user": "", "type": "", "ts": "1", "text": "", "blocks": []}
    )

    assert said("trouble.old_button") in ada.text


def test_a_button_that_leads_to_a_page_opens_nothing_in_slack(workspace: Workspace) -> None:
    told = payload("block_actions_message")
    told["actions"][0] |= {"action_id": "link#2", "url": "https://medvirk.solvik.example"}

    assert workspace.send(told).status_code == 200
    assert workspace.proxy.called("views.open") == []


@pytest.mark.parametrize("trouble", [refused("expired_trigger_id"), VANISHED, BROKEN, too_many(30)])
def test_that_slack_shows_nothing_is_no_reason_to_send_it_again(workspace: Workspace, trouble: Instead) -> None:
    workspace.proxy.plan("views.open", trouble)

    assert workspace.send(payload("shortcut")).status_code == 200
