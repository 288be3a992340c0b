"""One step of a sitting as a card, and what travels with it: how far somebody has come, and what must be mended."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards import LONGEST_STATE, Card, Choice, Say
from bot.conversations.elsewhere import offer_browser
from bot.conversations.question_cards import make_question_card
from bot.conversations.sitting import Sitting
from bot.conversations.visit import close_state, open_state
from bot.outcomes import outcome_of
from flows.engine import Mended, Progress, find_next, is_last, rewind
from flows.fields import Nearest
from flows.model import Step
from flows.values import Unreadable, clean


def show_step(sitting: Sitting, progress: Progress, mended: Mended | None = None, warning: str = "") -> Card:
    """The card that comes next. Where it was sent before, `mended` is what was written and what is wrong with it, and
    `warning` the key of a sentence. Both wait with the card, so that Back and Reload find them; only what is too long
    to wait stands on this page alone."""
    step = find_next(sitting.flow, progress)
    assert step is not None, "a flow has at least one card without a condition"
    document = _begin_document(sitting) | {"progress": progress.to_json()}
    visit, is_first = sitting.visit, progress.step is None
    is_warned = is_first and visit.is_on_record
    state = close_state(sitting.parts, document)
    sent = document | {"step": step.id, "warning": warning} | _pack(step, mended)
    whole = close_state(sitting.parts, sent) if mended or warning else state
    can_wait = len(whole) <= LONGEST_STATE
    card = make_question_card(
        sitting.flow,
        step,
        sitting.words,
        leader=sitting.asked.leader,
        is_first=is_first,
        is_last=is_last(sitting.flow, step, progress.values),
        written=progress.values,
        mended=mended,
        choices={one.id: find_choices(sitting, one, progress) for one in step.fields if isinstance(one, Nearest)},
        state=whole if can_wait else state,
        offers_to_regret=visit.is_by_paper and sitting.flow.kind.is_sealed,
        browser=offer_browser(sitting.session, sitting.parts, visit, sitting.at) if is_warned else None,
    )
    if warning:
        card = replace(card, blocks=(Say(sitting.words(warning), "warning"), *card.blocks))
    return card if can_wait else replace(card, place=None)


def show_at(sitting: Sitting, place: str, state: str) -> Card:
    """The card at a place where somebody has been; the one that comes first, where nobody with this state has."""
    document = _open_document(sitting, state) or {}
    progress = rewind(sitting.flow, _progress_in(document) or Progress(), place)
    step = find_next(sitting.flow, progress)
    if step is None or document.get("step") != step.id or place != step.id:
        return show_step(sitting, progress)
    return show_step(sitting, progress, _unpack(document), document["warning"])


def read_progress(sitting: Sitting, state: str) -> Progress | None:
    """How far somebody came in this run, as it travelled with the card; None where it did not, or is another's."""
    return _progress_in(_open_document(sitting, state) or {})


def offers_anything(sitting: Sitting, step: Step, progress: Progress) -> bool:
    """A card with only `nearest` on it is passed over where nothing is near."""
    if not step.fields or not all(isinstance(one, Nearest) for one in step.fields):
        return True
    return any(find_choices(sitting, one, progress) for one in step.fields if isinstance(one, Nearest))


def find_choices(sitting: Sitting, field: Nearest, progress: Progress) -> list[Choice]:
    """What the field offers. One's own is no choice, but by a slip it is: there, what is missing would tell whoever
    holds it what the person has suggested."""
    find, with_own = outcome_of(sitting.flow).find_choices, sitting.visit.is_by_paper
    return find(sitting.session, sitting.asked, field, progress.values, with_own=with_own)


def keep_told(sitting: Sitting, told: str) -> str:
    """The state of a card that says what became of an action, to be read again after a reload."""
    return close_state(sitting.parts, _begin_document(sitting) | {"told": told})


def read_told(sitting: Sitting, state: str) -> str:
    """What it said; nothing where the state is none, or another's."""
    return str((_open_document(sitting, state) or {}).get("told", ""))


def _begin_document(sitting: Sitting) -> dict[str, Any]:
    return {"run": sitting.run.id, "person": sitting.visit.person_id}


def _open_document(sitting: Sitting, state: str) -> dict[str, Any] | None:
    document = open_state(sitting.parts, state)
    whose = _begin_document(sitting)
    return document if document is not None and whose.items() <= document.items() else None


def _progress_in(document: Mapping[str, Any]) -> Progress | None:
    return Progress.from_json(document["progress"]) if "progress" in document else None


def _pack(step: Step, mended: Mended | None) -> dict[str, Any]:
    if mended is None:
        return {"problems": {}, "written": None}
    problems = {name: [problem.key, problem.with_words] for name, problem in mended.problems.items()}
    written = {one.id: [clean(text) for text in mended.written.get(one.id, [])] for one in step.fields}
    return {"problems": problems, "written": written}


def _unpack(document: Mapping[str, Any]) -> Mended | None:
    if document["written"] is None:
        return None
    problems = {name: Unreadable(key, **with_words) for name, (key, with_words) in document["problems"].items()}
    return Mended(problems, document["written"])
