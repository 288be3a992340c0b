"""The SMS channel against a real HTTP server: what is handed in, how short it is, and what each answer means."""

import asyncio
import socket
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.cards import Bar, Button, Buttons, Card, Chart, Say
from bot.channels.contract import DeliveryError
from bot.channels.sms import SmsChannel
from bot.channels.sms_text import as_sms, count_parts
from bot.settings.channels import SmsSettings
from tests.http_server import HANGS_UP, SAYS_NOTHING, Answers, http_server

ADA = "+4740000000"
LINK = "https://medvirk.solvik.example/l/abcdefghijkl/abcdefghijklmnopqrstuvwxyz012345"
PAGE = "https://medvirk.solvik.example/l/abcdefghijkl/own-page"
QUESTION = Card(
    "Pulsen",
    (
        Say("Anonymt. Kari Lie ser tallene."),
        Chart("Sist", (Bar("gledet seg", "70 %", 70),)),
        Buttons((Button("Ta pause", "pause"), Button("Svar", url=LINK, style="primary"))),
    ),
    own_page=PAGE,
)


def send(url: str, card: Card = QUESTION, timeout_seconds: float = 5) -> str:
    settings = SmsSettings(url=url, token=SecretStr("made-up-token"), timeout_seconds=timeout_seconds)
    return asyncio.run(SmsChannel(settings, "Solvik kommune", b"key").send(ADA, card, 7))


def fail(answers: Answers, timeout_seconds: float = 5) -> DeliveryError:
    with http_server(answers) as url, pytest.raises(DeliveryError) as refused:
        send(url, timeout_seconds=timeout_seconds)
    assert ADA not in str(refused.value)
    assert "made-up-token" not in str(refused.value)
    return refused.value


def test_the_provider_gets_to_whom_from_whom_what_and_a_name_for_it() -> None:
    answers = Answers([(201, {"id": "m1"})])
    with http_server(answers) as url:
        name = send(url)

    received = answers.received[0]
    assert name == "m1"
    assert received.headers["Authorization"] == "Bearer made-up-token"
    assert received.json.keys() == {"to", "from", "text", "id"}
    assert (received.json["to"], received.json["from"]) == (ADA, "Medvirk")
    assert received.json["id"].startswith("7.")


@pytest.mark.parametrize("body", ["", "OK", [], {"id": None}])
def test_a_provider_that_gives_no_name_has_taken_it_all_the_same(body: object) -> None:
    with http_server(Answers([(202, body)])) as url:
        assert send(url) == ""


def test_the_text_has_title_sender_and_link_and_nothing_else_of_the_card() -> None:
    assert as_sms(QUESTION, "Solvik kommune") == (
        f"Pulsen\nMelding fra Medvirk i Solvik kommune. Lenken er bare din.\n{LINK}"
    )


def test_of_several_links_the_main_one_is_sent() -> None:
    buttons = Button("Ta inn", "taken_in:4", f"{PAGE}?at=4"), Button("Åpne uka", url=PAGE, style="primary")

    assert PAGE in as_sms(Card("Uka di", (Buttons(buttons),)), "Solvik kommune").splitlines()


def test_a_card_that_leads_nowhere_leads_to_the_own_page() -> None:
    assert as_sms(Card("Vi tar inn temaet", own_page=PAGE), "Solvik kommune").endswith(f"\n{PAGE}")


@pytest.mark.parametrize(
    ("title", "most"),
    [("Pulsen", 2), ("«Kveldsuro» – hva nå …", 2), ("Å" * 1_000, 2), ("العناية " * 200, 3), ("👩🏽‍⚕️" * 100, 3)],
)
def test_a_text_is_never_long_and_its_link_is_whole(title: str, most: int) -> None:
    text = as_sms(Card(title, own_page=LINK), "Solvik kommune")

    assert count_parts(text) <= most
    assert text.endswith(f"\n{LINK}")


def test_ordinary_norwegian_fits_the_small_alphabet() -> None:
    text = as_sms(Card("Hva ble det til med «Pulsen» – på nattvakta?", own_page=LINK), "Åsgårdstrand kommune")

    assert 'Hva ble det til med "Pulsen" - på nattvakta?' in text
    assert count_parts(text + "x" * (306 - len(text))) == 2  # were it UCS-2, so much would take five


def test_a_title_cannot_add_lines() -> None:
    text = as_sms(Card("Uka\r\nRing 820 00 000\u2028nå", own_page=LINK), "Solvik kommune")

    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_number_that_is_nobodys_is_given_up(status: int) -> None:
    assert fail(Answers([(status, {"error": "recipient"})])).permanent


@pytest.mark.parametrize("status", [400, 404, 405, 410, 415, 422])
def test_what_the_provider_does_not_understand_is_not_the_persons_fault(status: int) -> None:
    refused = fail(Answers([(status, {"error": "format"})]))

    assert not refused.permanent
    assert not refused.uncertain


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_the_installations_fault(status: int) -> None:
    refused = fail(Answers([(status, "")]))

    assert "MEDVIRK_SMS_TOKEN" in str(refused)
    assert refused.whole_lane
    assert not refused.permanent


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("600", 10), ("99999999999999", 360), ("Fri, 27 Nov 2026 09:00:00 GMT", 5), ("-1", 5), ("²", 5)],
)
def test_too_many_at_once_waits_as_long_as_the_provider_says(said: str, minutes: int) -> None:
    refused = fail(Answers([(429, "")], headers={"Retry-After": said.encode().decode("latin-1")}))

    assert refused.retry_after == timedelta(minutes=minutes)
    assert refused.whole_lane


@pytest.mark.parametrize("status", [500, 502, 503, 504, HANGS_UP])
def test_trouble_after_it_was_handed_in_leaves_it_uncertain(status: int) -> None:
    assert fail(Answers([(status, "")])).uncertain


def test_a_provider_that_does_not_answer_may_have_sent_it() -> None:
    assert fail(Answers([(SAYS_NOTHING, "")], silent_seconds=0.6), timeout_seconds=0.2).uncertain


def test_a_provider_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody_there = f"http://127.0.0.1:{taken.getsockname()[1]}/"

    with pytest.raises(DeliveryError, match="MEDVIRK_SMS_URL") as refused:
        send(nobody_there)

    assert refused.value.whole_lane
    assert not refused.value.uncertain
