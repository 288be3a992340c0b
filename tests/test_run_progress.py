"""How far a round has come, for whoever sends: each person once, reasons in words, and nothing about who answered."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.channels.contract import DeliveryError
from bot.commands.progress import follow
from bot.rounds.pausing import pause_run
from bot.rounds.progress import Round, as_object, say_round
from storage.outbox.lanes import pause as pause_lane
from storage.outbox.progress import Progress, Stage, find_progress
from storage.tables import Run
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.commands import give_at
from tests.mail_ways import open_office, reached
from tests.office import MakeOffice, Office, Post, oslo
from tests.office_courses import ASKED, FLOWS, both_wards, bring, lines_of
from tests.rounds import FEW, STAFF, begun, flow
from tests.sendings import themes

EARLY = {"on": ["2027-01-04"], "time": "07:30"}  # half an hour before anybody is at work
BY_MAIL = [reached(101 + i, f"Ada{i} Berg", mail=f"a{i}@solvik.example") for i in range(6)]
NOBODY = DeliveryError("nobody has this address (5.1.1)", permanent=True)
LOST = DeliveryError("the answer was lost", uncertain=True)


def progress_of(office: Office) -> Progress:
    with office.reading() as session:
        return find_progress(session, office.runs()[0].id or 0, office.at)


def told(office: Office) -> Round:
    return Round(office.runs()[0], "Solvik", "", progress_of(office), office.parts.channels)


def lines(office: Office) -> str:
    return "\n".join(say_round(told(office)))


def refuse_questions(post: Post, errors: dict[str, DeliveryError]) -> None:
    post.refuse = lambda address, card: None if card.title.startswith("Hei") else errors.get(address)


def by_mail(make_office: MakeOffice, errors: dict[str, DeliveryError], *more: str) -> Office:
    """Six are reached by mail and by their page; `errors` are what the mail server says about questions."""
    office, mail, _ = open_office(make_office, *BY_MAIL, *more)
    refuse_questions(mail, errors)
    return office


def test_before_anybody_is_at_work_all_wait_until_their_time(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF)

    office.pass_time("2027-01-04 07:45")

    assert progress_of(office).stages == {Stage.later: len(STAFF)}
    assert "wait until their time, the first at 2027-01-04 08:" in lines(office)


def test_what_was_due_while_nothing_was_sent_is_due_now(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF)
    office.pass_time("2027-01-04 07:45")

    office.world.at = oslo("2027-01-04 15:00")

    assert progress_of(office).stages == {Stage.due: len(STAFF)}
    assert f"{len(STAFF)}  are due now" in lines(office)


def test_what_one_address_did_not_take_counts_where_it_arrived(make_office: MakeOffice) -> None:
    office = by_mail(make_office, {"a0@solvik.example": NOBODY})

    office.pass_time("2027-01-04 12:00")

    progress = progress_of(office)
    assert progress.stages == {Stage.sent: 6}
    assert progress.by_channel == {"mail": 5, "web": 1}
    assert "on 1 nothing calls: it waits on the page until they look" in lines(office)


def test_where_the_page_is_everybodys_way_nobody_is_said_to_be_left_without_a_call(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse")], people=STAFF))

    assert progress_of(office).by_channel == {"web": len(STAFF)}
    assert "nothing calls" not in lines(office)


def test_who_could_not_be_reached_is_told_by_the_reason_and_nobody_by_name(make_office: MakeOffice) -> None:
    post = Post()
    office = make_office(flows=[themes()], people=FEW, post=post)
    refuse_questions(
        post, {"101": NOBODY, "102": NOBODY, "103": DeliveryError("the mailbox is closed", permanent=True)}
    )

    office.pass_time("2027-01-04 12:00")

    assert progress_of(office).not_reached == {"nobody has this address (5.1.1)": 2, "the mailbox is closed": 1}
    shown = lines(office)
    assert "3  could not be reached" in shown
    assert "2: nobody has this address (5.1.1)" in shown
    assert not any(name in shown for name in ("Ada", "Grace", "Jonas", "101", "solvik.example"))


def test_what_may_have_arrived_is_neither_sent_nor_lost(make_office: MakeOffice) -> None:
    office = by_mail(make_office, {"a0@solvik.example": LOST})

    office.pass_time("2027-01-04 12:00")

    assert progress_of(office).stages == {Stage.sent: 5, Stage.uncertain: 1}
    assert progress_of(office).unsure == {"the answer was lost": 1}


def test_what_is_tried_again_says_why_and_until_when_the_platform_takes_nothing(make_office: MakeOffice) -> None:
    office = by_mail(make_office, {f"a{i}@solvik.example": DeliveryError("the server is busy") for i in range(6)})
    office.pass_time("2027-01-04 09:05")
    until = office.at + timedelta(minutes=20)
    office.parts.writer.do_now(lambda session: pause_lane(session, "mail", office.at, until))

    assert progress_of(office).again == {"the server is busy": 6}
    assert "6 refused for now, tried again: the server is busy" in lines(office)
    assert "mail takes nothing before 2027-01-04 09:25" in lines(office)


def test_the_report_says_how_long_it_took_from_the_first_to_the_last(make_office: MakeOffice) -> None:
    late = reached(150, "Vera Foss", mail="vera@solvik.example").replace(";;;;", ";;mon-sun 14:00-22:00;;", 1)
    office = by_mail(make_office, {}, late)

    office.pass_time("2027-01-04 16:00")

    assert "from 2027-01-04 09:00 to 2027-01-04 14:00, 5 h 0 min from first to last" in lines(office)


# Nothing about answers


def test_an_answer_changes_nothing_that_is_shown(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse")], people=STAFF))
    before = lines(office), as_object(told(office))

    office.answer("Ada", "pulse", {"found_solution": "never"})

    assert (lines(office), as_object(told(office))) == before


def test_reminders_change_nothing_that_is_shown(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse", schedule=EARLY, remind_after_days=[2])], people=STAFF, post=Post()))
    before = lines(office), as_object(told(office))
    letters = len(office.letters("Ada"))

    office.pass_time("2027-01-06 07:45")
    assert office.deliveries(DeliveryKind.reminder, DeliveryState.queued)
    assert (lines(office), as_object(told(office))) == before
    office.pass_time("2027-01-06 16:00")

    assert len(office.letters("Ada")) == letters + 1
    assert (lines(office), as_object(told(office))) == before


def test_few_who_are_left_alone_are_not_counted_aloud_and_many_are(make_office: MakeOffice) -> None:
    run = begun(make_office(flows=[flow("pulse")], people=STAFF)).runs()[0]
    left_alone = {"asked_enough": 5, "declined": 1}
    progress = Progress({Stage.sent: 1, Stage.never_asked: 4}, {}, {}, {}, {}, left_alone, {}, None, None, None)
    one = Round(run, "Solvik", "", progress, ["web"])

    shown = "\n".join(say_round(one))

    assert "5  asked enough" in shown
    assert "fewer than 5  declined" in shown
    assert "fewer than 5  never asked" in shown
    assert as_object(one)["left_alone"] == {"asked_enough": 5, "declined": None}
    assert as_object(one)["questions"]["never_asked"] is None


# The commands


def test_the_command_shows_the_round_with_its_course(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, lines_of(both_wards()))
    office.pass_time(ASKED["course_reaction"])
    number = next(one.id for one in office.runs() if one.flow == "course_reaction")

    shown = give_at(office, "run", "show", f"{number}").stdout

    assert shown.startswith(f"Run {number}: course_reaction MED in ")
    assert "Reminders are in no figure" in shown


def test_the_command_tells_a_machine_the_same(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse")], people=STAFF))

    shown = json.loads(give_at(office, "run", "show", f"{office.runs()[0].id}", "--json").stdout)

    assert (shown["flow"], shown["state"], shown["questions"]["sent"]) == ("pulse", "open", len(STAFF))
    assert shown["sent_by"] == {"web": len(STAFF)}


@pytest.mark.parametrize("command", ["show", "watch"])
def test_a_round_that_is_not_there_is_said_to_be_so(make_office: MakeOffice, command: str) -> None:
    office = make_office(flows=[flow("pulse")], people=FEW)

    assert "There is no run 99; medvirk run list names them." in give_at(office, "run", command, "99").stderr


def test_what_is_over_is_watched_no_longer_than_a_look(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse")], people=STAFF))

    done = give_at(office, "run", "watch", f"{office.runs()[0].id}")

    assert done.exit_code == 0
    assert f"has sent all that is due: {len(STAFF)} sent." in done.stdout


def test_the_bar_follows_until_all_that_is_due_has_left(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF)
    office.pass_time("2027-01-04 07:45")
    office.world.at = oslo("2027-01-04 15:00")
    looks: list[int] = []

    def look() -> Round:
        looks.append(progress_of(office).count(Stage.due))
        return told(office)

    ended = follow(look, office.beat)

    assert ended.progress.stages == {Stage.sent: len(STAFF)}
    assert looks == [len(STAFF), 0]


def test_a_paused_round_is_not_waited_for(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse", schedule=EARLY)], people=STAFF)
    office.pass_time("2027-01-04 07:45")
    office.parts.writer.do_now(lambda session: pause_run(session, _first(session, office), office.at))
    office.world.at = oslo("2027-01-04 15:00")

    ended = follow(lambda: told(office), lambda: pytest.fail("it waited"))

    assert ended.is_paused
    assert "are due, and held back while it is paused" in lines(office)


def _first(session: Session, office: Office) -> Run:
    run = session.get(Run, office.runs()[0].id)
    assert run is not None
    return run
