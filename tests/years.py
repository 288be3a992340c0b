"""A whole year of a made-up workplace: who was at work when, by the files alone, and what must hold all the while."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from bot.words import words_in
from flows.hours import WorkingHours
from flows.model import Flow, Kind
from flows.schedule import SATURDAY
from flows.text import LANGUAGES
from storage.answers import named_answers_for
from storage.log import entries_of, find_break
from storage.runs import flow_of
from storage.tables import Answer, Course, Delivery, Envelope, Participation, Person, Run, SeriesMember
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind
from tests.office import OSLO, Letter, Office, Post, oslo, plain, shipped, shipped_flows
from tests.office_people import COLUMNS

# As they stand in the almanac: Easter comes late in 2028, and 1 May is a Monday.
HOLIDAYS = frozenset(
    date(2028, month, day)
    for month, days in {1: [1], 4: [13, 14, 16, 17], 5: [1, 17, 25], 6: [4, 5], 12: [25, 26]}.items()
    for day in days
) | {date(2029, 1, 1)}
TURNS = {"D": ("07:00", "14:45"), "E": ("14:30", "22:00"), "N": ("21:45", "07:15")}  # day, evening, night
HANDOVER = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)


def flows_of_two_weeks() -> list[Flow]:
    """The flows that come with Medvirk, the one about competence with a shorter deadline, so that all that January asks
    ends together."""
    others = [one for one in shipped_flows() if one.name != "unused_competence"]
    return [*others, shipped("unused_competence", deadline_days=14)]


def rota(numbers: Collection[str], pattern: str, first: str, last: str) -> list[str]:
    """Lines of a roster from the first day to the last: a sign of `pattern` a day, each person some days further on."""
    lines, step = [], len(pattern) // len(numbers) + 1
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    for place, number in enumerate(numbers):
        for i in range(days):
            day = date.fromisoformat(first) + i * ONE_DAY
            turn = TURNS.get(pattern[(day.toordinal() + place * step) % len(pattern)])
            if turn:
                lines.append(f"{number};{day} {turn[0]};{turn[1]}")
    return lines


class Almanac:
    """When people were at work, worked out from the lines of the files by the simplest of means."""

    def __init__(self, people: Collection[str], rosters: Collection[Collection[str]] = ()) -> None:
        rows = [dict(zip(COLUMNS, one.split(";"), strict=False)) for one in people]
        self.names = {one["number"]: one["name"].split()[0] for one in rows}
        self.hours = {one["number"]: WorkingHours.parse(one["hours"]) for one in rows if one["hours"]}
        self.leave: dict[str, list[tuple[date, date]]] = {}
        for one in rows:
            spans = [span.split("/") for span in one["leave"].split(",") if span]
            self.leave[one["number"]] = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in spans]
        self.shifts: dict[str, list[tuple[datetime, datetime]]] = {}
        self.rostered: dict[str, list[tuple[date, date]]] = {}
        for roster in rosters:
            found: dict[str, list[tuple[datetime, datetime]]] = {}
            for shift in roster:
                number, starts, ends = shift.split(";")
                day = date.fromisoformat(starts[:10]) + (ONE_DAY if ends < starts[11:] else timedelta())
                found.setdefault(number, []).append((oslo(starts), oslo(f"{day} {ends}")))
            everything = [times for own in found.values() for times in own]
            span = (_day(min(everything)[0]), _day(max(everything)[1]))
            for number, own in found.items():
                self.shifts.setdefault(number, []).extend(own)
                self.rostered.setdefault(number, []).append(span)

    def is_at_work(self, number: str, at: datetime) -> bool:
        """On a shift and past its first half hour, or, where no roster speaks, within own hours on an ordinary day."""
        day = _day(at)
        if any(first <= day <= last for first, last in self.leave[number]):
            return False
        if any(starts + HANDOVER <= at < ends for starts, ends in self.shifts.get(number, ())):
            return True
        if day in HOLIDAYS or any(first <= day <= last for first, last in self.rostered.get(number, ())):
            return False
        return self.hours.get(number, WorkingHours()).contains(at, "Europe/Oslo")


class Sent(NamedTuple):
    """A row of the outbox that has left."""

    number: str
    kind: str
    about: str
    at: datetime


def live_until(office: Office, until: str) -> None:
    """Let time pass; after everything that happens on the way, no key is left of anything that is over."""

    async def live() -> None:
        async for _ in office.world.walk(oslo(until)):
            assert_no_key_outlives_its_round(office)

    office.run(live())


def assert_no_key_outlives_its_round(office: Office) -> None:
    with office.reading() as session:
        sealed = select(Run.id).where(Run.state == RunState.open, col(Run.public_key).is_not(None))
        series = select(Course.id).where(
            col(Course.series_began_at).is_not(None), col(Course.series_ended_at).is_(None)
        )
        expected = {f"run-{one}" for one in session.exec(sealed)} | {f"series-{one}" for one in session.exec(series)}
    assert {one.stem for one in office.parts.keys.folder.iterdir() if not one.name.startswith("server-")} == expected


def week(office: Office, name: str, day: str) -> str:
    """The weekly letter that came to somebody on that local day; nothing where none came."""
    assert office.post is not None
    with office.reading() as session:
        person = session.get_one(Person, office.id_of(name))
    came = [one for one in office.post.sent if one.address == person.number and str(_day(one.at)) == day]
    return "".join(plain(one.card) for one in came if one.card.title.startswith("Uka i "))


def told(office: Office, name: str, sentence: str) -> bool:
    return any(sentence in letter for letter in office.letters(name))


def asked(office: Office, run: Run) -> set[str]:
    """The first names of those to whom the question of a run has left."""
    return office.got(DeliveryKind.question, about=f"run:{run.id}")


def seen_by(office: Office, leader: str) -> set[str]:
    """The first names behind the offers that a leader may see."""
    with office.reading() as session:
        answers = named_answers_for(session, office.id_of(leader), office.at.date())
    return office.names([one.person_id or 0 for one in answers])


def all_sent(office: Office) -> list[Sent]:
    """Everything in the outbox that has left, oldest first. Reminders leave no row; see `reminders`."""
    with office.reading() as session:
        rows = select(Person.number, Delivery.kind, Delivery.about, Delivery.sent_at).join(
            Person, col(Person.id) == col(Delivery.person_id)
        )
        found = session.exec(rows.where(col(Delivery.sent_at).is_not(None)).order_by(col(Delivery.sent_at)))
        return [Sent(number, kind, about, at) for number, kind, about, at in found if at is not None]


def reminders(*posts: Post) -> Iterator[Letter]:
    sentences = [words_in(language)("question.reminder") for language in LANGUAGES]
    for post in posts:
        yield from (one for one in post.sent if any(sentence in plain(one.card) for sentence in sentences))


def assert_all_was_well(office: Office, almanac: Almanac, others: Mapping[str, str], *posts: Post) -> None:
    """What must hold in every year. `others`: whose the addresses on other channels than the web are."""
    assert_all_came_at_work(office, almanac)
    assert_reminders_came_on_working_days(almanac, others, *posts)
    assert_nobody_was_asked_too_much(office)
    assert_what_was_sealed_names_nobody(office)
    with office.reading() as session:
        assert find_break(entries_of(session)) is None


def assert_all_came_at_work(office: Office, almanac: Almanac) -> None:
    outside = [one for one in all_sent(office) if not almanac.is_at_work(one.number, one.at)]
    assert outside == []


def assert_reminders_came_on_working_days(almanac: Almanac, others: Mapping[str, str], *posts: Post) -> None:
    """Off weekends, at work, and so on a holiday to those on a shift alone."""
    came = list(reminders(*posts))
    assert came
    for one in came:
        assert one.at.astimezone(OSLO).weekday() < SATURDAY, one
        assert almanac.is_at_work(others.get(one.address, one.address), one.at), one


def assert_nobody_was_asked_too_much(office: Office) -> None:
    """In no thirty days more than three questions or five minutes, all flows together."""
    minutes = {f"run:{run.id}": flow_of(run).minutes for run in office.runs()}
    questions: dict[str, list[tuple[datetime, float]]] = {}
    for one in all_sent(office):
        if one.kind == DeliveryKind.question:
            questions.setdefault(one.number, []).append((one.at, minutes[one.about]))
    assert questions
    for number, all_ in questions.items():
        for at, _ in all_:
            lately = [spent for then, spent in all_ if at - timedelta(days=30) < then <= at]
            assert len(lately) <= 3, (number, at, all_)
            assert sum(lately) <= 5, (number, at, all_)


def assert_what_was_sealed_names_nobody(office: Office) -> None:
    """Of closed rounds no envelope, no list of those asked, no hidden number, and no name beside or in an answer."""
    with office.reading() as session:
        runs = {run.id: run for run in session.exec(select(Run))}
        kept = [Kind.anonymous, Kind.confidential]
        sealed = {id_ for id_, run in runs.items() if run.kind in kept}
        over = {id_ for id_, run in runs.items() if run.state != RunState.open and run.kind != Kind.named}
        opened = [one for one in session.exec(select(Answer)) if one.run_id in sealed]
        assert opened
        assert all((one.person_id, one.reader_id, one.given_on) == (None, None, None) for one in opened)
        names = {part for name in session.exec(select(Person.name)) for part in name.split()}
        assert not any(name in repr(one.values) for name in names for one in opened)
        assert not [one for one in session.exec(select(Envelope)) if one.run_id in over]
        assert not [one for one in session.exec(select(Participation)) if one.run_id in over]
        ended = set(session.exec(select(Course.id).where(col(Course.series_ended_at).is_not(None))))
        assert not [one for one in session.exec(select(SeriesMember)) if one.course_id in ended]


def _day(at: datetime) -> date:
    return at.astimezone(OSLO).date()
