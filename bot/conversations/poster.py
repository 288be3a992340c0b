"""In front of a poster: anybody suggests something, sees what is like it, and keeps their own words or leaves it.

Who that is, nobody knows and nothing tells: no row but the theme itself, and what is on the way travels with the card.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Choice, Say
from bot.conversations.question_cards import make_question_card
from bot.conversations.visit import close_state, open_state
from bot.outcomes.themes import find_like
from bot.parts import Parts
from bot.words import Words
from flows.engine import Mended
from flows.model import Flow
from flows.schedule import local_day
from flows.values import Unreadable, clean, read_value
from storage.runs import flow_of
from storage.tables import Run, Unit
from storage.themes import suggest

Form = Mapping[str, list[str]]

# Places of a card that may be looked at again; "" is the question.
LIKE = "like"
STORED = "stored"
LEFT = "left"


@dataclass(frozen=True)
class Stand:
    """Somebody in front of a poster, while a run of its flow is open."""

    session: Session
    parts: Parts
    poster_id: int
    unit: Unit
    run: Run
    words: Words
    at: datetime

    @property
    def flow(self) -> Flow:
        return flow_of(self.run)


def show(stand: Stand, place: str = "", state: str = "") -> Card:
    """The flow's own question, and what holds for those who come without a link; or the card that stood at `place`
    with this state."""
    written = _open_state(stand, state, place)
    if place == LEFT:
        words = stand.words
        return Card(words("poster.left_title"), (Say(words("poster.left")), _more(words)), words.language, place=LEFT)
    if written is not None:
        return _show_like(stand, written) if place == LIKE else _show_stored(stand, written)
    return make_poster_card(stand.flow, stand.words)


def receive(stand: Stand, action: str, form: Form, state: str, may_store: Callable[[], bool]) -> Card | None:
    """Take what was done; None where `may_store` says that too much came just now. A second time changes nothing."""
    match action.partition(":")[0]:
        case "again":
            return show(stand)
        case "leave":
            return show(stand, LEFT)
        case "language":
            place = next((one for one in (LIKE, STORED) if _open_state(stand, state, one)), "")
            return show(stand, place, state) if place else _show_mended(stand, Mended({}, form))
        case "keep":
            written = _open_state(stand, state, LIKE)
            if written is None:
                fresh = show(stand)
                problem = Say(stand.words("problem.form_too_old"), "warning")
                return replace(fresh, blocks=(problem, *fresh.blocks), place=None)
            return _keep(stand, written, may_store)
    return _take(stand, form, may_store)


def make_poster_card(flow: Flow, words: Words, mended: Mended | None = None) -> Card:
    """The card of the flow that has the suggestion, without what belongs to a person: no "not now"."""
    step, field = flow.find_field(flow.outcome.fields["suggestion"])
    alone = step.model_copy(update={"fields": (field,)})
    card = make_question_card(flow, alone, words, leader=None, is_first=True, is_last=True, mended=mended)
    blocks = [one for one in card.blocks if not isinstance(one, Buttons)]
    send = Buttons((Button(words("answer.send"), "send", style="primary"),))
    return replace(card, blocks=(Say(words("poster.no_name_asked"), "note"), *blocks, send), place="")


def make_like_card(flow: Flow, words: Words, written: str, like: list[Choice], state: str) -> Card:
    """What is like it already, only to read: without a person nobody can be counted behind it."""
    blocks: list[Block] = [Say(words("answer.you_wrote"), "note"), Say(written, "quote"), Say(words("poster.before"))]
    blocks += [Say(one.label, "quote") for one in like]
    blocks.append(Say(words("poster.not_counted"), "note"))
    keep = Button(words("poster.keep"), "keep", style="primary")
    blocks.append(Buttons((keep, Button(words("poster.leave"), "leave"))))
    return Card(flow.title.to(words.language), tuple(blocks), words.language, state=state, place=LIKE)


def _take(stand: Stand, form: Form, may_store: Callable[[], bool]) -> Card | None:
    _, field = stand.flow.find_field(stand.flow.outcome.fields["suggestion"])
    try:
        value = read_value(field, form.get(field.id, []))
        if value is None:
            raise Unreadable("problem.required")
    except Unreadable as problem:
        return _show_mended(stand, Mended({field.id: problem}, form))
    written = str(value)
    return _show_like(stand, written) if _find_like(stand, written) else _keep(stand, written, may_store)


def _show_mended(stand: Stand, mended: Mended) -> Card:
    return replace(make_poster_card(stand.flow, stand.words, mended), place=None)


def _show_like(stand: Stand, written: str) -> Card:
    state = _close_state(stand, written, LIKE)
    return make_like_card(stand.flow, stand.words, written, _find_like(stand, written), state)


def _keep(stand: Stand, written: str, may_store: Callable[[], bool]) -> Card | None:
    if not may_store():
        return None
    run = stand.run
    assert run.id is not None and stand.unit.id is not None, "both are stored"  # noqa: PT018
    suggest(stand.session, run.id, stand.unit.id, None, written, local_day(stand.at, run.zone))
    return _show_stored(stand, written)


def _show_stored(stand: Stand, written: str) -> Card:
    words = stand.words
    blocks = (
        Say(words("poster.stored", unit=stand.unit.name), "lead"),
        Say(words("receipt.stored"), "note"),
        Say(written, "quote"),
        Say(words("receipt.suggestion_after_months", count=stand.flow.retention_months), "note"),
        _more(words),
    )
    state = _close_state(stand, written, STORED)
    return Card(words("receipt.title"), blocks, words.language, state=state, place=STORED)


def _find_like(stand: Stand, written: str) -> list[Choice]:
    return find_like(stand.session, stand.unit.id or 0, written)


def _close_state(stand: Stand, written: str, place: str) -> str:
    return close_state(stand.parts, _what_travels(stand, place) | {"text": written})


def _open_state(stand: Stand, state: str, place: str) -> str | None:
    """What was written, where the state is of a card at this place of this poster, in this round."""
    document = open_state(stand.parts, state)
    if document is None or document != _what_travels(stand, place) | {"text": document.get("text")}:
        return None
    return clean(str(document["text"])) or None


def _what_travels(stand: Stand, place: str) -> dict[str, Any]:
    return {"poster": stand.poster_id, "run": stand.run.id, "place": place}


def _more(words: Words) -> Buttons:
    return Buttons((Button(words("poster.more"), "again"),))
