"""Courses in the made-up office: who was there, brought in as by the command, and the waves that follow."""

from collections.abc import Collection, Mapping

from sqlmodel import select

from bot.commands.course import apply
from bot.directory import courses
from flows.model import Flow
from storage.course_records import CourseChange
from storage.courses import people_by_number, units_by_path
from storage.tables import Course
from tests.office import OTHER_WARD, WARD, Form, Office, Page, shipped
from tests.office_people import COLUMNS, PEOPLE

WAVES = ("course_reaction", "course_use", "course_benefit")
FLOWS: tuple[Flow, ...] = tuple(shipped(one) for one in (*WAVES, "course_benefit_leader"))
HEADER = "code;title;unit;finished_on;number;responsible;levels;cancelled"
ALL_LEVELS = "reaction, learning, application, benefit"
TITLE = "Trygg med legemidler"
# Wave by wave: an hour at which everybody by day has been asked, and one at which it has closed
ASKED = {"course_reaction": "2027-01-06 12:00", "course_use": "2027-02-04 12:00", "course_benefit": "2027-04-05 12:00"}
CLOSED = {"course_reaction": "2027-01-25 12:00", "course_use": "2027-02-22 12:00", "course_benefit": "2027-04-20 12:00"}


def numbers_at(*units: str) -> list[str]:
    """The numbers of those who are at home in these units, as PEOPLE tells."""
    rows = [dict(zip(COLUMNS, one.split(";"), strict=True)) for one in PEOPLE]
    return [row["number"] for row in rows if row["unit"] in units and row["membership"]]


def lines_of(
    numbers: Collection[str],
    *,
    code: str = "MED",
    title: str = TITLE,
    unit: str = "Solvik",
    day: str = "2027-01-05",
    levels: str = ALL_LEVELS,
    cancelled: str = "",
) -> list[str]:
    """A course's lines of the file, one a participant."""
    return [";".join([code, title, unit, day, number, "", levels, cancelled]) for number in numbers]


def bring(office: Office, lines: Collection[str]) -> list[CourseChange]:
    """Import a file of courses, as the command does."""
    with office.reading() as session:
        people, units = people_by_number(session), units_by_path(session)
    records = courses.read("courses.csv", [HEADER, *lines], people, units)
    changes: list[CourseChange] = office.parts.writer.do_now(
        lambda session: apply(session, office.parts, records, office.at)
    )
    return changes


def both_wards() -> list[str]:
    return numbers_at(WARD, OTHER_WARD)


def answer_wave(office: Office, name: str, answers: Form, title: str = TITLE) -> Page:
    """The person answers the newest wave of the course."""
    return open_wave(office, name, title).fill_in(answers)


def open_wave(office: Office, name: str, title: str = TITLE) -> Page:
    """The person opens the newest question about the course, in whichever language it came."""
    for card in office.home(name).cards[1:]:
        urls = [button.url for button in card.buttons if button.url]
        if card.title.startswith((f"Kurset «{title}", f"The course “{title}")) and urls:
            return Page(office, urls[0])
    raise AssertionError(f"{name} was asked nothing about {title!r}")


def answer_all(office: Office, answers: Mapping[str, Form]) -> None:
    """Each of these people, by first name, answers the newest wave."""
    for name, form in answers.items():
        answer_wave(office, name, form)


def the_course(office: Office, code: str = "MED") -> Course:
    with office.reading() as session:
        return session.exec(select(Course).where(Course.code == code)).one()
