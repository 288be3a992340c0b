"""The story of one course, from the day after to the end of the series: what each person sees, and what is kept."""

import pytest
from sqlmodel import select

from flows.linking import Trace
from storage.erasure import erase
from storage.series import traces_of
from storage.tables import Answer, Participation, Person, SeriesMember, SeriesTraces
from storage.tables.sending import DeliveryKind
from tests.looking_into import back_up
from tests.office import OTHER_WARD, PEOPLE, WARD, MakeOffice, Office, line, oslo, said
from tests.office_courses import (
    ASKED,
    CLOSED,
    FLOWS,
    TITLE,
    answer_all,
    answer_wave,
    both_wards,
    bring,
    lines_of,
    numbers_at,
    open_wave,
    the_course,
)
from tests.office_ways import Page

AFTER_90 = {"used": "several", "barrier": "nothing", "able": "alone", "noticed": "several"}


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday 4 January: twenty people from two wards are on a course that ends on Tuesday."""
    office = make_office(flows=FLOWS)
    bring(office, lines_of(both_wards()))
    return office


def staff(office: Office) -> list[str]:
    return [*office.staff(WARD), *office.staff(OTHER_WARD)]


def go_through(office: Office, until: str = "course_benefit") -> None:
    """Everybody answers each wave, up to the one named, which closes."""
    for wave, able in (("course_reaction", "not_yet"), ("course_use", "with_help"), ("course_benefit", "alone")):
        office.pass_time(ASKED[wave])
        form = {"worth": "all", "will_use": "several", **AFTER_90, "barrier": "time", "able": able}
        answer_all(office, dict.fromkeys(staff(office), form))
        office.pass_time(CLOSED[wave])
        if wave == until:
            return


def test_the_story_of_a_course(office: Office) -> None:
    the_morning_after(office)
    a_receipt(office)
    the_first_figures(office)
    after_thirty_days(office)
    after_ninety_days(office)
    the_end(office)


def the_morning_after(office: Office) -> None:
    """Wednesday at nine: those who were there are asked, nobody else, and read why it is not anonymous."""
    office.pass_time("2027-01-06 08:59")
    assert office.got(DeliveryKind.question) == set()

    office.pass_time(ASKED["course_reaction"])

    assert office.got(DeliveryKind.question) == set(staff(office))
    asked = open_wave(office, "Ada").text
    assert f"Kurset «{TITLE}»" in asked
    assert said("promise.confidential") in asked
    assert "nonymt: vi lagrer" not in asked
    assert "Grace Lie, tillitsvalgt, verneombud og ledelsen" in asked


def a_receipt(office: Office) -> None:
    receipt = answer_wave(office, "Ada", {"worth": "all", "able": "not_yet", "will_use": "once", "barrier": "time"})

    assert said("receipt.sealed", count=4) in receipt.text
    assert said("receipt.linked") in receipt.text
    assert said("receipt.linked", "en") in answer_wave(office, "Pawel", {"able": "not_yet", "worth": "all"}).text
    others = [name for name in staff(office) if name not in ("Ada", "Pawel")]
    form = {"worth": "all", "can_now": "much", "will_use": "once", "able": "not_yet"}
    answer_all(
        office,
        {name: {**form, "barrier": ("time", "tools", "nothing")[i % 3]} for i, name in enumerate(others)},
    )


def the_first_figures(office: Office) -> None:
    """On Monday the leader has the wave in the week, with a way to the course; the representative the same."""
    office.pass_time(CLOSED["course_reaction"])

    for reader in ("Grace", "Jonas", "Sverre"):
        week = office.week(reader)
        assert f"KURSET «{TITLE.upper()}»" in week.text
        assert "syntes kurset var verdt tida: de fleste" in week.text
        course = week.tap("course:1")
        assert course.card.title == f"Kurset «{TITLE}»"
        assert "Ada" not in course.text
    assert "10–19 svar." in office.week("Sverre").text


def after_thirty_days(office: Office) -> None:
    office.pass_time(ASKED["course_use"])
    form = {"used": "several", "able": "with_help"}
    answer_all(
        office,
        {name: {**form, "barrier": ("time", "tools", "nothing")[i % 10 % 3]} for i, name in enumerate(staff(office))},
    )
    office.pass_time(CLOSED["course_use"])

    assert said("course.change_more") in office.latest("Ada")
    assert "«Kurset ‘Trygg med legemidler’" in office.latest("Ada")
    assert "Vanligste hinder: tid." in office.week("Sverre").text


def after_ninety_days(office: Office) -> None:
    """The participants and, with name, their leaders; the answer goes to the leader above."""
    office.pass_time(ASKED["course_benefit"])
    answer_all(office, {name: {**AFTER_90, "able": "with_help"} for name in staff(office)})
    page = answer_as_leader(office, "Grace", {"seen": "once", "needed": "time", "what_seen": "Færre feil i skapet."})
    assert said("receipt.named", leader="Sverre Dalhaug") in page
    office.pass_time("2027-04-12 12:00")

    week = office.week("Sverre")
    assert said("course.leaders", count=1) in week.text
    assert "Færre feil i skapet." in week.tap("course_answers").text
    assert "Færre feil" not in week.tap("names").text
    office.pass_time(CLOSED["course_benefit"])
    assert said("course.change_same") in office.latest("Ada")


def answer_as_leader(office: Office, name: str, form: dict[str, str]) -> str:
    return Page(office, office.follow(name, "Lederens blikk på kurset")).fill_in(form).text


def the_end(office: Office) -> None:
    """The key is gone, and with it all that linked; the rounds stand side by side."""
    office.pass_time("2027-04-26 12:00")
    course = office.week("Grace").tap("course:1").text

    assert office.parts.keys.series_key(1) is None
    assert "RUNDE FOR RUNDE" in course
    assert [course.index(one) for one in ("RETT ETTER", "ETTER 30 DAGER", "ETTER 90 DAGER")] == sorted(
        course.index(one) for one in ("RETT ETTER", "ETTER 30 DAGER", "ETTER 90 DAGER")
    )


# The series


def test_the_key_lives_from_the_first_wave_until_the_last_has_closed_and_not_a_beat_longer(office: Office) -> None:
    keys = office.parts.keys
    office.pass_time("2027-01-06 08:00")
    assert keys.series_key(1) is None

    go_through(office, "course_use")
    office.pass_time("2027-04-19 07:59")
    assert keys.series_key(1) is not None
    office.pass_time("2027-04-19 08:00")

    assert keys.series_key(1) is None
    assert the_course(office).key_destroyed
    assert not list(keys.folder.glob("series-*"))


def test_a_key_that_cannot_be_removed_is_tried_again_at_the_next_tick(office: Office) -> None:
    go_through(office, "course_use")
    office.pass_time("2027-04-19 07:59")
    folder = office.parts.keys.folder
    path = next(folder.glob("series-*.key"))
    content = path.read_bytes()
    path.unlink()
    path.mkdir()  # nobody can overwrite a folder

    office.pass_time("2027-04-19 08:00")
    assert not the_course(office).key_destroyed
    path.rmdir()
    path.write_bytes(content)
    office.pass_time("2027-04-19 08:02")
    office.beat()

    assert the_course(office).key_destroyed
    assert not path.exists()


def test_with_the_series_all_that_linked_people_or_answers_is_deleted(office: Office) -> None:
    go_through(office, "course_use")
    with office.reading() as session:
        assert len(session.exec(select(SeriesMember)).all()) == 20
        assert {one.flow for one in session.exec(select(SeriesTraces))} == {"course_use"}  # of the wave before none

    office.pass_time(CLOSED["course_benefit"])

    with office.reading() as session:
        for table in (SeriesMember, SeriesTraces):
            assert session.exec(select(table)).all() == []


def test_what_links_is_one_answer_and_stands_apart_from_all_others(office: Office) -> None:
    go_through(office, "course_use")

    with office.reading() as session:
        answers = session.exec(select(Answer)).all()
        assert len(answers) == 40
        assert all(set(one.values) & {"used", "worth"} and "able" not in one.values for one in answers)
        assert all(one.person_id is None for one in answers)
    assert {one.value for one in linked_answers(office)} == {"with_help"}


def test_a_lost_key_loses_the_links_and_nothing_else(office: Office) -> None:
    go_through(office, "course_reaction")
    office.parts.keys.destroy_series_key(1)
    office.pass_time(ASKED["course_use"])
    answer_all(office, {name: {"used": "several", "able": "alone", "barrier": "time"} for name in staff(office)})

    office.pass_time(CLOSED["course_use"])

    latest = office.latest("Ada")
    assert "har brukt det flere ganger: de fleste" in latest
    for way in ("course.change_more", "course.change_same", "course.change_less"):
        assert said(way) not in latest


def test_later_waves_ask_the_same_people_where_they_were_and_nobody_new(office: Office) -> None:
    go_through(office, "course_reaction")
    moved = [one for one in PEOPLE if "Mona" not in one and "Nina" not in one]
    office.import_people([*moved, line(209, "Mona Moen", WARD)])  # Nina has left, Mona works elsewhere now
    changes = bring(office, lines_of([*both_wards(), "252"]))
    assert changes[0].late == 1

    office.pass_time(ASKED["course_use"])

    run = office.runs("course_use")[0]
    with office.reading() as session:
        rows = session.exec(select(Participation).where(Participation.run_id == run.id)).all()
    asked = office.names([one.person_id for one in rows])
    assert asked == set(staff(office)) - {"Nina"}
    assert {one.unit_id for one in rows if one.person_id == office.id_of("Mona")} == {
        one.unit_id for one in rows if one.person_id == office.id_of("Lars")
    }
    assert [bucket[2] for bucket in (run.partition or {})["buckets"]] == [19]  # nine left in one: counted together


def test_sessions_on_different_days_are_one_course_and_each_is_asked_after_their_own(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, [*lines_of(numbers_at(WARD)), *lines_of(numbers_at(OTHER_WARD), day="2027-01-12")])

    office.pass_time("2027-01-12 12:00")
    early = office.got(DeliveryKind.question)
    office.pass_time("2027-01-13 12:00")

    assert early == set(office.staff(WARD))
    assert office.got(DeliveryKind.question) == {*office.staff(WARD), *office.staff(OTHER_WARD)}
    assert len(office.runs()) == 1
    assert office.runs()[0].closes_at == oslo("2027-01-25 08:00")  # not on Saturday, and with the digest


def test_a_backup_from_the_series_and_one_from_after_it_tell_nobodys_answer(office: Office) -> None:
    go_through(office, "course_use")
    during, traces = back_up(office.parts.store), linked_answers(office)
    office.pass_time(CLOSED["course_benefit"])
    after = back_up(office.parts.store)

    numbers = {one.pseudonym for one in traces}
    assert len(numbers) == 20
    for table, rows in [*during.tables.items(), *after.tables.items()]:
        assert not any(number in repr(row) for row in rows for number in numbers), table
    assert len(during["series_traces"]) == 1
    assert after["series_traces"] == []


def test_the_box_of_what_is_linked_has_the_same_size_whoever_answered_or_was_erased(office: Office) -> None:
    office.pass_time(ASKED["course_reaction"])
    office.pass_time(CLOSED["course_reaction"])
    office.pass_time(ASKED["course_use"])
    answer_all(office, dict.fromkeys(staff(office)[:12], AFTER_90))
    office.pass_time(CLOSED["course_use"])
    before = box_sizes(office)

    erase_person(office, staff(office)[0])

    assert len(linked_answers(office)) < 12
    assert before == box_sizes(office) == {4_096 + 40}  # and the box itself


def test_an_erasure_finds_the_linked_answer_by_the_key(office: Office) -> None:
    go_through(office, until="course_use")
    kept = linked_answers(office)

    erase_person(office, "Ada")

    assert len(linked_answers(office)) == len(kept) - 1


def test_what_an_erased_person_had_sealed_is_counted_but_linked_with_nothing_later(office: Office) -> None:
    office.pass_time(ASKED["course_reaction"])
    office.pass_time(CLOSED["course_reaction"])
    office.pass_time(ASKED["course_use"])
    answer_all(office, dict.fromkeys(staff(office), AFTER_90))

    erase_person(office, "Ada")
    office.pass_time(CLOSED["course_use"])

    assert len(linked_answers(office)) == len(staff(office)) - 1


def linked_answers(office: Office) -> list[Trace]:
    """What the next wave of the course will be compared with, opened by the series' key."""
    key = office.parts.keys.series_key(1)
    with office.reading() as session:
        flows = session.exec(select(SeriesTraces.flow)).all()
        return [one for flow in flows for one in traces_of(session, key or b"", 1, flow)]


def box_sizes(office: Office) -> set[int]:
    with office.reading() as session:
        return {len(one.sealed) for one in session.exec(select(SeriesTraces))}


def erase_person(office: Office, name: str) -> None:
    person_id, keys, at = office.id_of(name), office.parts.keys, office.at
    office.parts.writer.do_now(lambda session: erase(session, session.get_one(Person, person_id), keys, at))
