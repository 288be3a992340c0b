"""What there are pictures of: cards of all flows, languages and states, and what somebody meets on the way."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.cards import Card
from bot.conversations.group_room import choose_group
from bot.conversations.question_cards import make_question_card
from bot.words import words_in
from flows.engine import Mended
from flows.model import Flow
from flows.text import LANGUAGES
from flows.values import Unreadable
from flows.waves import compile_for_course, follows_courses
from storage.tables import Unit
from tests import sample_cards, sample_decisions, sample_polls
from tests.office_flows import shipped_flows

LEADER, COURSE = "Kari Lie", "Trygg med legemidler"
MESSAGES = ("FIRST_MESSAGE", "DOOR", "DIGEST", "YOU_SAID", "TOO_SMALL")
MODALS = ("NEAREST_AS_ITEMS", "RECEIPT", "CONSENT", "STORED", "LONG_WORDS")
POLLS = (
    "POLL_QUESTION",
    "POLL_MISTAKES",
    "POLL_AUDIENCE",
    "POLL_MANY_UNITS",
    "POLL_FOUND_UNITS",
    "POLL_FOUND_NONE",
    "POLL_PREVIEW",
    "POLL_REFUSED",
)

DECISIONS = ("TAKE_IN", "NOT_NOW", "NOT_NOW_MISTAKES", "TAKE_IN_LOOKED_AT", "NOT_NOW_LOOKED_AT")


class Picture(NamedTuple):
    """`kind` is 'message', 'modal' or 'home'; only a home has several cards."""

    name: str
    kind: str
    cards: Sequence[Card]


def choose() -> Iterator[Picture]:
    for name in MESSAGES:
        yield Picture(f"message-{_call(name)}", "message", [getattr(sample_cards, name)])
    for name in MODALS:
        yield Picture(f"modal-{_call(name)}", "modal", [getattr(sample_cards, name)])
    for name in POLLS:
        yield Picture(f"modal-{_call(name)}", "modal", [getattr(sample_polls, name)])
    for name in DECISIONS:
        yield Picture(f"modal-{_call(name)}", "modal", [getattr(sample_decisions, name)])
    yield Picture("modal-which-group", "modal", [choose_among_groups()])
    yield Picture("home", "home", sample_cards.HOME)
    for flow in sorted(map(_fill_in_course, shipped_flows()), key=lambda one: one.name):
        for language in LANGUAGES:
            yield from _choose_of(flow, language)


def choose_among_groups() -> Card:
    groups = [
        Unit(id=number, path="", name=f"Ressursgruppe {name}") for number, name in enumerate(("Demens", "Etikk"), 1)
    ]
    return choose_group(words_in("nb"), groups, "new:Kveldsuro")


def _fill_in_course(flow: Flow) -> Flow:
    levels = {one.level for one in flow.steps if one.level}
    return (compile_for_course(flow, COURSE, levels) if follows_courses(flow) else None) or flow


def _choose_of(flow: Flow, language: str) -> Iterator[Picture]:
    """Each card of a flow, and in bokmål with all that can be wrong with it."""
    for number, step in enumerate(flow.steps):
        wrong = {one.id: Unreadable("problem.required") for one in step.fields}
        for state, mended in (("", None), ("-mistakes", Mended(wrong, {}))):
            if mended and language != "nb":
                continue
            card = make_question_card(
                flow,
                step,
                words_in(language),
                leader=LEADER,
                is_first=number == 0,
                is_last=number == len(flow.steps) - 1,
                mended=mended,
            )
            yield Picture(f"flow-{flow.name}-{number + 1}-{language}{state}", "modal", [card])


def _call(name: str) -> str:
    return name.lower().replace("_", "-")
