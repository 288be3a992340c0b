"""Polls in the made-up office: a resource group across the wards, and its coordinator at work on the group's page."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from bot.messages.links import way_to_group
from storage.tables import Person, Unit
from tests.office import NAV, NIGHT, OTHER_WARD, PEOPLE, WARD, Form, MakeOffice, Office, Page, line

GROUP = "Solvik / Ressursgruppe Demens"
ANOTHER_GROUP = "Solvik / Ressursgruppe Etikk"


def in_group(number: int, name: str, role: str = "", group: str = GROUP) -> str:
    return line(number, name, group, role, membership="group")


# Ada coordinates the dementia group, in which four others of three units are; Turid coordinates the group for ethics.
WITH_GROUPS = (
    *PEOPLE,
    in_group(101, "Ada Berg", "group_coordinator"),
    in_group(108, "Linn Moen"),
    in_group(110, "Unni Moen"),
    in_group(202, "Bente Moen"),
    in_group(252, "Vera Moen"),
    in_group(201, "Turid Bakke", "group_coordinator", ANOTHER_GROUP),
)

QUESTION: Form = {
    "title": "Kveldsuro",
    "question": "Hva hjelper mest når beboere er urolige om kvelden?",
    "answer": "choose",
    "options": "Sang og musikk\nEn rolig samtale\nHar ikke hatt anledning",
}


def make_polling_office(make_office: MakeOffice, people: Collection[str] = WITH_GROUPS, **chosen: Any) -> Office:
    """The office on its first noon: no other flow asks anything, and polls are discussed by the one employer."""
    office = make_office(**{"flows": [], "people": people, **chosen})
    office.record_discussion("poll", "Solvik")
    office.pass_time("2027-01-04 12:00")
    return office


def make_large_polling_office(make_office: MakeOffice, zones: int = 2_000) -> Office:
    """The same with as many more units in forty services of five sectors, and 120 more groups. Who is at home in them
    is away that January, so that two thousand greetings are not written first."""
    away = "2027-01-01/2027-01-31"
    many = [
        line(1_000 + i, f"Person {i}", f"Solvik / Sektor {i % 5} / Tjeneste {i % 40} / Sone {i}", leave=away)
        for i in range(zones)
    ]
    groups = [in_group(103, "Jonas Vik", group=f"Solvik / Ressursgruppe {number}") for number in range(120)]
    return make_polling_office(make_office, (*WITH_GROUPS, *many, *groups))


def place(office: Office, *paths: str) -> list[str]:
    """What the form calls these units or groups."""
    with office.reading() as session:
        found = session.exec(select(Unit.id).where(col(Unit.path).in_(paths)))
        return [str(one) for one in found]


def group_page(office: Office, name: str, group: str = GROUP, language: str | None = None) -> Page:
    """Somebody opens a link to a group's page, whoever they are."""

    def work(session: Session) -> str:
        person = session.get_one(Person, office.id_of(name))
        unit = session.exec(select(Unit.id).where(Unit.path == group)).one()
        return way_to_group(session, office.parts, person, unit or 0, office.at).url

    return Page(office, office.parts.writer.do_now(work), language)


def compose(
    office: Office,
    name: str = "Ada",
    *,
    units: Collection[str] = (WARD, OTHER_WARD),
    groups: Collection[str] = (),
    group: str = GROUP,
    language: str | None = None,
    kept: str = "anonymous",
    people: str = "everyone",
    days: str = "7",
    **question: Any,
) -> Page:
    """The coordinator fills in both cards; what comes back is what they see before sending."""
    page = group_page(office, name, group, language).tap("new").tap("to_audience", {**QUESTION, **question})
    form = {"people": people, "days": days, "kept": kept}
    return page.tap("preview", {**form, "units": place(office, *units), "groups": place(office, *groups)})


def send(office: Office, name: str = "Ada", **chosen: Any) -> Page:
    """Composed and sent."""
    return compose(office, name, **chosen).tap("send")


def open_poll(office: Office, name: str, title: str = "Kveldsuro", language: str | None = None) -> Page:
    """Somebody opens what the newest poll of this name leads to."""
    return Page(office, office.follow(name, title), language)


__all__ = [
    "ANOTHER_GROUP",
    "GROUP",
    "NAV",
    "NIGHT",
    "OTHER_WARD",
    "QUESTION",
    "WARD",
    "WITH_GROUPS",
    "compose",
    "group_page",
    "in_group",
    "make_polling_office",
    "open_poll",
    "place",
    "send",
]
