"""The cards on which a poll is composed, and the one that shows what sending it would do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Heading, Say
from bot.conversations.question_cards import make_question_card
from bot.polls.foreseeing import Foreseen
from bot.promises import threshold_of
from bot.words import Words
from flows.attention import FEWEST_COUNTED
from flows.fields import MOST_OPTIONS
from flows.polls import FEWEST_DAYS, FEWEST_DECLARED, LONGEST_QUESTION, LONGEST_TITLE, MOST_DAYS, Answering, Raw
from flows.prospects import Outlook, Prospect
from flows.questions import find_questions
from flows.values import Unreadable
from storage.tables import Unit

DAYS = "11"
MOST_UNITS = 30  # more are offered from the two top levels alone
MOST_PROSPECTS = 12
MOST_ROUNDED = 5  # a count is rounded to fives: one person more or less does not show

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


def make_preview_card(
    foreseen: Foreseen, words: Words, group: Unit, names: Mapping[int, str], reader: str, state: str
) -> Card:
    """Before it is sent: who will be asked, what it costs, what the group will see, and the card itself."""
    blocks: list[Block] = [Say(words(one.key, **one.with_words), "warning") for one in foreseen.problems]
    if who := _say_who(foreseen, words):
        blocks += [Heading(words("poll.who")), *who]
    if foreseen.audience.when:
        blocks += [Heading(words("poll.what")), *_say_prospects(foreseen, words, names, reader)]
    blocks += [Heading(words("poll.how")), *_show_card(foreseen, words, reader)]
    change = Button(words("poll.change"), "to_question")
    leave = Button(words("poll.leave"), "leave", style="quiet")
    send = (Button(words("poll.send"), "send", style="primary"),) if not foreseen.problems else ()
    blocks.append(Buttons((*send, change, leave)))
    title = words("poll.preview_title", title=foreseen.flow.title.to(words.language))
    return Card(title, tuple(blocks), words.language, group.name, state)


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


def _say_who(foreseen: Foreseen, words: Words) -> list[Block]:
    """How many would be asked, and how many are left alone; never who, and a few never exactly. Where only few are
    chosen, nothing that depends on who is left alone."""
    when = Say(words("poll.when", count=foreseen.flow.deadline_days), "note")
    if foreseen.declared < FEWEST_DECLARED:
        return [when] if foreseen.declared else []
    blocks: list[Block] = []
    if asked := len(foreseen.audience.when):
        minutes = round(foreseen.minutes)
        cost = words("poll.asked", people=_about(asked, words), minutes=_about(minutes, words))
        blocks += [Say(_capital(cost), "lead"), when]
    return [*blocks, *(Say(_capital(one), "note") for one in _say_left_alone(foreseen, words))]


def _say_left_alone(foreseen: Foreseen, words: Words) -> list[str]:
    """The reasons, where each covers enough people; else none of them. Nobody left alone reads like a few."""
    left = Counter(foreseen.audience.left_alone.values()).most_common()
    count = sum(number for _, number in left)
    if count < FEWEST_COUNTED:
        return [words("poll.left_few", count=FEWEST_COUNTED)]
    if left[-1][1] < FEWEST_COUNTED:
        return [words("poll.left_mixed", people=_about(count, words))]
    return [
        words("poll.left", people=_about(number, words), why=words(f"poll.left_alone.{reason}"))
        for reason, number in left
    ]


def _about(number: int, words: Words) -> str:
    """'om lag 35', or 'noen få' under five. Rounded, so that trying one audience after another tells about nobody."""
    if number < MOST_ROUNDED:
        return words("figure.few")
    return words("poll.about", number=MOST_ROUNDED * round(number / MOST_ROUNDED))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say_prospects(foreseen: Foreseen, words: Words, names: Mapping[int, str], reader: str) -> list[Block]:
    if foreseen.partition is None:
        return [Say(words("poll.sees_named", reader=reader)), Say(words("poll.sees_names_logged"), "note")]
    if not foreseen.prospects:
        return []
    questions = find_questions(foreseen.flow)
    first = questions[0]
    blocks: list[Block] = [Say(words("poll.sees_whole", least=foreseen.prospects[0].needs[first.field]))]
    if len(foreseen.prospects) > 1:
        shown = foreseen.prospects[:MOST_PROSPECTS]
        blocks += [_say_prospect(one, first.field, words, names) for one in shown]
        if len(foreseen.prospects) > len(shown):
            blocks.append(Say(words("poll.more_parts", count=len(foreseen.prospects) - len(shown)), "note"))
    elif len(foreseen.prospects[0].units) > 1:
        blocks.append(Say(words("poll.sees_pooled"), "note"))
    if any(one.kind == "text" for one in questions):
        least = threshold_of(foreseen.flow)
        blocks.append(Say(words("preview.texts", respondents=least.text_respondents, texts=least.texts), "note"))
    blocks.append(Say(words("poll.others_see"), "note"))
    return blocks


def _say_prospect(prospect: Prospect, field: str, words: Words, names: Mapping[int, str]) -> Say:
    units = words.list([names[one] for one in prospect.units if one in names])
    outlook: Outlook = prospect.outlook(field)
    key = "poll.part_pooled" if len(prospect.units) > 1 else "poll.part"
    what = words(f"poll.outlook.{outlook}", least=prospect.needs[field])
    return Say(words(key, units=units, people=_about(prospect.invited, words), what=what))


def _show_card(foreseen: Foreseen, words: Words, reader: str) -> list[Block]:
    """The card as those who are asked will see it, to read and not to fill in."""
    flow = foreseen.flow
    card = make_question_card(flow, flow.steps[0], words, leader=reader, is_first=True, is_last=True)
    blocks: list[Block] = [Say(card.title, "lead")]
    for block in card.blocks:
        if isinstance(block, Ask):
            blocks.append(Say(block.label, "quote"))
            if block.choices:
                blocks.append(Say(" · ".join(one.label for one in block.choices), "note"))
        elif isinstance(block, Say):
            blocks.append(Say(block.text, "note"))
    return blocks
