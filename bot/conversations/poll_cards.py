"""The two cards on which a poll is composed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import Ask, Block, Button, Buttons, Card, Choice
from bot.words import Words
from flows.fields import MOST_OPTIONS
from flows.polls import FEWEST_DAYS, LONGEST_QUESTION, LONGEST_TITLE, MOST_DAYS, Answering, Raw
from flows.values import Unreadable
from storage.tables import Unit

DAYS = "11"
MOST_UNITS = 30  # more are offered from the two top levels alone

Problems = Mapping[str, Unreadable]


def make_form_card(
    which: str, raw: Raw, problems: Problems, words: Words, group: Unit, places: Sequence[Unit], state: str
) -> Card:
    """One of the two cards of the form, "question" or "audience", with what was written and what is to be mended."""
    asks = _ask_question(raw, words) if which == "question" else _ask_audience(raw, words, group, places)
    blocks: list[Block] = [_mend(one, problems, words) for one in asks]
    if which == "question":
        onward = Button(words("answer.next"), "to_audience", style="primary")
        back = Button(words("poll.leave"), "leave", style="quiet")
    else:
        onward = Button(words("poll.look"), "preview", style="primary")
        back = Button(words("answer.back"), "to_question", style="quiet")
    kicker = words("poll.step", number=1 if which == "question" else 2, total=2)
    title = words(f"poll.{which}_title")
    return Card(title, (*blocks, Buttons((onward, back))), words.language, f"{group.name} · {kicker}", state)


def offer_places(places: Sequence[Unit], group: Unit) -> list[Unit]:
    """The units and groups to choose among: all of them, or where there are many the two top levels, what lies
    around the group, and the groups."""
    units = [one for one in places if not one.is_group]
    if len(units) > MOST_UNITS:
        around = group.path.rpartition(" / ")[0]
        units = [one for one in units if one.path.count(" / ") < 2 or _is_around(one.path, around)]
    return [*units, *(one for one in places if one.is_group)]


def _is_around(path: str, around: str) -> bool:
    """Whether a unit is the one the group lies in, or stands straight below it."""
    return bool(around) and around in (path, path.rpartition(" / ")[0])


def _ask_question(raw: Raw, words: Words) -> list[Ask]:
    kinds = tuple(Choice(one, words(f"poll.answer.{one}")) for one in Answering)
    return [
        _text("title", words, raw, LONGEST_TITLE, rows=1),
        _text("question", words, raw, LONGEST_QUESTION, rows=3),
        Ask("answer", "choose", words("poll.ask.answer"), "", True, kinds, _written(raw, "answer")),
        Ask(
            "options",
            "text",
            words("poll.ask.options"),
            words("poll.hint.options", most=MOST_OPTIONS),
            written=_written(raw, "options"),
            rows=5,
        ),
        Ask(
            "more",
            "choose_several",
            words("poll.ask.more"),
            choices=(Choice("yes", words("poll.more_yes")),),
            written=_written(raw, "more"),
        ),
    ]


def _ask_audience(raw: Raw, words: Words, group: Unit, places: Sequence[Unit]) -> list[Ask]:
    offered = offer_places(places, group)
    units = tuple(Choice(str(one.id), _name(one)) for one in offered if not one.is_group)
    groups = tuple(Choice(str(one.id), one.name) for one in offered if one.is_group)
    people = tuple(Choice(one, words(f"poll.people.{one}")) for one in ("everyone", "leaders"))
    kept = tuple(Choice(one, words(f"poll.kept.{one}")) for one in ("anonymous", "named"))
    hint = words("poll.hint.days", least=FEWEST_DAYS, most=MOST_DAYS)
    return [
        Ask("units", "choose_several", words("poll.ask.units"), "", False, units, _written(raw, "units")),
        Ask("groups", "choose_several", words("poll.ask.groups"), "", False, groups, _written(raw, "groups")),
        Ask("people", "choose", words("poll.ask.people"), "", False, people, _written(raw, "people", "everyone")),
        Ask("days", "number", words("poll.ask.days"), hint, written=_written(raw, "days", DAYS)),
        Ask("kept", "choose", words("poll.ask.kept"), "", False, kept, _written(raw, "kept", "anonymous")),
    ]


def _name(unit: Unit) -> str:
    """A unit by its path without the top, which all of them have."""
    return unit.path.partition(" / ")[2] or unit.name


def _text(name: str, words: Words, raw: Raw, most: int, rows: int) -> Ask:
    hint = words(f"poll.hint.{name}")
    return Ask(name, "text", words(f"poll.ask.{name}"), hint, True, (), _written(raw, name), "", most, rows)


def _written(raw: Raw, name: str, otherwise: str = "") -> tuple[str, ...]:
    given = tuple(one for one in raw.get(name, ()) if one)
    return given or ((otherwise,) if otherwise else ())


def _mend(ask: Ask, problems: Problems, words: Words) -> Ask:
    problem = problems.get(ask.id)
    if problem is None:
        return ask
    return replace(ask, problem=words(problem.key, **problem.with_words))
