"""One contract for all channels: whatever a card holds, it is taken, once, and what is shown there stays a text."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from bot.cards import Bar, Button, Buttons, Card, Chart, Say
from bot.channel_settings import SmsSettings
from bot.channels.contract import Channel
from bot.channels.mail.channel import MailChannel
from bot.channels.sms import SmsChannel
from bot.channels.web import WebChannel
from bot.pacing import at_will
from tests.http_server import Answers, http_server
from tests.mail_server import Box, mail_server, mail_settings
from tests.sample_cards import DIGEST, FIRST_MESSAGE, LONG_WORDS, PULSE, RECEIPT

LINK = "https://medvirk.solvik.example/l/abc/def"
CARDS = {
    "first message": FIRST_MESSAGE,
    "question with fields": PULSE,
    "digest with charts and buttons": DIGEST,
    "receipt": RECEIPT,
    "long words": LONG_WORDS,
    "nothing at all": Card(""),
    "ten thousand signs": Card("Tema", (Say("æ" * 10_000),)),
    "emoji": Card("👩🏽‍⚕️ 🇳🇴", (Say("👍" * 500), Buttons((Button("👍", url=LINK),)))),
    "right to left": Card("العناية بالمسنين", (Say("שלום", "quote"),), "nb"),
    "line breaks in the title": Card("Uka\r\nBcc: eve@evil.example\r\n\r\nHei", (Say("a\nb"),)),
    "a chart": Card("Tall", (Chart("", (Bar("a", "100 %", 100), Bar("b", "ingen"))),)),
    "an own page": replace(DIGEST, own_page=LINK),
}


class Way(NamedTuple):
    channel: Channel
    address: str
    arrived: list[object]  # what has arrived, for channels from which something leaves


@pytest.fixture(params=["web", "mail", "sms"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    if request.param == "web":
        yield Way(WebChannel(), "101", [])
    elif request.param == "mail":
        box = Box()
        with mail_server(box) as port:
            channel = MailChannel(mail_settings(port), "Solvik kommune", b"key")
            yield Way(channel, "ada@solvik.example", box.mails)  # type: ignore[arg-type]
    else:
        answers = Answers([(200, {"id": "m1"})])
        with http_server(answers) as url:
            settings = SmsSettings(url=url, token=SecretStr("made-up"))
            yield Way(SmsChannel(settings, "Solvik kommune", b"key"), "+4740000000", answers.received)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", CARDS)
def test_every_card_is_taken_once(way: Way, what: str) -> None:
    name = asyncio.run(way.channel.send(way.address, CARDS[what], 7, reference="r", pace=at_will))

    assert isinstance(name, str)
    assert len(way.arrived) == (0 if way.channel.name == "web" else 1)


def test_a_channel_says_what_it_is_called_and_whether_twice_does_harm(way: Way) -> None:
    assert way.channel.name in ("web", "mail", "sms")
    assert way.channel.is_safe_to_repeat == (way.channel.name == "web")
