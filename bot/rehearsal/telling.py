"""A rehearsal in words: one card for the terminal's reader, and the parts a page for representatives is made of."""

from collections.abc import Iterable, Sequence

from bot.cards import Bar, Block, Card, Chart, Heading, Say
from bot.rehearsal.facts import AskedDay, Rehearsal, Sight
from bot.words import Words
from flows.attention import FEWEST_COUNTED
from flows.model import Kind
from flows.schedule import local_day

MOST_UNITS_NAMED = 12


def tell(rehearsal: Rehearsal, organisation: str, words: Words, *, with_names: bool = False) -> Card:
    """All of it as one card. With `with_names`, who is asked when: for the administrator's terminal alone."""
    blocks: list[Block] = [
        *say_circumstances(rehearsal, organisation, words),
        Heading(words("rehearsal.who")),
        *say_asked(rehearsal, words, fewest=0),
        Chart(words("rehearsal.per_unit"), tuple(Bar(name, str(count)) for name, count in rehearsal.asked.by_unit)),
        *say_left_alone(rehearsal, words, fewest=0),
    ]
    if with_names:
        blocks += [Heading(words("rehearsal.names")), *_say_names(rehearsal, words)]
    blocks += say_sights(rehearsal, words)
    title = words("rehearsal.title", title=rehearsal.play.flow.title.to(words.language))
    return Card(title, tuple(blocks), words.language, kicker=words("rehearsal.made_up"))


def say_circumstances(rehearsal: Rehearsal, organisation: str, words: Words) -> list[Block]:
    """That all is made up, on whom it was rehearsed, and what is missing before it may happen in truth."""
    where = "rehearsal.on_sample" if rehearsal.is_sample else "rehearsal.on_own"
    percent = round(100 * rehearsal.play.share)
    blocks: list[Block] = [
        Say(words("rehearsal.made_up_note"), "lead"),
        Say(words(where, organisation=organisation)),
        Say(words("rehearsal.answering", percent=percent), "note"),
    ]
    if rehearsal.play.flow.schedule.on_demand:
        day = words.day(local_day(rehearsal.opens_at, rehearsal.zone))
        blocks.append(Say(words("rehearsal.on_demand", day=day), "note"))
    if rehearsal.on_course:
        blocks.append(Say(words("rehearsal.on_course", count=rehearsal.on_course), "note"))
    if rehearsal.undiscussed:
        employers = [
            words("rehearsal.employer", name=name, count=count) for name, count in rehearsal.undiscussed.items()
        ]
        blocks.append(Say(words("rehearsal.undiscussed", employers=words.list(employers)), "warning"))
    return blocks


def say_asked(rehearsal: Rehearsal, words: Words, *, fewest: int = FEWEST_COUNTED) -> list[Block]:
    """How many, over which days and hours, what it costs, and how many would be reminded. Fewer than `fewest` are not
    counted aloud: a day with so few is told together with the days beside it."""
    asked, flow, zone = rehearsal.asked, rehearsal.play.flow, rehearsal.zone
    opens, closes = words.moment(rehearsal.opens_at, zone), words.moment(rehearsal.closes_at, zone)
    blocks: list[Block] = [Say(words("rehearsal.opens", moment=opens, deadline=closes))]
    if not asked.people:
        return [*blocks, Say(words("rehearsal.nobody_asked"))]
    if asked.people < fewest:
        return [*blocks, Say(words("rehearsal.asked_few", count=fewest))]
    blocks.append(Say(words("rehearsal.asked", count=asked.people)))
    bars = [_draw_days(days, asked.people, words) for days in _join_small(asked.days, fewest)]
    blocks.append(Chart(words("rehearsal.per_day"), tuple(bars)))
    blocks.append(Say(words("rehearsal.minutes", count=round(asked.people * flow.minutes))))
    for number, people in enumerate(rehearsal.reminded, 1):
        few = people < fewest
        key = "rehearsal.reminder_few" if few else "rehearsal.reminder"
        blocks.append(Say(words(key, number=number, count=fewest if few else people)))
    return blocks if rehearsal.reminded else [*blocks, Say(words("rehearsal.no_reminder"))]


def _join_small(days: Iterable[AskedDay], fewest: int) -> list[list[AskedDay]]:
    """The days in their order, those with fewer than `fewest` together with the next, or at the end with those before:
    from figures of whole days alone nothing about fewer can be worked out."""
    joined: list[list[AskedDay]] = [[]]
    for day in days:
        if joined[-1] and _count(joined[-1]) >= fewest:
            joined.append([])
        joined[-1].append(day)
    if len(joined) > 1 and _count(joined[-1]) < fewest:
        rest = joined.pop()
        joined[-1] += rest
    return joined


def _count(days: Iterable[AskedDay]) -> int:
    return sum(one.people for one in days)


def _draw_days(days: Sequence[AskedDay], asked: int, words: Words) -> Bar:
    first, last = words.day(days[0].day), words.day(days[-1].day)
    label = first if len(days) == 1 else words("rehearsal.days", first=first, last=last)
    people = _count(days)
    clocks = AskedDay(days[0].day, people, min(one.first for one in days), max(one.last for one in days))
    return Bar(label, _say_clocks(clocks, words), round(100 * people / asked))


def say_left_alone(rehearsal: Rehearsal, words: Words, *, fewest: int = FEWEST_COUNTED) -> list[Block]:
    """How many would be left alone, by reason. Fewer than `fewest` are not counted aloud, nor is a sum that would
    tell them."""
    left = rehearsal.asked.left_alone
    if not left:
        return [Say(words("demo.nobody_left_alone"))]
    fewer = words("rehearsal.fewer_than", count=fewest)
    bars = [
        Bar(words(f"demo.left_alone.{reason}"), str(count) if count >= fewest else fewer)
        for reason, count in left.items()
    ]
    all_are_counted = min(left.values()) >= fewest
    title = words("rehearsal.left_alone", count=sum(left.values())) if all_are_counted else ""
    return [Chart(title or words("rehearsal.some_left_alone"), tuple(bars))]


def say_sights(rehearsal: Rehearsal, words: Words) -> list[Block]:
    """What each sort of reader would see, or that there is nothing to see."""
    if not rehearsal.sights:
        return [Say(words("rehearsal.nothing_seen"))]
    return [block for sight in rehearsal.sights for block in _say_sight(sight, words)]


def _say_sight(sight: Sight, words: Words) -> list[Block]:
    """One sort of sight: for which units and readers, and an example with made-up answers."""
    blocks: list[Block] = [
        Heading(words(f"rehearsal.sort.{sight.sort}")),
        Say(words("rehearsal.for_units", count=len(sight.units), units=_name_units(sight.units, words))),
    ]
    readers = [words(f"rehearsal.readers.{role}", count=count) for role, count in sight.readers.items()]
    said = words("rehearsal.read_by", readers=words.list(readers)) if readers else words("rehearsal.nobody_reads")
    blocks.append(Say(said, "note"))
    if sight.example:
        key = "rehearsal.example_named" if sight.sort == Kind.named else "rehearsal.example"
        blocks.append(Say(f"{words(key, unit=sight.example_unit)} {words('rehearsal.made_up')}.", "note"))
        blocks += [block for block in sight.example if not isinstance(block, Heading)]  # what it is about is known
    elif sight.sort == Kind.named:
        blocks.append(Say(words("rehearsal.no_answers")))
    return blocks


def _name_units(units: Sequence[str], words: Words) -> str:
    named = list(units[:MOST_UNITS_NAMED])
    more = len(units) - len(named)
    return words.list([*named, words("rehearsal.more_units", count=more)] if more else named)


def _say_clocks(day: AskedDay, words: Words) -> str:
    first, last = words.clock(day.first), words.clock(day.last)
    if first == last:
        return words("rehearsal.at", people=day.people, clock=first)
    return words("rehearsal.between", people=day.people, first=first, last=last)


def _say_names(rehearsal: Rehearsal, words: Words) -> list[Block]:
    bars = [Bar(f"{name}, {unit}", words.moment(at, rehearsal.zone)) for name, unit, at in rehearsal.asked.names]
    return [Chart("", tuple(bars))]
