"""Checks of the organisation: are there people, can they be reached, does somebody answer for them. Numbers only."""

from collections.abc import Iterator

from sqlmodel import Session, col, func, select

from bot.channels.web import WebChannel
from bot.counting import count
from bot.watching.findings import Finding, Ground, look, ok
from storage.addresses import leaders_not_reached, people_reached
from storage.people import home_memberships
from storage.readers import nearest_leaders
from storage.tables import Person, Role, Unit
from storage.tables.organisation import RoleName

MOST_NAMED = 5


def check_people(ground: Ground) -> Iterator[Finding]:
    if ground.store is None:
        return
    people = ground.read(_count_people)
    homes = len(ground.read(lambda session: home_memberships(session, ground.at.date())))
    if not people:
        yield look("people", "nobody is there yet; bring them in with medvirk people import")
    elif homes < people:
        yield look("people", f"{people} are active; counted nowhere, without a home today: {people - homes}")
    else:
        yield ok("people", f"{people} are active, each with a home")


def _count_people(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Person).where(col(Person.active).is_(True))).one()


def check_ways_to_people(ground: Ground) -> Iterator[Finding]:
    if ground.store is None:
        return
    people = ground.read(_count_people)
    calling = [name for name, on in (("mail", ground.settings.mail), ("sms", ground.settings.sms)) if on]
    every = [WebChannel.name, *calling]
    without = people - len(ground.read(lambda session: people_reached(session, every)))
    if without:
        yield look(
            "addresses",
            f"{count(without, 'person has', 'people have')} no address that can be used: nothing reaches them",
        )
    if not calling:
        yield look("addresses", "only the own page is on: nothing calls on people; hand out medvirk people links")
        return
    called = len(ground.read(lambda session: people_reached(session, calling)))
    leaders = len({one.person_id for one in ground.read(lambda session: leaders_not_reached(session, calling))})
    if called < people:
        left = f"on {people - called} people, {leaders} leaders among them, nothing calls"
        yield look("addresses", f"{left}: they have no good address for {' or '.join(calling)}")
    else:
        yield ok("addresses", "everybody is called on")


def check_leaders(ground: Ground) -> Iterator[Finding]:
    """Without a leader above, named answers would be read by nobody, so those people are not asked for any. Who leads
    at the top has none and needs none."""
    if ground.store is None:
        return

    def find(session: Session) -> tuple[int, list[str]]:
        homes = {one.person_id: one for one in home_memberships(session, ground.at.date())}
        led = nearest_leaders(session, homes)
        leading = set(session.exec(select(Role.person_id).where(Role.name == RoleName.leader)))
        alone = [home.unit_id for person, home in homes.items() if person not in led and person not in leading]
        return len(alone), sorted(session.exec(select(Unit.name).where(col(Unit.id).in_(set(alone)))))

    people, units = ground.read(find)
    if people:
        more = f" and {len(units) - MOST_NAMED} more units" if len(units) > MOST_NAMED else ""
        named = f"{', '.join(units[:MOST_NAMED])}{more}"
        alone = f"{count(people, 'person has', 'people have')} no leader above them, in {named}"
        yield look("leaders", f"{alone}; name one in the directory file")
    else:
        yield ok("leaders", "everybody has one")
