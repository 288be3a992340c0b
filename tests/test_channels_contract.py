"""One contract for all channels: whatever a card holds, it is taken, once, and what is shown there stays a text."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from pydantic import SecretStr

from bot.cards import Bar, Button, Buttons, Card, Chart, Say
from bot.channels.contract import Channel, Closing
from bot.channels.mail.channel import MailChannel
from bot.channels.slack.channel import SlackChannel
from bot.channels.sms import SmsChannel
from bot.channels.web import WebChannel
from bot.outbox.pacing import Pace, Rate, at_will
from bot.settings.channels import SlackSettings, SmsSettings
from tests.http_server import Answers, http_server
from tests.mail_server import Box, mail_server, mail_settings
from tests.office import Office
from tests.recorder import Recorder, record
from tests.recorder_channel import RecorderChannel
from tests.sample_cards import DIGEST, FIRST_MESSAGE, LONG_WORDS, PULSE, RECEIPT
from tests.slack_proxy import Proxy
from tests.slack_server import TEAM, TOKEN, find_person
from tests.teams_server import POST, TENANT, Person, Teams
from tests.teams_ways import make_channel, settings_for

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
    arrived: Sequence[object]  # what has arrived, for channels from which something leaves
    count: Callable[[Sequence[Any]], int] = len  # how many cards that is


class Messages(Sequence[object]):
    """The cards that have arrived in Teams; a conversation must be opened first, and a token fetched."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    def __len__(self) -> int:
        return len(self._teams.called(POST))

    def __getitem__(self, place: Any) -> Any:
        return self._teams.called(POST)[place]


def count_in_slack(calls: Sequence[Any]) -> int:
    """A long card comes as several messages, each saying which it is; and before them it is looked for."""
    payloads = [said["metadata"]["event_payload"] for method, said in calls if method == "chat.postMessage"]
    return sum(one.get("part", 0) == 0 for one in payloads)


CHATS = [pytest.param("slack", marks=pytest.mark.node), pytest.param("teams", marks=pytest.mark.stored)]


@pytest.fixture(params=["web", "mail", "sms", "recorder", *CHATS])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    if request.param == "web":
        yield Way(WebChannel(), "101", [])
    elif request.param == "mail":
        box = Box()
        with mail_server(box) as port:
            channel = MailChannel(mail_settings(port), "Solvik kommune", b"key")
            yield Way(channel, "ada@solvik.example", box.mails)
    elif request.param == "slack":
        proxy: Proxy = request.getfixturevalue("slack_proxy")
        slack_url = request.getfixturevalue("slack_url")
        own = SlackSettings(token=SecretStr(TOKEN), signing_secret=SecretStr("made-up"), api_url=proxy.url)
        address = f"{TEAM}:{find_person(f'{slack_url}/api/', 'Ada Berg')}"
        yield Way(SlackChannel(own), address, proxy.calls, count_in_slack)
    elif request.param == "teams":
        teams: Teams = request.getfixturevalue("teams")
        office: Office = request.getfixturevalue("office")
        teams.people.append(Person("29:1", "33333333-3333-4333-8333-000000000001", "ada@solvik.example"))
        yield Way(make_channel(office, settings_for(teams)), f"{TENANT}:{teams.people[0].aad}", Messages(teams))
    elif request.param == "recorder":
        recorder = Recorder()
        with record(recorder) as url:
            yield Way(RecorderChannel(url), "ada", recorder.order)
    else:
        answers = Answers([(200, {"id": "m1"})])
        with http_server(answers) as url:
            settings = SmsSettings(url=url, token=SecretStr("made-up"))
            yield Way(SmsChannel(settings, "Solvik kommune", b"key"), "+4740000000", answers.received)


async def send(way: Way, card: Card, pace: Pace = at_will) -> str:
    try:
        return await way.channel.send(way.address, card, 7, reference=uuid4().hex, pace=pace)
    finally:
        if isinstance(way.channel, Closing):
            await way.channel.close()


@pytest.mark.parametrize("what", CARDS)
def test_every_card_is_taken_once(way: Way, what: str) -> None:
    name = asyncio.run(send(way, CARDS[what]))

    assert isinstance(name, str)
    assert way.count(way.arrived) == (0 if way.channel.name == "web" else 1)


def test_a_channel_says_what_it_is_called_whether_twice_does_harm_and_what_its_platform_can_bear(way: Way) -> None:
    assert way.channel.name in ("web", "mail", "sms", "recorder", "slack", "teams")
    assert way.channel.is_safe_to_repeat == (way.channel.name == "web")
    assert way.channel.at_once >= 1
    assert all(rate.per_second > 0 and rate.burst >= 1 for rate in way.channel.rates.values())


def test_nothing_leaves_while_the_pace_holds_it_up_and_what_the_pace_raises_is_let_through(way: Way) -> None:
    async def not_now(kind: str) -> None:
        raise InterruptedError(kind)

    if way.channel.name == "web":  # from which nothing leaves
        asyncio.run(send(way, RECEIPT, not_now))
    else:
        with pytest.raises(InterruptedError):
            asyncio.run(send(way, RECEIPT, not_now))

    assert len(way.arrived) == 0


def test_a_rate_in_the_settings_is_kept_by_mail_and_sms() -> None:
    mail = MailChannel(mail_settings(25, per_second=2), "Solvik kommune", b"key")
    sms = SmsChannel(
        SmsSettings(url="http://127.0.0.1/", token=SecretStr("made-up"), per_second=5), "Solvik kommune", b"key"
    )

    assert (mail.rates, sms.rates) == ({"mail": Rate(2)}, {"sms": Rate(5)})
