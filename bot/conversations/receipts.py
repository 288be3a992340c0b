"""Receipts: what was stored, who can see it, until when, and how to regret. Shown at once, never kept as a message."""

from collections.abc import Mapping
from typing import Any

from bot.cards import Ask, Block, Button, Buttons, Card, Say
from bot.conversations.sitting import Sitting
from bot.outcomes import Kept
from bot.rounds.promises import name_readers
from bot.words import Words
from flows.engine import Progress
from flows.fields import WithOptions
from flows.model import Flow, Kind
from flows.schedule import local_day
from storage.answers import named_answer


def make_receipt(sitting: Sitting, progress: Progress, kept: Kept, code: str = "") -> Card:
    """The receipt of one submission. The code of a sealed one stands here and nowhere else."""
    words, flow, run = sitting.words, sitting.flow, sitting.run
    leader = sitting.asked.leader or words("promise.reader.no_leader")
    closes_on = words.day(local_day(run.closes_at, run.zone))
    blocks: list[Block] = [Say(words(kept.key, leader=leader, **kept.with_words), "lead")]
    if flow.kind.is_sealed:
        readers = name_readers(flow, words, sitting.asked.leader)
        blocks.append(Say(words("receipt.sealed_readers", readers=readers, day=closes_on)))
        if flow.series is not None:
            blocks.append(Say(words("receipt.linked"), "note"))
    elif kept.is_stored and not _is_unsaid(sitting):
        blocks += [Say(words("receipt.stored"), "note"), *say_values(flow, progress.values, words.language)]
    blocks += _say_until(sitting, kept)
    if code:
        blocks += [Say(words("receipt.code", day=closes_on)), Say(code, "code"), Say(words("receipt.keep_code"))]
    buttons = _offer_more(sitting, kept)
    if buttons:
        blocks.append(Buttons(buttons))
    return Card(words("receipt.title"), tuple(blocks), words.language)


def _is_unsaid(sitting: Sitting) -> bool:
    """Whether what was answered by name is not repeated here, since the platform would keep it."""
    return sitting.visit.is_on_record and sitting.flow.kind is Kind.named


def _say_until(sitting: Sitting, kept: Kept) -> list[Say]:
    """How long it is kept, who wrote a suggestion, and what may still be done with it. By a slip all read the same,
    whoever was first with these words."""
    words, flow, is_by_paper = sitting.words, sitting.flow, sitting.visit.is_by_paper
    if flow.kind is not Kind.contribution:
        said = [words("receipt.after_months", count=flow.retention_months)]
        if flow.kind is Kind.named and not is_by_paper:
            said.append(
                words("receipt.change_named", day=words.day(local_day(sitting.run.closes_at, sitting.run.zone)))
            )
        return [Say(one, "note") for one in said]
    said = [words("receipt.suggestion_after_months", count=flow.retention_months)] if kept.is_stored else []
    if is_by_paper and kept.is_stored:
        said.insert(0, words("receipt.author_kept_on_paper"))
    elif kept.theme_id is not None:
        said.insert(0, words("receipt.author_kept"))
    return [Say(one, "note") for one in said]


def _offer_more(sitting: Sitting, kept: Kept) -> tuple[Button, ...]:
    """What may be done next: suggest more, and, not by a slip, undo it."""
    words, kind, is_by_paper = sitting.words, sitting.flow.kind, sitting.visit.is_by_paper
    buttons = [Button(words("receipt.more"), "again")] if kind is Kind.contribution else []
    if kept.theme_id is not None and not is_by_paper:
        buttons.append(Button(words("suggestions.withdraw"), f"take_back:{kept.theme_id}", style="quiet"))
    if kind is Kind.named and not is_by_paper:
        buttons += _offer_to_change(words)
    return tuple(buttons)


def _offer_to_change(words: Words) -> tuple[Button, ...]:
    return Button(words("answered.change"), "change"), Button(words("answered.withdraw"), "withdraw")


def say_values(flow: Flow, values: Mapping[str, Any], language: str) -> list[Say]:
    """What was answered, question by question, in the person's own language."""
    said = []
    for step in flow.steps:
        for field in step.fields:
            value = values.get(field.id)
            if value is None or field.kind == "nearest":
                continue
            labels = {one.id: one.to(language) for one in field.options} if isinstance(field, WithOptions) else {}
            chosen = value if isinstance(value, list) else [value]
            shown = ", ".join(
                labels.get(str(one), f"{one:g}" if isinstance(one, float) else str(one)) for one in chosen
            )
            said += [Say(field.label.to(language), "note"), Say(shown, "quote")]
    return said


def make_answered_card(sitting: Sitting, problem: str = "", *, state: str = "", place: str | None = None) -> Card:
    """What somebody sees who has answered before: that it counts once, and how to regret. With a `problem` about the
    code, at the `place` where that may be read again."""
    words, flow = sitting.words, sitting.flow
    if flow.kind is Kind.named:
        return _make_named_card(sitting)
    return _ask_for_code(sitting, words("answered.title"), (Say(words("answered.once")),), problem, state, place)


def make_regret_card(sitting: Sitting, problem: str = "", *, state: str = "", place: str | None = None) -> Card:
    """The way to regret by a slip: it asks for a code and tells nobody whether there is an answer."""
    return _ask_for_code(sitting, sitting.words("answered.delete"), (), problem, state, place)


def _ask_for_code(
    sitting: Sitting, title: str, first: tuple[Block, ...], problem: str, state: str, place: str | None
) -> Card:
    words = sitting.words
    blocks: list[Block] = [
        *first,
        Say(words("answered.deleting_ends_it"), "note"),
        Ask("code", "text", words("answered.code_label"), words("answered.code_hint"), problem=problem),
        Buttons((Button(words("answered.delete"), "delete"),)),
    ]
    return Card(title, tuple(blocks), words.language, state=state, place=place)


def _make_named_card(sitting: Sitting) -> Card:
    words = sitting.words
    answer = named_answer(sitting.session, sitting.run.id, sitting.visit.person_id)
    values = answer.values if answer and not _is_unsaid(sitting) else {}
    blocks: list[Block] = list(say_values(sitting.flow, values, words.language))
    blocks.append(Say(words("receipt.named", leader=sitting.asked.leader or words("promise.reader.no_leader")), "note"))
    blocks.append(Buttons(_offer_to_change(words)))
    return Card(words("answered.named_title"), tuple(blocks), words.language)
