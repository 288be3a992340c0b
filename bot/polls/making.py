"""From a composed poll to a flow, by the same model as every other; nothing after this knows that it is a poll."""

from collections.abc import Collection

from bot.words import words_in
from flows.fields import LONGEST_TEXT, AnyField, Choose, ChooseSeveral, Option, Scale, TextField
from flows.loading import load_scales
from flows.model import Audience, Flow, Kind, Outcome, Step
from flows.polls import POLL, Answering, Composed
from flows.schedule import Schedule
from flows.text import LANGUAGES, Text

RETENTION_MONTHS = 12
REMINDED_BEFORE_DEADLINE_DAYS = 3
LEAST_DAYS_WITH_A_REMINDER = 6


def make_flow(composed: Composed, poll_id: int, group: str, paths: Collection[str], language: str) -> Flow:
    """The flow of a poll of the group with this name, to those who belong to the places at `paths`.

    What the composer has written stands as it is in all languages, and the card says which one it is; every other
    sentence is Medvirk's own. Raises pydantic's ValidationError for what the model refuses.
    """
    # Who may read a text is said beside it: it is the one thing in an anonymous poll that is shown as it was written.
    hint = _say("poll.text_hint", group=group) if composed.kind is Kind.anonymous else None
    fields: list[AnyField] = [_make_field(composed, hint)]
    if composed.more:
        fields.append(TextField(id="more", kind="text", label=_say("poll.more_label"), hint=hint, rows=3))
    days = composed.days
    return Flow(
        name=f"{POLL}_{poll_id}",
        kind=Kind(composed.kind),
        title=_as_it_is(composed.title),
        purpose=_say("poll.purpose", group=group),
        not_used_for=_say("poll.not_used_for"),
        seen_by=("group",),
        asked_by=group,
        discussed_as=POLL,
        audience=Audience(within=tuple(paths), people=composed.people),
        schedule=Schedule(on_demand=True),
        minutes=2 if composed.more or composed.answer is Answering.text else 1,
        deadline_days=days,
        remind_after_days=(days - REMINDED_BEFORE_DEADLINE_DAYS,) if days >= LEAST_DAYS_WITH_A_REMINDER else (),
        if_over_budget="wait",
        retention_months=RETENTION_MONTHS,
        steps=(Step(id="asked", say=_say_who_asks(group, language), fields=tuple(fields)),),
        outcome=Outcome(kind="indicators"),
    )


def _make_field(composed: Composed, text_hint: Text | None) -> AnyField:
    label = _as_it_is(composed.question)
    options = tuple(
        Option(id=f"option_{number}", nb=one, nn=one, en=one) for number, one in enumerate(composed.options, 1)
    )
    match composed.answer:
        case Answering.choose:
            return Choose(id="answer", kind="choose", label=label, options=options)
        case Answering.choose_several:
            return ChooseSeveral(id="answer", kind="choose_several", label=label, options=options)
        case Answering.frequency:
            points = load_scales()["frequency"]
            return Scale(id="answer", kind="scale", scale="frequency", label=label, options=points)
        case Answering.text:
            return TextField(id="answer", kind="text", label=label, hint=text_hint, max_length=LONGEST_TEXT, rows=4)


def _say_who_asks(group: str, language: str) -> Text:
    """Who asks; to readers of another language also in which one the question is written."""
    said = {}
    for one in LANGUAGES:
        words = words_in(one)
        said[one] = words("poll.asks", group=group)
        if one != language:
            said[one] += f" {words(f'poll.written_in.{language}')}"
    return Text(**said)


def _say(key: str, **values: object) -> Text:
    return Text(**{one: words_in(one)(key, **values) for one in LANGUAGES})


def _as_it_is(text: str) -> Text:
    return Text(nb=text, nn=text, en=text)
