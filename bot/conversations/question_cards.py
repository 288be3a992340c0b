"""The cards of a flow, as people see them: the promise first, then what is asked."""

from collections.abc import Mapping, Sequence

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Say
from bot.rounds.promises import make_promise
from bot.words import Words
from flows.engine import Mended
from flows.fields import AnyField, Nearest, NumberField, TextField, Value, WithOptions
from flows.model import Flow, Kind, Step


def make_question_card(
    flow: Flow,
    step: Step,
    words: Words,
    *,
    leader: str | None,
    is_first: bool,
    is_last: bool,
    written: Mapping[str, Value] | None = None,
    mended: Mended | None = None,
    choices: Mapping[str, Sequence[Choice]] | None = None,
    state: str = "",
    offers_to_regret: bool = False,
    browser: Button | None = None,
) -> Card:
    """One step as a card. On the first one stands the promise; on the last one the button sends it all.
    `offers_to_regret`: where no card tells that there is an answer, the way to delete it stands on the first one.
    `browser`: where the platform keeps a copy of what is sent, the way to where there is none, with a word about it."""
    language = words.language
    blocks: list[Block] = []
    if is_first:
        blocks += make_promise(flow, words, leader)
    if browser:
        blocks.append(Say(words("elsewhere.copy"), "note"))
    if step.say:
        blocks.append(Say(step.say.to(language), "lead"))
    if any(isinstance(one, TextField) for one in step.fields):
        blocks.append(Say(words("promise.text_warning"), "note"))
    for field in step.fields:
        if isinstance(field, Nearest) and (suggestion := (written or {}).get(field.of)):
            blocks += [Say(words("answer.you_wrote"), "note"), Say(str(suggestion), "quote")]
    blocks += [
        _make_ask(field, words, written or {}, mended, (choices or {}).get(field.id, ())) for field in step.fields
    ]
    send = Button(_say_send(flow, step, words, leader, is_last), "send", style="primary")
    regret = (Button(words("answered.with_code"), "regret", style="quiet"),) if offers_to_regret and is_first else ()
    elsewhere = (browser,) if browser else ()
    blocks.append(Buttons((send, *_leave(words, is_first), *regret, *elsewhere)))
    kicker = words("question.minutes", count=max(1, round(flow.minutes))) if is_first else ""
    return Card(flow.title.to(language), tuple(blocks), language, kicker, state, place=step.id)


def _leave(words: Words, is_first: bool) -> tuple[Button, ...]:
    if is_first:
        return (Button(words("answer.later"), "later", style="quiet"),)
    return (Button(words("answer.back"), "back", style="quiet"),)


def _say_send(flow: Flow, step: Step, words: Words, leader: str | None, is_last: bool) -> str:
    if not is_last:
        # What follows then is at most a look at what others have suggested: pressing it may store and show the text.
        has_all = flow.kind is Kind.contribution and _only_compares_after(flow, step)
        return words("answer.send_suggestion" if has_all else "answer.next")
    if flow.kind is Kind.named and leader:
        return words("answer.send_to", leader=leader.split()[0])
    return words("answer.send")


def _only_compares_after(flow: Flow, step: Step) -> bool:
    later = flow.steps[flow.steps.index(step) + 1 :]
    return all(isinstance(field, Nearest) for one in later for field in one.fields)


def _make_ask(
    field: AnyField, words: Words, written: Mapping[str, Value], mended: Mended | None, offered: Sequence[Choice]
) -> Ask:
    language = words.language
    before = mended.written.get(field.id, []) if mended else _as_written(written.get(field.id))
    problem = mended.problems.get(field.id) if mended else None
    options = tuple(Choice(one.id, one.to(language)) for one in getattr(field, "options", ()))
    if isinstance(field, Nearest):
        options = (*offered, Choice("mine", field.keep.to(language)))
    return Ask(
        id=field.id,
        kind="choose" if isinstance(field, Nearest) else field.kind,
        label=field.label.to(language),
        hint=field.hint.to(language) if field.hint else "",
        required=field.required,
        choices=options if isinstance(field, WithOptions | Nearest) else (),
        written=tuple(before),
        problem=words(problem.key, **problem.with_words) if problem else "",
        max_length=field.max_length if isinstance(field, TextField) else 0,
        rows=field.rows if isinstance(field, TextField) else 1,
        least=field.least if isinstance(field, NumberField) else None,
        most=field.most if isinstance(field, NumberField) else None,
    )


def _as_written(value: Value | None) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    return [f"{value:g}" if isinstance(value, float) else str(value)]
