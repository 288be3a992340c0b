"""The two cards on which a poll is composed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Find
from bot.conversations.poll_places import MOST_FOUND, Offer, offer_groups, offer_units
from bot.words import Words
from flows.fields import MOST_OPTIONS
from flows.polls import FEWEST_DAYS, LONGEST_QUESTION, LONGEST_TITLE, MOST_DAYS, Answering, Raw
from flows.values import Unreadable
from storage.tables import Unit

DAYS = "11"
SEARCHED = ("units", "groups")  # fields that may have more to choose among than they show
NOTHING: Mapping[str, str] = {}

Problems = Mapping[str, Unreadable]


def name_search(field: str) -> str:
    """The field in which one writes what to look for."""
    return f"find_{field}"


def make_form_card(
    which: str,
    raw: Raw,
    problems: Problems,
    words: Words,
    group: Unit,
    places: Sequence[Unit],
    state: str,
    sought: Mapping[str, str] = NOTHING,
) -> Card:
    """One of the two cards of the form, "question" or "audience", with what was written and what is to be mended, and
    what was found for the words `sought`, by field."""
    asks = _ask_question(raw, words) if which == "question" else _ask_audience(raw, words, group, places, sought)
    blocks: list[Block] = [_mend(one, problems, words) if isinstance(one, Ask) else one for one in asks]
    if which == "question":
        onward = Button(words("answer.next"), "to_audience", style="primary")
        back = Button(words("poll.leave"), "leave", style="quiet")
    else:
        onward = Button(words("poll.look"), "preview", style="primary")
        back = Button(words("answer.back"), "to_question", style="quiet")
    kicker = words("poll.step", number=1 if which == "question" else 2, total=2)
    title = words(f"poll.{which}_title")
    return Card(
        title, (*blocks, Buttons((onward, back))), words.language, f"{group.name} · {kicker}", state, place=which
    )


def _ask_question(raw: Raw, words: Words) -> list[Block]:
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


def _ask_audience(
    raw: Raw, words: Words, group: Unit, places: Sequence[Unit], sought: Mapping[str, str]
) -> list[Block]:
    units = offer_units(places, group, _written(raw, "units"), sought.get("units", ""))
    groups = offer_groups(places, _written(raw, "groups"), sought.get("groups", ""))
    people = tuple(Choice(one, words(f"poll.people.{one}")) for one in ("everyone", "leaders"))
    kept = tuple(Choice(one, words(f"poll.kept.{one}")) for one in ("anonymous", "named"))
    hint = words("poll.hint.days", least=FEWEST_DAYS, most=MOST_DAYS)
    return [
        *_several("units", words, raw, units, sought.get("units", "")),
        *_several("groups", words, raw, groups, sought.get("groups", "")),
        Ask("people", "choose", words("poll.ask.people"), "", True, people, _written(raw, "people", "everyone")),
        Ask("days", "number", words("poll.ask.days"), hint, True, written=_written(raw, "days", DAYS)),
        Ask("kept", "choose", words("poll.ask.kept"), "", True, kept, _written(raw, "kept", "anonymous")),
    ]


def _several(name: str, words: Words, raw: Raw, offer: Offer, sought: str) -> Iterator[Block]:
    """The field, and where there are more than it shows, one to find them."""
    told = _tell_found(words, offer.found, sought)
    label, written = words(f"poll.ask.{name}"), _written(raw, name)
    yield Ask(name, "choose_several", label, told, False, offer.choices, written, is_searched=offer.has_more)
    if offer.has_more:
        problem = words("poll.found.none", sought=sought) if sought and not offer.found else ""
        search = Ask(name_search(name), "text", words(f"poll.find.{name}"), words("poll.find.hint"), problem=problem)
        yield Find(search, Button(words(f"poll.find.look.{name}"), "find"))


def _tell_found(words: Words, count: int, sought: str) -> str:
    if not count:
        return ""
    if count <= MOST_FOUND:
        return words("poll.found.all", sought=sought, count=count)
    return words("poll.found.first", sought=sought, count=count, most=MOST_FOUND)


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
