"""A flow as people will see it, before anybody does: every card, who sees what, and what may be shown."""

from bot.cards import as_text
from bot.conversations.question_cards import make_question_card
from bot.rounds.promises import threshold_of
from bot.words import Words
from flows.engine import is_last
from flows.fields import TextField
from flows.model import Flow, Step


def preview(flow: Flow, words: Words) -> str:
    """All cards in their order with the condition each waits for, and last what readers will get."""
    parts = []
    for number, step in enumerate(flow.steps, 1):
        card = make_question_card(flow, step, words, leader=None, is_first=number == 1, is_last=is_last(flow, step, {}))
        head = words("preview.card", number=number, total=len(flow.steps))
        parts.append("\n".join([f"── {head} {say_condition(flow, step, words)}".rstrip(), "", as_text(card)]))
    parts.append("\n".join([f"── {words('preview.readers')}", "", *say_readers(flow, words)]))
    return "\n".join(parts)


def say_condition(flow: Flow, step: Step, words: Words) -> str:
    """For whom a card is that not everybody sees; empty where everybody does."""
    if step.when is None:
        return ""
    _, field = flow.find_field(step.when.field)
    labels = {one.id: one.to(words.language) for one in getattr(field, "options", ())}
    chosen = words.list([labels[one] for one in step.when.is_])
    return words("preview.condition", question=field.label.to(words.language), chosen=chosen)


def say_readers(flow: Flow, words: Words) -> list[str]:
    """Who sees what, and from how many answers on: a sentence each."""
    lines = [words(f"preview.sees.{one}") for one in flow.seen_by] if not flow.kind.is_sealed else []
    if flow.kind.is_sealed:
        least = threshold_of(flow)
        lines += [words(f"preview.figures.{one}") for one in flow.seen_by if one != "unit"]
        lines.append(words("preview.least", invited=least.invited, respondents=least.respondents))
        lines.append(words("preview.asked"))
        if any(isinstance(field, TextField) for field in flow.fields):
            lines.append(words("preview.texts", respondents=least.text_respondents, texts=least.texts))
    lines.append(words("preview.nobody_else"))
    return lines
