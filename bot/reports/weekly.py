"""The leader's week: at most three decisions, what changed, a sentence for the morning meeting. One screen."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.cards import Acting, Block, Buttons, Card, Heading, Say
from bot.reports.course import make_way_to_course, say_course, say_leaders_answers, say_too_small
from bot.reports.figures import (
    Reading,
    make_headline_chart,
    say_band,
    say_few_answers,
    say_held_back,
    say_invited,
    say_pooled,
    say_rate,
    shows_anything,
)
from bot.reports.polls import say_polls
from bot.reports.readings import load_reading
from bot.reports.unreached import NotReachedLeader, find_unreached, say_unreached
from bot.words import Words
from flows.publication import Extent
from flows.schedule import local_day
from storage.publications import PublishedSupport, published_support
from storage.tables import Decision, Digest, Run, Theme, Unit
from storage.tables.answering import ThemeState
from storage.tables.organisation import RoleName
from storage.tables.telling import Verdict
from storage.themes import decision_on

MOST_DECISIONS = 3
LONG_WAIT_DAYS = 28
ALL_THEMES = "all_themes"  # of the button that shows every theme that waits, and the place where they stand


@dataclass(frozen=True)
class Closed:
    """A round that has closed since the last digest, as this unit's readers may see it."""

    run: Run
    reading: Reading


@dataclass(frozen=True)
class Week:
    """A digest with what its facts point to, as things stand now."""

    digest: Digest
    unit: Unit
    themes: list[tuple[Theme, int]]  # still waiting: the theme, and days waited
    unit_names: dict[int, str]  # of the themes' units
    support: PublishedSupport
    closed: list[Closed]
    too_small: list[Run]  # waves after courses that too few were on
    decided: list[tuple[Decision, Theme]]
    decided_now: list[Theme]  # taken in since this digest was made, to be told in the morning
    polls: list[Run]  # by groups that asked some of the unit's staff
    unreached: list[NotReachedLeader]

    @property
    def leads(self) -> bool:
        return bool(self.digest.facts["role"] == RoleName.leader)

    @property
    def only_coordinates(self) -> bool:
        return bool(self.digest.facts["role"] == RoleName.coordinator)


def figures(session: Session, digest: Digest) -> Week:
    """What the digest points to: themes that still wait, publications, decisions. What is gone is left out."""
    unit = session.get(Unit, digest.unit_id)
    assert unit is not None, "units are never deleted"
    themes, decided_now = [], []
    for fact in digest.facts["themes"]:
        theme = session.get(Theme, fact["id"])
        if theme is not None and theme.state == ThemeState.waiting:
            themes.append((theme, int(fact["waited_days"])))
        decision = decision_on(session, fact["id"]) if theme is not None else None
        if theme is not None and decision is not None and decision.verdict == Verdict.taken_in:
            decided_now.append(theme)
    closed = []
    for fact in digest.facts["runs"]:
        run = session.get(Run, fact["run"])
        reading = load_reading(session, run, digest.unit_id, fact.get("earlier", [])) if run else None
        if run is not None and reading is not None:
            closed.append(Closed(run, reading))
    too_small = [run for run_id in digest.facts.get("too_small", []) if (run := session.get(Run, run_id)) is not None]
    decided = []
    for decision_id in digest.facts["decided"]:
        decision = session.get(Decision, decision_id)
        theme = session.get(Theme, decision.theme_id) if decision else None
        if decision is not None and theme is not None:
            decided.append((decision, theme))
    polls = [run for one in digest.facts.get("polls", []) if (run := session.get(Run, one)) is not None]
    unit_ids = {theme.unit_id for theme, _ in themes} | {theme.unit_id for _, theme in decided}
    units = session.exec(select(Unit).where(col(Unit.id).in_(unit_ids)))
    unit_names = {one.id: one.name for one in units if one.id is not None}
    support, unreached = published_support(session), find_unreached(session, digest)
    return Week(digest, unit, themes, unit_names, support, closed, too_small, decided, decided_now, polls, unreached)


def words_of(
    week: Week,
    words: Words,
    *,
    acting: Acting | None = None,
    is_open: bool = False,
    shows_all: bool = False,
    last: Block | None = None,
) -> Card:
    """The week as a card. With `acting`, decisions have buttons, made by it; otherwise it only tells. `is_open`: it is
    read on its own page, from where ways lead on for all readers. `shows_all`: every theme that waits. `last` is put at
    the end."""
    facts = week.digest.facts
    blocks: list[Block] = []
    if week.leads:
        blocks += say_decisions(week, words, acting, shows_all)
    elif week.themes:
        blocks += [Heading(words("digest.waiting")), Say(words("digest.themes_wait", count=len(week.themes)))]
    for one in week.closed:
        blocks += say_closed(one, week.unit.name, words, is_open)
    blocks += say_polls(week.polls, words)
    blocks += [block for run in week.too_small for block in say_too_small(run, words)]
    if week.decided:
        blocks.append(Heading(words("digest.decided")))
        if week.leads:
            blocks += [_say_decided(week, decision, theme, words) for decision, theme in week.decided]
        else:
            blocks.append(Say(words("digest.themes_decided", count=len(week.decided))))
    blocks += say_unreached(week.unreached, words)
    blocks += _say_in_the_morning(week, words)
    if week.closed or not (week.leads or week.only_coordinates):
        blocks.append(Say(words(_say_who_else(week)), "note"))
    if not (week.leads or week.only_coordinates) and facts.get("log_head"):
        blocks.append(Say(words("digest.log_head", head=facts["log_head"]), "note"))
    if last is not None:
        blocks.append(last)
    kicker = " · ".join([_capital(words.day(week.digest.local_date)), words("digest.minutes")])
    return Card(words("digest.title", unit=week.unit.name), tuple(blocks), words.language, kicker=kicker)


def say_decisions(week: Week, words: Words, acting: Acting | None, shows_all: bool) -> list[Block]:
    """At most three at a time, unless all are asked for; when one is decided, the next comes up."""
    offers = _say_offers(week.digest.facts["offers"], words, acting)
    offers += say_leaders_answers(week.digest.facts.get("from_leaders", 0), words, acting)
    if not week.themes and not offers:
        return []
    blocks: list[Block] = [Heading(words("digest.decide")), *offers]
    shown = week.themes if shows_all else week.themes[: MOST_DECISIONS - bool(offers)]
    for theme, waited_days in shown:
        blocks += _say_theme(week, theme, waited_days, words, acting)
    if len(week.themes) > len(shown):
        blocks.append(Say(words("digest.more_wait", count=len(week.themes) - len(shown)), "note"))
        if acting:
            blocks.append(Buttons((acting(words("digest.see_all"), ALL_THEMES, "quiet"),)))
    return blocks


def _say_offers(offers: int, words: Words, acting: Acting | None) -> list[Block]:
    if not offers:
        return []
    said: list[Block] = [Say(words("digest.offers", count=offers))]
    if acting:
        said.append(Buttons((acting(words("digest.see_who"), "names"),)))
    return said


def _say_theme(week: Week, theme: Theme, waited_days: int, words: Words, acting: Acting | None) -> list[Block]:
    key = "digest.theme_waits" if waited_days else "digest.theme_is_new"
    text = words(key, text=theme.text, count=waited_days)
    text = " ".join([text, *say_support(week.support, theme, words)])
    if theme.unit_id != week.unit.id:
        text = f"{text} {words('digest.from_unit', unit=week.unit_names[theme.unit_id])}"
    said: list[Block] = [Say(text)]
    if acting:
        take_in = acting(words("digest.take_in"), f"taken_in:{theme.id}", "primary")
        said.append(Buttons((take_in, acting(words("digest.not_now"), f"not_now:{theme.id}"))))
    return said


def _say_decided(week: Week, decision: Decision, theme: Theme, words: Words) -> Say:
    text = words(f"decision.told_{decision.verdict}", text=theme.text)
    if theme.unit_id != week.unit.id and theme.unit_id in week.unit_names:
        text = f"{text} {words('digest.from_unit', unit=week.unit_names[theme.unit_id])}"
    return Say(text)


def say_support(support: PublishedSupport, theme: Theme, words: Words) -> list[str]:
    """How many stand behind a theme, where that may be said."""
    count = support.of(theme.id or 0)
    if count is None or count.people is Extent.few:
        return []
    return [words("digest.stand_behind", people=say_band(count.people, words))]


def say_closed(closed: Closed, unit_name: str, words: Words, is_open: bool) -> list[Block]:
    """A closed round: how many were asked, the headline figures with last time's, or why nothing is shown."""
    reading, run = closed.reading, closed.run
    blocks: list[Block] = [Heading(reading.flow.title.to(words.language))]
    closed_on = words.day(local_day(run.closed_at or run.closes_at, run.zone))
    rate = say_rate(reading, words)
    key = "digest.closed_on" if rate else "digest.closed_on_without_rate"
    blocks.append(Say(words(key, day=closed_on, asked=say_invited(reading.scope.invited, words), rate=rate), "note"))
    chart = make_headline_chart(reading, words)
    if chart is not None:
        blocks += [chart, *say_course(reading, words), *say_few_answers(reading, words)]
    elif not shows_anything(reading):
        blocks += say_held_back(unit_name, reading, words)
    return blocks + say_pooled(reading, words) + make_way_to_course(run, words, is_open)


def _say_in_the_morning(week: Week, words: Words) -> list[Block]:
    """One sentence for the morning meeting, for the one who leads it."""
    if not week.leads:
        return []
    said = ""
    if week.decided_now:
        said = words("digest.say_decided_now", text=week.decided_now[-1].text)
        if week.themes:
            said = words("digest.say_decided_some", text=week.decided_now[-1].text)
    elif week.themes:
        have_waited = sum(days > LONG_WAIT_DAYS for _, days in week.themes)
        said = words("digest.say_waited", count=have_waited) if have_waited else words("digest.say_themes")
    if said:
        return [Heading(words("digest.say")), Say(said, "lead")]
    if week.decided:
        key = "digest.say_decided"
    elif week.closed:
        key = "digest.say_figures"
    elif week.too_small:
        key = "course.say"
    elif week.polls and not week.digest.facts["offers"]:
        key = "digest.say_polls"
    elif week.digest.facts["offers"]:
        key = "digest.say_offers"
    else:
        return []
    return [Heading(words("digest.say")), Say(words(key), "lead")]


def _say_who_else(week: Week) -> str:
    if week.leads:
        return "digest.same_figures"
    return "digest.figures_of_all" if week.digest.facts["role"] == RoleName.superior else "digest.figures_only"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
