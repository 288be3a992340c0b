"""The courses of a unit, as long as something is published about them: which rounds there were, and what comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.reports.ahead import Ahead, say_ahead, say_days
from bot.reports.course import choose_own
from bot.words import Words
from flows.schedule import local_day
from storage.courses import closed_waves
from storage.runs import flow_of
from storage.tables import Course, Run, Unit

PLACE = "courses"  # of the list, and the action that leads there
MOST_COURSES = 30  # the newest; with more the page would grow too heavy for a phone


@dataclass(frozen=True)
class CourseOfUnit:
    """A course that some of the unit's people were on, with the round after it that closed last. `were_asked`: there
    was a round with enough people."""

    course: Course
    newest: Run
    were_asked: bool


def find_courses(session: Session, unit_id: int, reader: str) -> Iterator[CourseOfUnit]:
    """Those whose page this kind of reader may open from the unit, the one whose round closed last first."""
    for course, runs in closed_waves(session):
        own = choose_own(runs, unit_id, reader)
        asked = [run for run, partition in own if not partition.is_too_small]
        if own:
            yield CourseOfUnit(course, (asked or [run for run, _ in own])[-1], bool(asked))


def offer_courses(session: Session, unit_id: int, reader: str, words: Words) -> list[Block]:
    """The way from a week to the courses, where there are any."""
    if next(find_courses(session, unit_id, reader), None) is None:
        return []
    button = Button(words("courses.all"), PLACE)
    return [Heading(words("courses.title")), Say(words("courses.offer"), "note"), Buttons((button,))]


def words_of(unit: Unit, courses: Sequence[CourseOfUnit], ahead: Mapping[int, Ahead], words: Words) -> Card:
    """The courses as a card: for each its newest round, what comes next, and the way to its figures."""
    key = "courses.intro" if courses else "courses.none"
    blocks: list[Block] = [Say(words(key, unit=unit.name), "note")]
    for one in courses[:MOST_COURSES]:
        blocks += _say_course(one, ahead[one.course.id or 0], words)
    if len(courses) > MOST_COURSES:
        blocks.append(Say(words("courses.more", count=MOST_COURSES), "note"))
    blocks.append(Buttons((Button(words("course.back"), "back", style="quiet"),)))
    return Card(words("courses.title"), tuple(blocks), words.language, kicker=unit.name, place=PLACE)


def _say_course(one: CourseOfUnit, ahead: Ahead, words: Words) -> list[Block]:
    said = []
    if one.were_asked:
        run = one.newest
        day = words.day_and_year(local_day(run.closed_at or run.closes_at, run.zone))
        said.append(words("courses.newest", round=say_days(flow_of(run), words), day=day))
    said.append(say_ahead(ahead, words, were_asked=one.were_asked))
    title = words("course.title", text=one.course.title)
    see = Buttons((Button(words("course.see"), f"course:{one.course.id}"),))
    return [Heading(title), Say(" ".join(said)), see]
