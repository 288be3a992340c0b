"""In front of a poster: anybody suggests something, sees what is like it, and keeps their own words or leaves it.

Who that is, nobody knows and nothing tells: no row but the theme itself, and what is on the way travels with the card.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

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


def show(stand: Stand, mended: Mended | None = None) -> Card:
    """The flow's own question, and what holds for those who come without a link."""
    return make_poster_card(stand.flow, stand.words, mended)


def receive(stand: Stand, action: str, form: Form, state: str, may_store: Callable[[], bool]) -> Card | None:
    """Take what was done; None where `may_store` says that too much came just now. A second time changes nothing."""
    match action.partition(":")[0]:
        case "again":
            return show(stand)
        case "leave":
            words = stand.words
            return Card(words("poster.left_title"), (Say(words("poster.left")), _more(words)), words.language)
        case "language":
            written = _open_state(stand, state)
            return show(stand, Mended({}, form)) if written is None else _show_like(stand, written)
        case "keep":
            written = _open_state(stand, state)
            if written is None:
                fresh = show(stand)
                return replace(fresh, blocks=(Say(stand.words("problem.form_too_old"), "warning"), *fresh.blocks))
            return _keep(stand, written, may_store)
    return _take(stand, form, may_store)


def make_poster_card(flow: Flow, words: Words, mended: Mended | None = None) -> Card:
    """The card of the flow that has the suggestion, without what belongs to a person: no "not now"."""
    step, field = flow.find_field(flow.outcome.fields["suggestion"])
    alone = step.model_copy(update={"fields": (field,)})
    card = make_question_card(flow, alone, words, leader=None, is_first=True, is_last=True, mended=mended)
    blocks = [one for one in card.blocks if not isinstance(one, Buttons)]
    send = Buttons((Button(words("answer.send"), "send", style="primary"),))
    return replace(card, blocks=(Say(words("poster.no_name_asked"), "note"), *blocks, send))


def make_like_card(flow: Flow, words: Words, written: str, like: list[Choice], state: str) -> Card:
    """What is like it already, only to read: without a person nobody can be counted behind it."""
    blocks: list[Block] = [Say(words("answer.you_wrote"), "note"), Say(written, "quote"), Say(words("poster.before"))]
    blocks += [Say(one.label, "quote") for one in like]
    blocks.append(Say(words("poster.not_counted"), "note"))
    keep = Button(words("poster.keep"), "keep", style="primary")
    blocks.append(Buttons((keep, Button(words("poster.leave"), "leave"))))
    return Card(flow.title.to(words.language), tuple(blocks), words.language, state=state)


def _take(stand: Stand, form: Form, may_store: Callable[[], bool]) -> Card | None:
    _, field = stand.flow.find_field(stand.flow.outcome.fields["suggestion"])
    try:
        value = read_value(field, form.get(field.id, []))
        if value is None:
            raise Unreadable("problem.required")
    except Unreadable as problem:
        return show(stand, Mended({field.id: problem}, form))
    written = str(value)
    return _show_like(stand, written) if _find_like(stand, written) else _keep(stand, written, may_store)


def _show_like(stand: Stand, written: str) -> Card:
    state = close_state(stand.parts, {"poster": stand.poster_id, "run": stand.run.id, "text": written})
    return make_like_card(stand.flow, stand.words, written, _find_like(stand, written), state)


def _keep(stand: Stand, written: str, may_store: Callable[[], bool]) -> Card | None:
    if not may_store():
        return None
    words, run = stand.words, stand.run
    assert run.id is not None and stand.unit.id is not None, "both are stored"  # noqa: PT018
    suggest(stand.session, run.id, stand.unit.id, None, written, local_day(stand.at, run.zone))
    blocks = (
        Say(words("poster.stored", unit=stand.unit.name), "lead"),
        Say(words("receipt.stored"), "note"),
        Say(written, "quote"),
        Say(words("receipt.suggestion_after_months", count=stand.flow.retention_months), "note"),
        _more(words),
    )
    return Card(words("receipt.title"), blocks, words.language)


def _find_like(stand: Stand, written: str) -> list[Choice]:
    return find_like(stand.session, stand.unit.id or 0, written)


def _open_state(stand: Stand, state: str) -> str | None:
    document = open_state(stand.parts, state)
    if document is None or (document.get("poster"), document.get("run")) != (stand.poster_id, stand.run.id):
        return None
    return clean(str(document.get("text", ""))) or None


def _more(words: Words) -> Buttons:
    return Buttons((Button(words("poster.more"), "again"),))
