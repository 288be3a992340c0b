"""The card that shows what sending a poll would do: who is asked, what it costs, what comes of it, and how it looks."""

from collections.abc import Mapping

from bot.cards import Ask, Block, Button, Buttons, Card, Heading, Say
from bot.conversations.question_cards import make_question_card
from bot.polls.foreseeing import Foreseen
from bot.rounds.promises import threshold_of
from bot.words import Words
from flows.polls import FEWEST_DECLARED
from flows.prospects import Outlook, Prospect, count_before_figures, count_to_ask
from flows.questions import find_questions
from storage.tables import Unit

PREVIEW = "preview"  # the place of the card
MOST_PROSPECTS = 12
ROUNDED_TO = 5  # more would only seem exact: how many are asked in the end is not known


def make_preview_card(
    foreseen: Foreseen, words: Words, group: Unit, names: Mapping[int, str], reader: str, state: str
) -> Card:
    """Before it is sent: who will be asked, what it costs, what the group will see, and the card itself."""
    blocks: list[Block] = [Say(words(one.key, **one.with_words), "warning") for one in foreseen.problems]
    if foreseen.wait is not None:
        moment = words.moment(foreseen.wait.until, foreseen.occurrence.zone)
        blocks.append(Say(words("poll.next_at", moment=moment), "note"))
    if who := _say_who(foreseen, words):
        blocks += [Heading(words("poll.who")), *who]
    if what := _say_what(foreseen, words, names, reader):
        blocks += [Heading(words("poll.what")), *what]
    blocks += [Heading(words("poll.how")), *_show_card(foreseen, words, reader)]
    change = (
        Button(words("poll.change_question"), "to_question"),
        Button(words("poll.change_audience"), "to_audience"),
    )
    back = Button(words("poll.back_to_group"), "leave", style="quiet")
    send = (Button(words("poll.send"), "send", style="primary"),) if not foreseen.problems else ()
    blocks.append(Buttons((*send, *change, back)))
    title = words("poll.preview_title", title=foreseen.flow.title.to(words.language))
    return Card(title, tuple(blocks), words.language, group.name, state, place=PREVIEW)


def _say_who(foreseen: Foreseen, words: Words) -> list[Block]:
    """How many may be asked, and why some of them may be left alone: never who or how many."""
    when = Say(words("poll.when", count=foreseen.flow.deadline_days), "note")
    if foreseen.declared < FEWEST_DECLARED:
        return [when] if foreseen.declared else []
    not_discussed = foreseen.declared > foreseen.discussed
    blocks: list[Block] = [Say(words("poll.not_discussed"), "note")] if not_discussed else []
    if not foreseen.may_be_asked:
        return blocks
    people, minutes = _about(foreseen.may_be_asked, words), _about(round(foreseen.minutes), words)
    budget = foreseen.budget
    takes = words("poll.takes", questions=budget.questions, minutes=f"{budget.minutes:g}", days=budget.days)
    left = [words("poll.left")]
    if foreseen.partition is not None:
        left.append(words("poll.if_few", least=foreseen.partition.minimum))
    cost = Say(_capital(words("poll.asked", people=people, minutes=minutes)), "lead")
    return [cost, when, Say(takes, "note"), *blocks, Say(" ".join(left), "note")]


def _about(number: int, words: Words) -> str:
    """'om lag 35', or 'noen få' under five."""
    if number < ROUNDED_TO:
        return words("figure.few")
    return words("poll.about", number=ROUNDED_TO * round(number / ROUNDED_TO))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say_what(foreseen: Foreseen, words: Words, names: Mapping[int, str], reader: str) -> list[Block]:
    """What the group would probably get to see, and who else; nothing where it is not known who would be asked."""
    if foreseen.is_too_small:
        return [Say(words("poll.sees_too_few", least=FEWEST_DECLARED))]
    if not foreseen.may_be_asked:
        return []
    if foreseen.partition is None:
        return [Say(words("poll.sees_named", reader=reader)), Say(words("poll.sees_names_logged"), "note")]
    questions, thresholds = find_questions(foreseen.flow), threshold_of(foreseen.flow)
    leaders = Say(words("poll.leaders_learn"), "note")
    least = count_before_figures(questions, thresholds)
    if foreseen.declared < (asked := count_to_ask(least, thresholds)):
        return [Say(words("poll.sees_never", least=least, asked=asked), "warning"), leaders]
    blocks: list[Block] = []
    if gives_figures := questions[0].kind != "text":
        blocks += [Say(words("poll.sees_whole", least=least)), *_say_parts(foreseen, questions[0].field, words, names)]
    if any(one.kind == "text" for one in questions):
        texts = words("preview.texts", respondents=thresholds.text_respondents, texts=thresholds.texts)
        blocks.append(Say(texts, "note" if gives_figures else "plain"))
    return [*blocks, Say(words(f"poll.asked_get.{_find_share(foreseen, gives_figures)}"), "note"), leaders]


def _find_share(foreseen: Foreseen, gives_figures: bool) -> str:
    """What those who are asked get of it."""
    if not gives_figures:
        return "no_texts"
    if len(foreseen.prospects) == 1:
        return "whole"
    return "pooled" if any(len(one.units) > 1 for one in foreseen.prospects) else "own"


def _say_parts(foreseen: Foreseen, field: str, words: Words, names: Mapping[int, str]) -> list[Block]:
    """The figures of each group of units beside the whole, or why there are none."""
    first, *more = foreseen.prospects
    if not more:
        return [Say(words("poll.sees_pooled"), "note")] if len(first.units) > 1 else []
    blocks: list[Block] = [_say_prospect(one, field, words, names) for one in foreseen.prospects[:MOST_PROSPECTS]]
    if left := len(foreseen.prospects) - len(blocks):
        blocks.append(Say(words("poll.more_parts", count=left), "note"))
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
            if block.hint:
                blocks.append(Say(block.hint, "note"))
            if block.choices:
                blocks.append(Say(" · ".join(one.label for one in block.choices), "note"))
        elif isinstance(block, Say):
            blocks.append(Say(block.text, "note"))
    return blocks
