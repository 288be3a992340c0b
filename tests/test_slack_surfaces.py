"""Whatever card the product makes, Slack takes it: as a message, a modal and a home page."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.cards import Bar, Button, Buttons, Card, Chart, Heading, Say
from bot.channels.slack.messages import MOST_CHARACTERS, make_messages
from bot.channels.slack.views import make_home, make_modal
from bot.channels.slack.words import labels_in
from bot.conversations.question_cards import make_question_card
from bot.pictures import describe
from bot.words import read_catalogue, words_in
from flows.engine import Mended
from flows.model import Flow
from flows.text import LANGUAGES
from flows.values import Unreadable
from storage.tables.sending import DeliveryKind
from tests import sample_cards, sample_decisions, sample_polls
from tests.exploring import KeepingDoor, explore, is_told_apart
from tests.office import WARD, MakeOffice, Post
from tests.office_courses import both_wards, bring, lines_of
from tests.office_flows import shipped_flows
from tests.polling import WITH_GROUPS
from tests.seldom import live_through_what_is_seldom
from tests.slack_forms import buttons_of, text_of
from tests.slack_oracle import GENERATOR, Oracle
from tests.slack_server import what_is_missing
from tests.test_channels_contract import CARDS

pytestmark = pytest.mark.node
DAYS = tuple(f"2027-{day} 12:00" for day in ("01-04", "01-06", "01-11", "01-18", "02-08", "02-15"))
MOST_HOMES = 30  # they are long, and much alike
ROOM = "run:12"
STATE = "x" * 2_000
SAMPLES = {
    f"{module.__name__.removeprefix('tests.sample_')} {name}": made
    for module in (sample_cards, sample_decisions, sample_polls)
    for name, made in vars(module).items()
    if isinstance(made, Card)
} | CARDS
FLOWS = sorted(shipped_flows(), key=lambda flow: flow.name)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check Slack's surfaces with: {missing}")
    return Oracle()


def with_whole_addresses(card: Card) -> Card:
    """The samples' own addresses are those of a page; what the product makes is whole."""
    blocks = [
        replace(one, buttons=tuple(map(_make_whole, one.buttons))) if isinstance(one, Buttons) else one
        for one in card.blocks
    ]
    return replace(card, blocks=tuple(blocks))


def _make_whole(button: Button) -> Button:
    return replace(button, url=f"https://medvirk.solvik.example{button.url}") if button.url.startswith("/") else button


def find_problems(oracle: Oracle, cards: Sequence[Card]) -> list[str]:
    """What Slack would not take of these cards, on any surface."""
    labels, cards = labels_in("nb"), [with_whole_addresses(one) for one in cards]
    found = [
        *(f"message: {one}" for card in cards for one in find_message_problems(oracle, card)),
        *(f"modal: {one}" for one in oracle.find_problems("Modal", make_modal(cards, ROOM, labels))),
        *(f"home: {one}" for one in oracle.find_problems("Home", make_home(cards, ROOM, labels))),
    ]
    return list(dict.fromkeys(found))


def find_message_problems(oracle: Oracle, card: Card) -> list[str]:
    """With pictures, which make it longest."""
    pictures = {one: ("F0123456789", describe(one)) for one in card.blocks if isinstance(one, Chart)}
    messages = make_messages(card, labels_in(card.language), pictures)
    return [one for message in messages for one in oracle.find_problems("Message", message)]


@pytest.mark.parametrize("what", SAMPLES)
def test_a_sample_card_is_taken(oracle: Oracle, what: str) -> None:
    assert find_problems(oracle, [SAMPLES[what]]) == []


@pytest.mark.parametrize("style", ["plain", "note", "quote", "warning", "code", "lead"])
def test_a_long_text_comes_whole_in_several_paragraphs(oracle: Oracle, style: Any) -> None:
    words = [f"ord{number}" for number in range(900)]

    view = make_modal([Card("Tema", (Say(" ".join(words), style, begins="Til deg:"),))], ROOM, labels_in("nb"))

    assert oracle.find_problems("Modal", view) == []
    shown = json.dumps(view["blocks"], ensure_ascii=False)
    assert re.findall(r"ord\d+", shown) == words


SENTENCE = "Dere foreslo: Kveldsuro ved demens. Det gjør vi, onsdag i uke fire. "
WAY_ON = Buttons((Button("Åpne uka", url="https://medvirk.solvik.example/l/x", style="primary", room="digest:7"),))


def make_long(sections: int, paragraphs: int) -> Card:
    """Sections of several paragraphs, each with a button of its own, and the way on at the end."""
    blocks = [
        block
        for section in range(sections)
        for block in (
            Heading(f"Del {section}"),
            Chart("Minst ukentlig", (Bar(f"figur {section}", "70 %", 70),)),
            *(
                part
                for number in range(paragraphs)
                for part in (
                    Say(f"[{section}.{number}] {SENTENCE * 4}"),
                    Buttons((Button("Ta inn", f"taken_in:{section}{number}"),)),
                )
            ),
        )
    ]
    return Card("Uka i Avdeling 1", (*blocks, WAY_ON))


@pytest.mark.parametrize(("sections", "paragraphs"), [(8, 4), (1, 30), (3, 14), (20, 1)])
def test_a_long_message_comes_whole_and_in_order_in_several(oracle: Oracle, sections: int, paragraphs: int) -> None:
    card = make_long(sections, paragraphs)

    messages = make_messages(card, labels_in("nb"))

    assert len(messages) > 1
    assert all(len(json.dumps(one, ensure_ascii=False)) < MOST_CHARACTERS + 200 for one in messages)
    assert [one for message in messages for one in oracle.find_problems("Message", message)] == []
    shown = re.findall(r"\[\d+\.\d+\]", "".join(map(text_of, (one["blocks"] for one in messages))))
    assert shown == [f"[{one}.{other}]" for one in range(sections) for other in range(paragraphs)]
    assert all(one["blocks"][0]["type"] not in ("actions", "context", "image") for one in messages)


def test_what_is_longer_than_a_few_messages_says_where_the_rest_is_and_leads_there(oracle: Oracle) -> None:
    labels = labels_in("nb")

    messages = make_messages(make_long(60, 3), labels)

    assert len(messages) == 5
    assert find_message_problems(oracle, make_long(60, 3)) == []
    assert labels.more in text_of(messages[-1]["blocks"][-2])
    assert [one["value"] for one in buttons_of(messages[-1]["blocks"])][-1] == "digest:7"


def test_an_own_page_is_taken(oracle: Oracle) -> None:
    assert find_problems(oracle, sample_cards.HOME) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])
def test_every_card_of_every_flow_is_taken_empty_filled_in_and_with_what_must_be_mended(
    oracle: Oracle, flow: Flow, language: str
) -> None:
    for card in make_cards(flow, language):
        assert find_problems(oracle, [card]) == []


def make_cards(flow: Flow, language: str) -> Iterator[Card]:
    words = words_in(language)
    for number, step in enumerate(flow.steps):
        wrong = {one.id: Unreadable("problem.required") for one in step.fields}
        long = {one.id: ["æ" * 5_000] for one in step.fields}
        for mended in (None, Mended({}, {}), Mended(wrong, {}), Mended(wrong, long)):
            yield make_question_card(
                flow,
                step,
                words,
                leader="Grace Lie",
                is_first=number == 0,
                is_last=number == len(flow.steps) - 1,
                mended=mended,
                state=STATE,
                offers_to_regret=True,
            )


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_shown_and_sent_in_a_spring_is_taken(
    oracle: Oracle, make_office: MakeOffice, language: str
) -> None:
    door, post = live_through_a_spring(make_office, language)

    messages, modals, homes, problems = judge_all(oracle, door, post, language)

    assert problems == []
    assert messages > 20
    assert modals > 50
    assert homes > 10


# What of those that are seldom met must have been seen, by a sentence on it.
SELDOM = (
    "poll.preview_title",
    "poll.which_group",
    "poll.read_names",
    "poll.names_intro",
    "poll.texts_intro",
    "poll.closed_for_group",
    "poll.named_for_group",
    "answered.title",
    "answered.named_title",
    "names.title",
    "names.stand",
    "course.leaders_title",
    "offers.yes",
    "offers.see",
    "offers.show_to",
    "offers.renewal_title",
    "offers.let_end",
    "decision.title_taken_in",
    "decision.title_not_now",
    "decision.preview",
    "decision.told_title_taken_in",
    "put_out.title",
    "put_out.back_title",
    "trouble.run_gone_title",
)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_seldom_met_is_taken_too(oracle: Oracle, make_office: MakeOffice, language: str) -> None:
    office, door, post = live_through_what_is_seldom(make_office, language)

    *_, problems = judge_all(oracle, door, post, language)

    assert problems == []
    kinds = {kind for kind in DeliveryKind if kind is not DeliveryKind.edit and not office.got(kind)}
    assert kinds <= {DeliveryKind.reminder}
    cards = [*(card for seen in door.shown for card in seen.cards), *(one.card for one in post.sent)]
    said = {one for card in cards for one in says(card)}
    assert [key for key in SELDOM if not any(is_said(key, language, one) for one in said)] == []


def says(card: Card) -> Iterator[str]:
    """Each sentence on a card, and what its buttons say."""
    yield card.title
    yield from (one.label for one in card.buttons)
    yield from (text for one in card.blocks if isinstance(one, Say) for text in (one.text, one.begins))


def is_said(key: str, language: str, text: str) -> bool:
    """Whether it is this sentence, whatever stands where it has a gap."""
    sentence = read_catalogue(language)[key]
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return any(re.fullmatch(re.sub(r"\\{\w+\\}", ".*", re.escape(one)), text, re.DOTALL) for one in forms)


def judge_all(oracle: Oracle, door: KeepingDoor, post: Post, language: str) -> tuple[int, int, int, list[str]]:
    """How many messages, modals and homes were made of all that was sent and shown, and what is wrong with them."""
    labels = labels_in(language)
    messages = {is_told_apart(one.card): one.card for one in post.sent}
    modals = {is_told_apart(one.cards[0]): one for one in door.shown if len(one.cards) == 1}
    homes = {tuple(is_told_apart(card)[1:] for card in one.cards): one for one in door.shown if len(one.cards) > 1}

    problems = [
        *(one for card in messages.values() for one in find_message_problems(oracle, card)),
        *(
            one
            for seen in modals.values()
            for one in oracle.find_problems("Modal", make_modal(seen.cards, seen.room, labels))
        ),
        *(
            one
            for seen in list(homes.values())[:MOST_HOMES]
            for one in oracle.find_problems("Home", make_home(seen.cards, seen.room, labels))
        ),
    ]
    return len(messages), len(modals), len(homes), problems


def live_through_a_spring(
    make_office: MakeOffice, language: str, *, is_on_record: bool = False
) -> tuple[KeepingDoor, Post]:
    """Everybody is asked everything in one language; Ada and Grace try most of what there is to press."""
    post = Post()
    people = [";".join([*one.split(";")[:2], language, *one.split(";")[3:]]) for one in WITH_GROUPS]
    office = make_office(people=people, post=post)
    office.record_discussion("poll", "Solvik")
    door = KeepingDoor(office)
    bring(office, lines_of(both_wards()))
    for day in DAYS:
        office.pass_time(day)
        for name in office.staff(WARD):
            explore(office, name, 40 if name in ("Ada", "Grace") else 12, is_on_record=is_on_record)
    return door, post
