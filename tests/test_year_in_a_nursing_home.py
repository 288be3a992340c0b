"""A year in a made-up nursing home on shifts, with all flows on: 2028, with a leap day, a late Easter and two nights in
which the clocks change.

Everything really runs; only time is moved by hand. The story is told in chapters, in the order in which they happen.
"""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from storage.tables import Answer
from storage.tables.sending import DeliveryKind
from tests.browsing import Browser
from tests.nursing_home import (
    AT_NIGHT,
    CAST,
    GEIR,
    GRACE,
    HOME,
    IN_FIRST,
    IN_SECOND,
    JONAS_BY_MAIL,
    OFFER,
    ROSTERS,
    TONE,
    WARD,
    open_nursing_home,
    people_are,
)
from tests.office import MakeOffice, Office, Post, oslo, plain, said
from tests.office_courses import answer_wave, bring, lines_of
from tests.paper_ways import print_slips, type_code
from tests.polling import compose, open_poll
from tests.rosters import import_roster
from tests.weeks import decide
from tests.years import (
    Almanac,
    all_sent,
    asked,
    assert_all_was_well,
    live_until,
    seen_by,
    told,
    week,
)

pytestmark = pytest.mark.slow


def test_a_year_in_a_nursing_home(make_office: MakeOffice) -> None:
    office, mail = open_nursing_home(make_office)

    the_first_weeks(office)
    code = somebody_on_paper(office)
    themes_are_decided(office)
    the_first_figures(office)
    offers_by_name(office)
    a_course_asks_on_leap_day(office)
    the_night_the_clocks_go_forward(office)
    easter(office)
    the_first_and_the_seventeenth_of_may(office)
    a_course_is_called_off(office)
    a_new_leader_after_the_summer_begins(office)
    ten_days_down(office)
    the_night_the_clocks_go_back(office)
    christmas(office)
    all_the_year(office, mail)
    a_year_later(office)
    what_each_finds_in_the_end(office, code)


def the_first_weeks(office: Office) -> None:
    """January: some say what they want to learn; one takes a pause, and one says no for good."""
    live_until(office, "2028-01-03 23:00")
    office.home("Petra").tap("pause")
    office.home("Dag").tap("decline")
    live_until(office, "2028-01-05 16:00")
    for name, suggestion in {"Ada": "Munnstell", "Unni": "Løfteteknikk", "Roar": "Allergener"}.items():
        office.answer(name, "theme_suggestion", {"suggestion": suggestion, "nearest": "mine"})
    live_until(office, "2028-01-12 16:00")

    grace, marit = week(office, "Grace", "2028-01-10"), week(office, "Marit", "2028-01-10")
    assert "«Munnstell» har ventet 5 dager." in grace
    assert "Allergener" not in grace
    assert "«Allergener» har ventet 5 dager. Fra Kjøkkenet." in marit  # the kitchen has no leader of its own
    assert "Munnstell" not in marit


def somebody_on_paper(office: Office) -> str:
    """The leader hands out a slip, and Kaja answers on the machine in the corridor; the slip's code comes back."""
    printing, in_the_corridor = Browser(office), Browser(office)
    printing.visit(office.follow("Marit", "Uka i "))
    code = next(one.code for one in print_slips(printing, "paper") if one.name == "Kaja Moen")
    type_code(office, code, in_the_corridor)
    own_page = in_the_corridor.page
    in_the_corridor.visit(own_page.url.path + re.findall(r'href="(\?at=run:\d+)"', own_page.text)[-1])
    in_the_corridor.press("send", learnt_needed="weekly")

    assert said("receipt.sealed", count=1) in in_the_corridor.text
    return code


def themes_are_decided(office: Office) -> None:
    decide(office, "Grace", "Munnstell", own="Tannpleier kommer 2. februar.")
    decide(office, "Grace", "Løfteteknikk", "not_now", reason="reason_covered")
    live_until(office, "2028-01-17 23:00")

    assert told(office, "Unni", "Tannpleier kommer 2. februar.")
    assert told(office, "Eldbjørg", said("decision.reason_covered", "nn"))
    assert not told(office, "Bente", "Tannpleier")


def the_first_figures(office: Office) -> None:
    """Monday 24 January: figures for the ward; of the small ones too few answered, and nobody can subtract."""
    for i, name in enumerate([*IN_FIRST, *IN_SECOND, "Vera"]):
        office.answer(name, "pulse", {"learnt_needed": "never" if i % 3 == 2 else "weekly"})
    live_until(office, "2028-01-25 16:00")

    assert "lærte noe de trenger: 70 %" in week(office, "Grace", "2028-01-24")
    assert told(office, "Ada", "lærte noe de trenger: 70 %")
    assert said("held_back.derivable", unit="Andre") in week(office, "Turid", "2028-01-24")
    for above in ("Marit", "Sverre"):
        assert "20–49 spurt" in week(office, above, "2028-01-24")
        assert "lærte noe de trenger: 70 %" in week(office, above, "2028-01-24")
    for name, unit in {"Vera": "Natta", "Kaja": "Kjøkkenet"}.items():
        assert told(office, name, said("result.pooled", units="Solvik, Fjordgløtt, Kjøkkenet og Natta"))
        assert told(office, name, said("held_back.too_few", unit=unit))


def offers_by_name(office: Office) -> None:
    """Ada, Pawel, Bente and Geir tell by name what they can, each to the own leader alone."""
    for name in ("Ada", "Pawel", "Bente", "Geir"):
        office.answer(name, "unused_competence", OFFER)
    live_until(office, "2028-01-31 16:00")

    assert said("digest.offers", count=2) in week(office, "Grace", "2028-01-31")
    assert "Litauisk" not in week(office, "Grace", "2028-01-31")
    assert "Litauisk" in office.week("Grace").tap("names").text
    assert (seen_by(office, "Grace"), seen_by(office, "Turid")) == ({"Ada", "Pawel"}, {"Bente", "Geir"})
    assert (seen_by(office, "Marit"), seen_by(office, "Sverre")) == (set(), set())
    assert "Litauisk" not in office.week("Jonas").tap("names").text


def a_course_asks_on_leap_day(office: Office) -> None:
    """Both wards were to be on a course on 14 February; it is moved to the 28th. Next morning the first are asked."""
    numbers = [*WARD, *map(str, range(201, 213))]
    bring(office, lines_of(numbers, unit=HOME, day="2028-02-14"))
    live_until(office, "2028-02-10 12:00")
    bring(office, lines_of(numbers, unit=HOME, day="2028-02-28"))
    live_until(office, "2028-02-29 23:00")

    (run,) = office.runs("course_reaction")
    assert run.opens_at == oslo("2028-02-29 09:00")
    assert {"Turid", "Bente"} <= asked(office, run)
    live_until(office, "2028-03-08 23:00")
    for name in [*IN_FIRST, *IN_SECOND]:
        if name in asked(office, run):
            answer_wave(office, name, {"worth": "all", "able": "with_help"})


def the_night_the_clocks_go_forward(office: Office) -> None:
    """Wenche coordinates a group, and is alone on her shift: at half past one she asks all, and is asked herself."""
    live_until(office, "2028-03-26 01:30")
    compose(office, "Wenche", units=(HOME,)).tap("send")
    office.beat()

    run = office.runs()[-1]
    assert asked(office, run) == {"Wenche"}
    assert run.closes_at - run.opens_at == timedelta(days=7, hours=-1)
    open_poll(office, "Wenche").fill_in({"answer": "option_1"})
    live_until(office, "2028-03-30 09:30")
    assert "Turid" not in asked(office, run)  # she was asked three things in thirty days
    live_until(office, "2028-03-30 12:00")
    assert "Turid" in asked(office, run)


def easter(office: Office) -> None:
    """From Thursday to Monday only those on a shift hear anything; Monday's weekly letter comes on Tuesday."""
    live_until(office, "2028-04-18 12:00")

    came = {one.number for one in all_sent(office) if oslo("2028-04-13 00:00") <= one.at < oslo("2028-04-18 00:00")}
    assert came & {*WARD, *AT_NIGHT}
    assert not came & {"1", "2", "101", *map(str, range(201, 213))}
    assert week(office, "Turid", "2028-04-17") == ""
    assert "ETTER 30 DAGER" in week(office, "Turid", "2028-04-18")


def the_first_and_the_seventeenth_of_may(office: Office) -> None:
    """Both are holidays. Geir leaves; what he said by name is seen by nobody any more."""
    live_until(office, "2028-05-01 23:00")
    run = office.runs("theme_suggestion")[-1]
    on_the_day = asked(office, run)
    people_are(office, [one for one in CAST if one != GEIR])
    live_until(office, "2028-05-16 15:00")
    decide(office, "Marit", "Allergener", own="Kurs i uke 24.")
    live_until(office, "2028-05-17 23:00")
    told_on_the_day = told(office, "Roar", "Kurs i uke 24.")
    live_until(office, "2028-05-18 12:00")

    assert run.opens_at == oslo("2028-05-01 09:00")
    assert on_the_day
    assert on_the_day <= set(IN_FIRST) | {"Petra", "Vera", "Wenche", "Åse", "Nils"}
    assert "Turid" in asked(office, run)
    assert not told_on_the_day
    assert told(office, "Roar", "Kurs i uke 24.")
    assert seen_by(office, "Turid") == {"Bente"}


def a_course_is_called_off(office: Office) -> None:
    numbers = [*map(str, range(204, 213)), "201", "202", "403", "404"]
    course = {"code": "ETI", "title": "Etikk", "unit": HOME, "day": "2028-05-19"}
    bring(office, lines_of(numbers, **course))
    live_until(office, "2028-05-22 12:00")
    answer_wave(office, "Bente", {"worth": "all", "able": "alone"}, "Etikk")
    bring(office, lines_of(numbers, **course, cancelled="ja"))
    live_until(office, "2028-05-24 12:00")

    assert told(office, "Bente", said("result.cancelled"))
    assert told(office, "Roar", said("result.cancelled"))
    assert not told(office, "Ada", said("result.cancelled"))


def a_new_leader_after_the_summer_begins(office: Office) -> None:
    """Tone comes in Grace's place. Ada says that Tone may see what she told, Pawel says no."""
    live_until(office, "2028-06-30 16:00")
    people_are(office, [TONE if one == GRACE else one for one in CAST if one != GEIR])
    import_roster(office, *ROSTERS[1])
    live_until(office, "2028-07-06 23:00")

    assert office.got(DeliveryKind.consent) == {"Ada", "Pawel"}
    assert seen_by(office, "Tone") == set()
    target = f"{office.runs('unused_competence')[0].id}-{office.id_of('Tone')}"
    office.home("Ada").tap(f"consent_yes:{target}")
    office.home("Pawel").tap(f"consent_no:{target}")
    assert seen_by(office, "Tone") == {"Ada"}
    live_until(office, "2028-07-10 16:00")
    assert said("digest.offers", count=1) in week(office, "Tone", "2028-07-10")


def ten_days_down(office: Office) -> None:
    """From 4 to 14 September nothing runs. What was missed is made up for, once."""
    live_until(office, "2028-09-04 10:00")
    before = len(office.runs())

    office.jump_to("2028-09-14 12:00")
    office.beat()

    assert [(run.flow, str(run.local_date)) for run in office.runs()[before:]] == [("pulse", "2028-09-11")]
    down = (oslo("2028-09-04 10:00"), oslo("2028-09-14 12:00"))
    assert not [one for one in all_sent(office) if down[0] < one.at < down[1]]
    assert [one.kind for one in all_sent(office) if one.number == "202" and one.at == down[1]] == ["question"] * 2
    assert asked(office, office.runs()[-1]) & set(IN_SECOND)


def the_night_the_clocks_go_back(office: Office) -> None:
    """Half past two comes twice; Wenche asks the first time, and so are those who are on the shift with her."""
    live_until(office, "2028-10-29 02:30")
    compose(office, "Wenche", units=(HOME,)).tap("send")
    office.beat()

    run = office.runs()[-1]
    assert asked(office, run) == {"Vera", "Wenche", "Åse"}
    assert run.closes_at - run.opens_at == timedelta(days=7, hours=1)
    live_until(office, "2028-10-29 20:00")
    assert office.runs()[-1].id == run.id  # and the second time nothing


def christmas(office: Office) -> None:
    """Monday's weekly letter comes on Wednesday, when there is work again."""
    live_until(office, "2028-12-31 22:00")

    assert week(office, "Turid", "2028-12-25") == ""
    assert "PULSEN" in week(office, "Turid", "2028-12-27")


def all_the_year(office: Office, mail: Post) -> None:
    """Nobody was written to outside work, asked too often, or asked after saying no; what was sealed names nobody."""
    assert office.post is not None
    almanac = Almanac([*CAST, TONE], ROSTERS)
    assert_all_was_well(office, almanac, {JONAS_BY_MAIL: "103"}, office.post, mail)
    sent = all_sent(office)
    questions = [(one.number, one.at) for one in sent if one.kind == DeliveryKind.question]
    assert not [at for number, at in questions if number == "402" and at > oslo("2028-01-03 23:00")]  # Dag
    pause = (oslo("2028-01-03 23:00"), oslo("2028-02-02 00:00"))
    assert not [at for number, at in questions if number == "106" and pause[0] < at < pause[1]]
    assert [at for number, at in questions if number == "106" and at >= pause[1]]
    assert not [one for one in sent if one.number == "203" and one.at > oslo("2028-05-01 23:00")]  # Geir
    assert {one.address for one in mail.sent} == {JONAS_BY_MAIL}
    assert not [one for one in office.post.sent if one.address == "103"]
    weeks = [plain(one.card) for one in mail.sent if one.card.title.startswith("Uka i ")]  # Jonas represents
    assert any("lærte noe de trenger: 70 %" in one for one in weeks)
    assert not any(hidden in one for hidden in ("Litauisk", "Munnstell", "Allergener") for one in weeks)


def a_year_later(office: Office) -> None:
    """Before twelve months are over Ada and Bente are asked whether it shall go on; what nobody renews is deleted."""
    import_roster(office, *ROSTERS[2])
    live_until(office, "2029-01-12 16:00")
    first = office.runs("unused_competence")[0]
    assert office.got(DeliveryKind.renewal, about=f"run:{first.id}") == {"Ada", "Bente"}
    office.home("Ada").tap(f"offer_keep:{first.id}")
    live_until(office, "2029-02-05 12:00")

    of_january = office.runs()[:3]
    assert [run.flow for run in of_january] == ["theme_suggestion", "pulse", "unused_competence"]
    assert [run.id for run in office.runs() if run.forgotten] == [run.id for run in of_january]
    with office.reading() as session:
        answers = session.exec(select(Answer).where(col(Answer.run_id).in_([run.id for run in of_january]))).all()
    assert [(one.run_id, one.person_id) for one in answers] == [(first.id, office.id_of("Ada"))]
    assert not [one for one in all_sent(office) if one.about in {f"run:{run.id}" for run in of_january}]


def what_each_finds_in_the_end(office: Office, code: str) -> None:
    ada, dag, petra = (office.home(name).text for name in ("Ada", "Dag", "Petra"))
    assert said("offers.seen_by", leader="Tone Hauge", day="2. februar 2030") in ada
    assert "Litauisk" in ada
    assert said("home.declined") in dag
    assert said("home.resume") not in petra
    assert "Litauisk" not in office.home("Pawel").text
    assert said("slips.by_paper") in type_code(office, code).text
    assert seen_by(office, "Tone") == {"Ada"}
