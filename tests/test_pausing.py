"""A round that is held back: nothing of it leaves, also where it is just being sent; it closes all the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.parts import Parts
from bot.rounds.cancelling import cancel_run
from bot.rounds.pausing import pause_run, resume_run
from storage.log import entries_of
from storage.outbox.deliveries import next_due
from storage.outbox.lanes import lanes_with_work
from storage.outbox.progress import Stage, find_progress
from storage.outbox.waiting import find_waiting
from storage.store import Store
from storage.tables import Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.commands import give_at
from tests.office import MakeOffice, Office, Post
from tests.rounds import FEW, STAFF, flow
from tests.sendings import themes

Change = Callable[[Session, Run], None]
OPENED = "2027-01-04 07:30"
EARLY = {"on": ["2027-01-04"], "time": "07:30"}  # half an hour before anybody is at work
MORNING = "2027-01-04 12:00"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """The pulse has just opened, and nobody has been asked."""
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF)
    office.pass_time(OPENED)
    assert office.runs()
    assert not office.got(DeliveryKind.question)
    return office


def pause(office: Office, number: int = 0) -> None:
    change(office, lambda session, run: pause_run(session, run, office.at), number)


def resume(office: Office) -> None:
    change(office, lambda session, run: resume_run(session, run, office.at))


def change(office: Office, work: Change, number: int = 0) -> None:
    office.parts.writer.do_now(lambda session: work(session, the_run(session, number or office.runs()[0].id or 0)))


def the_run(session: Session, number: int) -> Run:
    run = session.get(Run, number)
    assert run is not None
    return run


def test_while_it_is_paused_no_question_leaves_and_nothing_is_late(office: Office) -> None:
    pause(office)

    office.pass_time(MORNING)

    assert office.got(DeliveryKind.question) == set()
    with office.reading() as session:
        assert lanes_with_work(session, office.at, "another", []) == []
        assert next_due(session, office.at) is None
        waiting = find_waiting(session, [DeliveryKind.question], office.at)
    assert [(one.number, one.due, one.oldest_due) for one in waiting] == [(len(STAFF), 0, None)]


def test_what_was_due_meanwhile_leaves_when_it_goes_on(office: Office) -> None:
    pause(office)
    office.pass_time(MORNING)

    resume(office)
    office.beat()

    assert len(office.got(DeliveryKind.question)) == len(STAFF)


def test_what_goes_on_in_the_evening_leaves_when_people_are_next_at_work(office: Office) -> None:
    pause(office)
    office.pass_time("2027-01-04 22:00")
    resume(office)

    office.beat()
    assert office.got(DeliveryKind.question) == set()

    office.pass_time("2027-01-05 12:00")
    assert len(office.got(DeliveryKind.question)) == len(STAFF)


def test_no_reminder_leaves_while_it_is_paused(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse", remind_after_days=[2])], people=STAFF, post=Post())
    office.pass_time("2027-01-05 12:00")
    assert len(office.got(DeliveryKind.question)) == len(STAFF)
    pause(office)
    before = len(office.letters("Ada"))

    office.pass_time("2027-01-06 16:00")
    assert office.deliveries(DeliveryKind.reminder, DeliveryState.queued)
    assert len(office.letters("Ada")) == before

    resume(office)
    office.pass_time("2027-01-07 12:00")
    assert len(office.letters("Ada")) == before + 1


def test_other_rounds_are_sent_as_ever(make_office: MakeOffice) -> None:
    flows = [flow("pulse", schedule=EARLY), themes()]
    office = make_office(flows=flows, people=STAFF, most_questions=9, most_minutes=90.0)
    office.pass_time(OPENED)
    held = office.runs("pulse")[0].id or 0
    pause(office, held)

    office.pass_time("2027-01-05 12:00")

    other = office.runs("theme_suggestion")[0].id
    assert office.got(DeliveryKind.question, about=f"run:{held}") == set()
    assert len(office.got(DeliveryKind.question, about=f"run:{other}")) == len(STAFF)


def test_it_closes_when_it_should_its_result_leaves_and_it_is_said_how_many_were_never_asked(office: Office) -> None:
    pause(office)

    closes_at = office.runs()[0].closes_at
    office.world.at = closes_at - timedelta(minutes=1)
    office.run(office.world.move_to(closes_at + timedelta(days=4)))

    assert office.runs()[0].state == RunState.closed
    assert len(office.got(DeliveryKind.result)) == len(STAFF)
    with office.reading() as session:
        assert find_progress(session, office.runs()[0].id or 0, office.at).stages == {Stage.never_asked: len(STAFF)}
    shown = give_at(office, "run", "show", f"{office.runs()[0].id}").stdout
    assert "while it was paused" in shown
    assert f"{len(STAFF)}  never asked before it was closed" in shown


def test_what_was_refused_for_now_is_not_tried_again_while_it_is_paused(make_office: MakeOffice) -> None:
    post = Post()
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF, post=post)
    post.refuse = lambda address, card: None if card.title.startswith("Hei") else DeliveryError("trouble")
    office.pass_time("2027-01-04 10:00")
    pause(office)
    post.refuse = lambda address, card: None
    before = len(post.sent)

    office.pass_time("2027-01-04 15:00")

    assert len(post.sent) == before


# While it is being sent, by another store and writer, as another process has them


@contextmanager
def changed_at_the_third_question(post: Post, office: Office, work: Callable[[Session, Parts], None]) -> Iterator[None]:
    """While the third question is on its way, somebody else changes something and commits it."""
    beside = Store(office.parts.store.url.render_as_string(hide_password=False))
    came = iter(range(1, 1_000))

    def decide(address: str, card: Card) -> None:
        if not card.title.startswith("Hei") and next(came) == 3:
            with beside.writing() as session:
                work(session, office.parts)

    post.refuse = decide
    yield
    beside.close()


@pytest.fixture
def sent_by_post(make_office: MakeOffice) -> tuple[Office, Post]:
    post = Post()
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF, post=post)
    office.pass_time(OPENED)
    return office, post


def test_pausing_takes_effect_while_it_is_being_sent(sent_by_post: tuple[Office, Post]) -> None:
    office, post = sent_by_post
    number = office.runs()[0].id or 0

    with changed_at_the_third_question(post, office, lambda s, _: pause_run(s, the_run(s, number), office.at)):
        office.pass_time(MORNING)

    assert len(office.got(DeliveryKind.question)) == 3
    resume(office)
    office.beat()
    assert len(office.got(DeliveryKind.question)) == len(STAFF)


def test_cancelling_takes_effect_while_it_is_being_sent(sent_by_post: tuple[Office, Post]) -> None:
    office, post = sent_by_post
    number = office.runs()[0].id or 0

    with changed_at_the_third_question(post, office, lambda s, p: cancel_run(s, p, the_run(s, number), office.at)):
        office.pass_time("2027-01-05 16:00")

    assert len(office.got(DeliveryKind.question)) == 3
    assert len(office.deliveries(DeliveryKind.question, DeliveryState.cancelled)) == len(STAFF) - 3
    assert office.got(DeliveryKind.result) == office.got(DeliveryKind.question)


# The commands


def test_both_are_logged(office: Office) -> None:
    number = office.runs()[0].id

    assert give_at(office, "run", "pause", f"{number}").exit_code == 0
    assert "open, paused" in give_at(office, "run", "list").stdout
    assert give_at(office, "run", "resume", f"{number}").exit_code == 0

    with office.reading() as session:
        assert [(one.action, one.object) for one in entries_of(session)][-2:] == [
            ("run paused", f"run:{number}"),
            ("run resumed", f"run:{number}"),
        ]


def test_what_cannot_be_is_said(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse")], people=FEW)
    office.pass_time(MORNING)
    number = f"{office.runs()[0].id}"

    assert f"Error: Run {number} is not paused." in give_at(office, "run", "resume", number).stderr
    give_at(office, "run", "pause", number)
    assert f"Error: Run {number} is paused already." in give_at(office, "run", "pause", number).stderr
    give_at(office, "run", "cancel", number, "--yes")
    assert "only an open run can be paused or resumed" in give_at(office, "run", "resume", number).stderr
    assert "There is no run 99" in give_at(office, "run", "pause", "99").stderr
