"""A year in which what is seldom met is met: polls with what came of them, offers by name, a new leader, courses with
what leaders say about them, decisions on themes, and a workspace that puts the app out. Everything is looked at as from
a chat."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.conversations.home import NAMES
from bot.installations.putting_out import put_out
from bot.messages import compose
from bot.proof import ByAddress
from bot.rooms import GROUPS, HOME, name_room
from storage.installations import forget, let_in
from storage.links import Purpose
from storage.tables import Digest, Person, Unit
from storage.tables.sending import DeliveryKind
from tests import office_courses
from tests.exploring import KeepingDoor, explore
from tests.office import GRACE, OTHER_WARD, WARD, MakeOffice, Office, Page, Post, line, on, shipped
from tests.polling import ANOTHER_GROUP, GROUP, WITH_GROUPS, in_group, make_polling_office, open_poll, send

BERIT = line(120, "Berit Dahl", "Solvik", "administrator")
TURID = line(201, "Turid Bakke", OTHER_WARD, "leader")
BOTH_GROUPS = in_group(201, "Turid Bakke", "group_coordinator", GROUP)  # beside her own
ASKED = ("Grace", "Jonas", "Petra", "Dag", "Linn", "Siv", "Unni", "Geir", "Hilde", "Ivar", "Jorunn")
ANSWER = {"answer": "option_1", "more": "Mer musikk om kvelden."}
OFFER = {"has_more": "yes", "competence": "Polsk og litauisk"}
SEEN = {"seen": "once", "needed": "time", "what_seen": "Færre feil i skapet."}
SLACK = "slack:T000000001"


def live_through_what_is_seldom(make_office: MakeOffice, language: str) -> tuple[Office, KeepingDoor, Post]:
    """Everybody reads one language."""
    post = Post()
    people = _speaking(language, *WITH_GROUPS, BERIT, BOTH_GROUPS)
    days = {"unused_competence": "2027-01-04", "theme_suggestion": "2027-02-08"}
    once = [shipped(name, schedule=on(day), deadline_days=11) for name, day in days.items()]
    office = make_polling_office(make_office, people, flows=[*once, *office_courses.FLOWS], post=post)
    door = KeepingDoor(office)
    _meet_by_name(office)
    _meet_polls(office)
    _meet_the_week(office)
    _meet_a_new_leader(office, language)
    _meet_a_closed_door(office)
    _meet_themes(office)
    _meet_the_end_of_a_course(office)
    office.jump_to("2027-12-16 12:00")
    office.pass_time("2027-12-20 12:00")
    _look(office, "Ada", HOME)
    return office, door, post


def _speaking(language: str, *lines: str) -> list[str]:
    return [";".join([*one.split(";")[:2], language, *one.split(";")[3:]]) for one in lines]


def _look(office: Office, name: str, room: str) -> Page:
    with office.reading() as session:
        number = session.get_one(Person, office.id_of(name)).number
    Page(office, ByAddress("web", number, room, is_lasting=True))
    return Page(office, ByAddress("web", number, room))


def _press(office: Office, name: str, deed: str) -> None:
    """The one on the own page that does this."""
    page = _look(office, name, HOME)
    page.tap(next(one.action for card in page.cards for one in card.buttons if one.action.partition(":")[0] == deed))
    _look(office, name, HOME)


def _room(office: Office, path: str) -> str:
    with office.reading() as session:
        return name_room(Purpose.group, session.exec(select(Unit.id).where(Unit.path == path)).one() or 0)


def _meet_by_name(office: Office) -> None:
    office.answer("Ada", "unused_competence", OFFER)
    run = next(one for one in office.runs("unused_competence"))
    _look(office, "Ada", name_room(Purpose.run, run.id or 0))
    office_courses.bring(office, office_courses.lines_of(office_courses.both_wards()))


def _meet_polls(office: Office) -> None:
    _look(office, "Turid", GROUPS)
    send(office, "Ada", more=["yes"])
    send(office, "Turid", group=ANOTHER_GROUP, kept="named", title="Etikk", units=(OTHER_WARD,))
    office.pass_time("2027-01-07 12:00")
    for name in ASKED:
        open_poll(office, name).fill_in(ANSWER)
    open_poll(office, "Hilde", "Etikk").fill_in(ANSWER)
    for run in office.runs():
        _look(office, "Hilde", name_room(Purpose.run, run.id or 0))
    for name in ("Petra", "Dag", "Grace"):
        explore(office, name, 20)
    office.pass_time("2027-01-18 12:00")
    for name, path in (("Ada", GROUP), ("Turid", ANOTHER_GROUP)):
        explore(office, name, 30, within=[_room(office, path)])


def _meet_the_week(office: Office) -> None:
    for name in ("Grace", "Sverre"):
        explore(office, name, 40, within=_weeks(office, name))


def _weeks(office: Office, name: str) -> Sequence[str]:
    with office.reading() as session:
        found = select(Digest.id).where(Digest.person_id == office.id_of(name)).order_by(col(Digest.id).desc())
        return [name_room(Purpose.digest, one or 0) for one in session.exec(found)]


def _meet_a_new_leader(office: Office, language: str) -> None:
    moved = (line(102, "Grace Lie", OTHER_WARD, "leader"), line(201, "Turid Bakke", WARD, "leader"))
    stay = [one for one in (*WITH_GROUPS, BERIT, BOTH_GROUPS) if one not in (GRACE, TURID)]
    office.import_people(_speaking(language, *stay, *moved))
    office.pass_time("2027-01-20 12:00")
    _press(office, "Ada", "consent_no")
    _press(office, "Ada", "consent_yes")
    _look(office, "Turid", HOME).tap(NAMES)


def _meet_a_closed_door(office: Office) -> None:
    """Told of as it stands: out, back, and forgotten since."""
    parts, writer = office.parts, office.parts.writer
    channel, _, workspace = SLACK.partition(":")

    def come_back(session: Session) -> None:
        let_in(session, channel, workspace, "Solvik kommune", office.at)

    writer.do_now(come_back)
    writer.do_now(lambda session: put_out(session, parts, SLACK, "refused", office.at))
    office.pass_time("2027-01-22 12:00")
    (told,) = office.deliveries(DeliveryKind.put_out)
    for change in (come_back, lambda session: forget(session, channel, workspace)):
        writer.do_now(change)
        with office.reading() as session:
            card = compose(session, parts, told, office.at)
        assert card is not None
        assert office.post is not None
        office.run(office.post.send(told.address, card, 0, reference="", pace=_at_once))


async def _at_once(_kind: str) -> None:
    return None


def _meet_themes(office: Office) -> None:
    office.pass_time("2027-02-09 12:00")
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Kveldsuro", "nearest": "mine"})
    office.answer("Siv", "theme_suggestion", {"suggestion": "Munnstell", "nearest": "mine"})
    office.pass_time("2027-03-01 12:00")
    explore(office, "Turid", 40, within=_weeks(office, "Turid")[:1])
    office.pass_time("2027-03-02 12:00")


def _meet_the_end_of_a_course(office: Office) -> None:
    """A leader says by name what there is to see of it, to the leader above."""
    office.jump_to("2027-04-02 12:00")
    office.pass_time(office_courses.ASKED["course_benefit"])
    (run,) = office.runs("course_benefit_leader")
    _look(office, "Turid", name_room(Purpose.run, run.id or 0)).fill_in(SEEN)
    office.pass_time("2027-04-12 12:00")
    explore(office, "Sverre", 30, within=_weeks(office, "Sverre")[:1])
