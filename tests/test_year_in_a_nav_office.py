"""A year in a made-up NAV office with all flows on: three teams, two employers under one leader, and a leader who goes.

Everything really runs; only time is moved by hand. The story is told in chapters, in the order in which they happen.
"""

import pytest
from sqlmodel import select

from flows.attention import LeftAlone
from storage.runs import partition_of, people_left_alone
from storage.tables import Answer, Run
from storage.tables.sending import DeliveryKind
from tests.office import MakeOffice, Office, Post, crowd, line, oslo, said
from tests.office_courses import answer_wave, bring, lines_of
from tests.polling import compose, in_group, open_poll
from tests.weeks import decide
from tests.years import (
    Almanac,
    all_sent,
    asked,
    assert_all_was_well,
    flows_of_two_weeks,
    live_until,
    seen_by,
    told,
    week,
)

pytestmark = pytest.mark.slow

NAV = "Solvik / NAV"
FOLLOW_UP, YOUTH, RECEPTION = (f"{NAV} / {one}" for one in ("Oppfølging", "Ungdom", "Mottak"))
GROUP = "Solvik / Ressursgruppe Digital hjelp"
STATE, SUMMER = {"employer": "Staten"}, {"leave": "2028-07-10/2028-07-30"}
GRACE, TONE = line(101, "Grace Lie", NAV, "leader"), line(102, "Tone Hauge", NAV, "leader", **STATE)
FOLLOWING_UP = ["Ada", "Bo", "Cecilie", "Dan", "Elin", "Finn", "Gard"]
FOLLOWING_UP_FOR_THE_STATE = ["Mallory", "Hege", "Iris", "Jens", "Kari", "Leif"]

CAST = (
    line(1, "Sverre Dalhaug", "Solvik", "leader"),
    GRACE,
    *crowd(110, FOLLOW_UP, " ".join(FOLLOWING_UP), **SUMMER),
    *crowd(120, FOLLOW_UP, " ".join(FOLLOWING_UP_FOR_THE_STATE), **SUMMER, **STATE),
    *crowd(130, YOUTH, "Jonas Mia Nora Ola Per", **SUMMER),
    line(130, "Jonas Moen", NAV, "representative", membership="", **SUMMER),
    *crowd(140, YOUTH, "Rolf Siri Tor Ulla Vidar", **SUMMER, **STATE),
    line(140, "Rolf Moen", NAV, "representative", membership="", **SUMMER, **STATE),
    *crowd(150, RECEPTION, "Anna Berit", hours="mon-fri 08:00-15:30"),
    *crowd(160, RECEPTION, "Eva Frode", hours="mon-fri 10:00-14:00", **STATE),
    in_group(113, "Dan Moen", "group_coordinator", GROUP),
    in_group(160, "Eva Moen", group=GROUP),
)
FOR_THE_MUNICIPALITY = {"Sverre", "Grace", *FOLLOWING_UP, *["Jonas", "Mia", "Nora", "Ola", "Per", "Anna", "Berit"]}
FOR_THE_STATE = {*FOLLOWING_UP_FOR_THE_STATE, *["Rolf", "Siri", "Tor", "Ulla", "Vidar", "Eva", "Frode"]}
OFFER = {"has_more": "yes", "competence": "Tegnspråk"}


def test_a_year_in_a_nav_office(make_office: MakeOffice) -> None:
    office = make_office(
        people=CAST, flows=flows_of_two_weeks(), discussed_by=("Solvik",), post=Post(), begins="2028-01-03 07:00"
    )
    office.record_discussion("poll", "Solvik")

    one_employer_has_discussed_it(office)
    one_figure_for_all(office)
    offers_to_the_leader(office)
    the_other_employer_has_discussed_it_too(office)
    nobody_is_worked_out(office)
    a_course_before_easter(office)
    the_leader_goes(office)
    the_next_leader_comes(office)
    ten_days_down(office)
    a_group_asks(office)
    all_the_year(office)
    a_year_later(office)


def left_alone(office: Office, run: Run, reason: LeftAlone) -> set[str]:
    with office.reading() as session:
        return office.names([one.person_id for one in people_left_alone(session, run.id or 0) if one.reason == reason])


def groups(office: Office, run: Run) -> list[int]:
    """How many were asked in each group that may have figures of its own."""
    partition = partition_of(run)
    assert partition is not None
    return sorted(bucket.invited for bucket in partition.buckets)


def one_employer_has_discussed_it(office: Office) -> None:
    """January: what is about subjects is asked of all, what is about staff of the municipality's people alone."""
    live_until(office, "2028-01-10 16:00")
    office.home("Hege").tap("decline")

    (themes,), (pulse,) = office.runs("theme_suggestion"), office.runs("pulse")
    assert asked(office, themes) == FOR_THE_MUNICIPALITY | FOR_THE_STATE
    assert asked(office, pulse) == FOR_THE_MUNICIPALITY
    assert left_alone(office, pulse, LeftAlone.not_discussed) == FOR_THE_STATE
    assert said("left_alone.not_discussed") in office.home("Mallory").text
    assert said("left_alone.not_discussed") not in office.home("Ada").text


def one_figure_for_all(office: Office) -> None:
    """None of the three teams has ten who may be asked, so all of them have one figure together."""
    for i, name in enumerate([*FOLLOWING_UP, "Jonas", "Mia", "Anna"]):
        office.answer(name, "pulse", {"learnt_needed": "never" if i % 3 == 2 else "weekly"})
    live_until(office, "2028-01-24 16:00")

    (pulse,) = office.runs("pulse")
    assert groups(office, pulse) == [16]
    for name in ("Ada", "Jonas", "Anna", "Grace"):
        assert told(office, name, "lærte noe de trenger: 70 %")
        assert told(office, name, said("result.pooled", units="Solvik, NAV, Mottak, Oppfølging og Ungdom"))
    for reader in ("Grace", "Jonas", "Rolf"):  # both representatives, whoever employs them
        assert "lærte noe de trenger: 70 %" in week(office, reader, "2028-01-24")
    assert not told(office, "Mallory", "lærte noe de trenger")


def offers_to_the_leader(office: Office) -> None:
    for name in ("Ada", "Bo"):
        office.answer(name, "unused_competence", OFFER)
    foreseen = compose(office, "Dan", units=(FOLLOW_UP, YOUTH), group=GROUP)
    live_until(office, "2028-01-31 16:00")

    assert said("digest.offers", count=2) in week(office, "Grace", "2028-01-31")
    assert seen_by(office, "Grace") == {"Ada", "Bo"}
    assert said("poll.not_discussed") in foreseen.text  # those of the state are not asked yet


def the_other_employer_has_discussed_it_too(office: Office) -> None:
    """From February on everybody is asked; one has said no, and one takes a pause."""
    live_until(office, "2028-02-10 12:00")
    for flow in (*office.flows, "poll"):
        office.record_discussion(flow, "Staten", held_on="2028-02-10")
    live_until(office, "2028-03-01 12:00")
    office.home("Iris").tap("pause")
    live_until(office, "2028-03-14 12:00")

    february, march = office.runs("pulse")[1:]
    assert asked(office, february) == (FOR_THE_MUNICIPALITY | FOR_THE_STATE) - {"Hege"}
    assert asked(office, march) == (FOR_THE_MUNICIPALITY | FOR_THE_STATE) - {"Hege", "Iris"}
    assert groups(office, march) == [12, 15]


def nobody_is_worked_out(office: Office) -> None:
    """Many answered in one team, three in the others: all together and that team would give the three away."""
    for i, name in enumerate([*FOLLOWING_UP, "Mallory", "Jens", "Kari", "Jonas", "Anna", "Rolf"]):
        office.answer(name, "pulse", {"learnt_needed": "never" if i % 3 == 2 else "weekly"})
    live_until(office, "2028-03-28 12:00")

    above = week(office, "Grace", "2028-03-27")
    assert "20–49 spurt" in above
    assert "lærte noe de trenger: 70 %" in above
    assert "lærte noe de trenger: 70 %" in week(office, "Sverre", "2028-03-27")
    last = [one for one in office.letters("Ada") if said("result.title", title="Pulsen") in one][-1]
    assert said("held_back.derivable", unit="Oppfølging") in last
    assert told(office, "Rolf", said("held_back.too_few", unit="Ungdom"))
    assert told(office, "Eva", said("held_back.too_few", unit="Mottak"))


def a_course_before_easter(office: Office) -> None:
    """A course is moved to the Wednesday before Easter: those who were there are asked on the Tuesday after. Another
    is called off, and nobody hears of it."""
    numbers = [str(number) for number in (*range(110, 117), *range(120, 126), *range(130, 135), *range(140, 145))]
    guidance = {"code": "VEI", "title": "Veiledning", "unit": NAV}
    bring(office, lines_of(numbers, **guidance, day="2028-03-29"))
    bring(office, lines_of(numbers, **guidance, day="2028-04-12"))
    bring(office, lines_of(numbers, code="ARK", title="Arkiv", unit=NAV, day="2028-04-12"))
    bring(office, lines_of(numbers, code="ARK", title="Arkiv", unit=NAV, day="2028-04-12", cancelled="ja"))
    live_until(office, "2028-04-06 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Vold i nære relasjoner", "nearest": "mine"})
    live_until(office, "2028-04-18 16:00")

    (run,) = office.runs("course_reaction")
    assert run.opens_at == oslo("2028-04-18 09:00")
    assert {"Ada", "Mallory"} <= asked(office, run)
    assert "Hege" not in asked(office, run)
    for name in (*FOLLOWING_UP, "Jonas", "Rolf", "Siri"):
        answer_wave(office, name, {"worth": "all", "able": "alone"}, "Veiledning")


def the_leader_goes(office: Office) -> None:
    """Grace goes on 2 May, and nobody leads the office for five weeks: the director decides, and asks before seeing."""
    live_until(office, "2028-05-02 17:00")
    office.import_people([one for one in CAST if one != GRACE])
    live_until(office, "2028-05-09 12:00")

    assert "«Vold i nære relasjoner» har ventet 32 dager." in week(office, "Sverre", "2028-05-08")
    assert "Fra Oppfølging." in week(office, "Sverre", "2028-05-08")
    for reader in ("Jonas", "Rolf"):
        assert said("digest.themes_wait", count=1) in week(office, reader, "2028-05-08")
        assert "Vold" not in week(office, reader, "2028-05-08")
    assert office.got(DeliveryKind.consent) == {"Ada", "Bo"}
    assert seen_by(office, "Sverre") == set()
    offers = office.runs("unused_competence")[0].id
    office.home("Bo").tap(f"consent_yes:{offers}-{office.id_of('Sverre')}")
    assert seen_by(office, "Sverre") == {"Bo"}
    decide(office, "Sverre", "Vold i nære relasjoner", own="Felles dag 30. mai.")
    live_until(office, "2028-05-10 12:00")
    assert told(office, "Mallory", "Felles dag 30. mai.")
    assert not told(office, "Jonas", "Felles dag 30. mai.")


def the_next_leader_comes(office: Office) -> None:
    """Tone comes in June, from the other employer, and sees what people want her to see."""
    live_until(office, "2028-06-05 12:00")
    office.import_people([TONE if one == GRACE else one for one in CAST])
    live_until(office, "2028-06-07 12:00")

    assert seen_by(office, "Tone") == seen_by(office, "Sverre") == set()
    offers = office.runs("unused_competence")[0].id
    office.home("Ada").tap(f"consent_yes:{offers}-{office.id_of('Tone')}")
    office.home("Bo").tap(f"consent_no:{offers}-{office.id_of('Tone')}")
    assert (seen_by(office, "Tone"), seen_by(office, "Sverre")) == ({"Ada"}, set())


def ten_days_down(office: Office) -> None:
    """Nothing runs from 29 September to 9 October: two rounds and two Mondays are made up for, each once. Meanwhile
    somebody has left."""
    live_until(office, "2028-09-29 12:00")
    before = len(office.runs())
    office.import_people([TONE if one == GRACE else one for one in CAST if "Vidar" not in one])

    office.jump_to("2028-10-09 12:00")
    office.beat()

    opened = [(run.flow, str(run.local_date)) for run in office.runs()[before:]]
    assert sorted(opened) == [("pulse", "2028-10-09"), ("theme_suggestion", "2028-10-02")]
    now = [one for one in all_sent(office) if one.at == oslo("2028-10-09 12:00")]
    assert [one.kind for one in now if one.number == "110"].count(DeliveryKind.question) == 2
    digests = [one.number for one in now if one.kind == DeliveryKind.digest]
    assert len(digests) == len(set(digests))
    assert not [one for one in all_sent(office) if oslo("2028-09-29 12:00") < one.at < oslo("2028-10-09 12:00")]


def a_group_asks(office: Office) -> None:
    """A resource group asks two teams, across the employers; whoever leads them hears that it did, and no figures."""
    live_until(office, "2028-10-23 12:00")
    compose(office, "Dan", units=(FOLLOW_UP, YOUTH), group=GROUP).tap("send")
    office.beat()
    live_until(office, "2028-10-24 16:00")
    run = office.runs()[-1]
    for i, name in enumerate(sorted(asked(office, run))):
        open_poll(office, name).fill_in({"answer": "option_2" if i % 3 == 2 else "option_1"})
    live_until(office, "2028-11-06 12:00")

    assert asked(office, run) & FOR_THE_MUNICIPALITY
    assert asked(office, run) & FOR_THE_STATE
    letter = week(office, "Tone", "2028-10-30")  # the poll closed that morning, with the digest
    assert "Ressursgruppe Digital hjelp har spurt 20–49 kolleger i alt om «Kveldsuro»." in letter
    assert "%" not in letter
    assert told(office, "Eva", said("poll.closed_for_group", group="Ressursgruppe Digital hjelp"))
    assert told(office, "Eva", "Sang og musikk: 70 %")


def all_the_year(office: Office) -> None:
    """Nobody was written to outside work, asked too often, or asked after saying no; what was sealed names nobody."""
    live_until(office, "2028-12-31 12:00")
    assert office.post is not None
    almanac = Almanac([*CAST, TONE])
    assert_all_was_well(office, almanac, {}, office.post)
    sent = all_sent(office)
    assert not [one for one in sent if almanac.names[one.number] == "Vidar" and one.at > oslo("2028-09-29 12:00")]
    assert not [one for one in sent if almanac.names[one.number] == "Hege" and one.at > oslo("2028-01-10 16:00")]
    assert not any(told(office, name, "Arkiv") for name in FOLLOWING_UP)


def a_year_later(office: Office) -> None:
    """Ada is asked in time whether her offer shall go on, lets it be, and it ends; so does all of the first January."""
    live_until(office, "2029-02-05 12:00")

    first = office.runs("unused_competence")[0]
    assert office.got(DeliveryKind.renewal) <= {"Ada"}
    assert told(office, "Ada", said("offers.renewal_title"))
    assert not told(office, "Bo", said("offers.renewal_title"))  # nobody saw it any more
    with office.reading() as session:
        assert not [one for one in session.exec(select(Answer)) if one.run_id <= (first.id or 0)]
    ada, hege = office.home("Ada").text, office.home("Hege").text
    assert "Tegnspråk" not in ada
    assert said("home.declined") in hege
    assert seen_by(office, "Tone") == set()
