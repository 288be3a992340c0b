"""People who are reached by mail and by SMS: lines of the directory file, and offices where those channels are on."""

from typing import Any

from sqlmodel import col, select

from storage.tables import Address, Delivery
from tests.office import WARD, MakeOffice, Office, Post
from tests.sendings import themes

MORE_COLUMNS = ("mail", "mobile", "preferred")


def reached(number: int, name: str, unit: str = WARD, role: str = "", membership: str = "home", **ways: str) -> str:
    """A line of a file that has the columns of `office_people` and those of MORE_COLUMNS."""
    cells = [str(number), name, "", "", "", unit, membership, "", role, *(ways.get(one, "") for one in MORE_COLUMNS)]
    return ";".join(cells)


ADA = reached(101, "Ada Berg", mail="ada@solvik.example", mobile="400 00 001")
GRACE = reached(102, "Grace Lie", role="leader", mail="grace@solvik.example")
JONAS = reached(103, "Jonas Vik", mobile="400 00 003")
EVERYBODY = (ADA, GRACE, JONAS, reached(104, "Linn Moen"))


def open_office(make_office: MakeOffice, *people: str, sms: bool = True, **chosen: Any) -> tuple[Office, Post, Post]:
    """An office with the web as it is, and with channels of the tests' own for mail and SMS."""
    office = make_office(**{"flows": [themes()], "people": [], "discussed_by": (), **chosen})
    mail, mobile = Post(name="mail"), Post(name="sms")
    channels: Any = office.parts.channels
    channels["mail"] = mail
    if sms:
        channels["sms"] = mobile
    for post in (mail, mobile):
        post.clock = office.world.clock
    office.import_people(people or EVERYBODY, more_columns=MORE_COLUMNS)
    for name in office.flows:
        office.record_discussion(name, "Solvik")
    return office, mail, mobile


def deliveries_to(office: Office, name: str, kind: str) -> list[tuple[str, str]]:
    """(channel, state) of all of one kind to somebody, in the order they were queued."""
    with office.reading() as session:
        found = select(Delivery).where(Delivery.person_id == office.id_of(name), Delivery.kind == kind)
        return [(one.channel, one.state) for one in session.exec(found.order_by(col(Delivery.id)))]


def unreachable(office: Office) -> dict[str, str]:
    """The addresses that reach nobody, and why."""
    with office.reading() as session:
        bad = select(Address).where(col(Address.unreachable_because).is_not(None))
        return {one.value: one.unreachable_because or "" for one in session.exec(bad)}
