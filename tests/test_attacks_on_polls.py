"""Attacks by polling: what could be worked out of the figures of several polls, and of what is seen before sending."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.rounds.cancelling import cancel_run
from flows.partition import divide
from flows.polls import FEWEST_APART, makes_few
from storage.erasure import erase
from storage.tables import DeclaredPerson, Person, Run
from tests.office import NAV, OTHER_WARD, WARD, MakeOffice, Office, line, said
from tests.polling import ANOTHER_GROUP, GROUP, WITH_GROUPS, compose, in_group, make_polling_office, send

SENT = said("poll.sent")
TOO_NEAR = said("poll.problem.too_near", days=90)
VERA_ALONE = tuple(one for one in WITH_GROUPS if "Nils" not in one and "Wenche" not in one)  # at night

Poll = Mapping[int, int]
People = frozenset[int]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def poll_and_wait(office: Office, until: str, name: str = "Ada", **chosen: Any) -> None:
    page = send(office, name, days="3", **chosen)
    assert SENT in page.text
    office.pass_time(until)


def declared(office: Office) -> list[DeclaredPerson]:
    with office.reading() as session:
        return list(session.exec(select(DeclaredPerson)))


# One poll after another


def test_a_ward_and_then_the_ward_with_one_more_is_refused(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,))  # Vera of the night shift comes in addition

    assert TOO_NEAR in page.text
    page.tap("send")
    assert len(office.runs()) == 1


def test_a_unit_that_was_counted_together_with_one_person_is_not_asked_alone(make_office: MakeOffice) -> None:
    office = make_polling_office(make_office, VERA_ALONE)
    poll_and_wait(office, "2027-01-11 12:00", units=("Solvik",))

    pages = [compose(office, units=(unit,)).text for unit in (WARD, OTHER_WARD)]

    assert any(TOO_NEAR in one for one in pages)


def test_all_and_then_each_part_until_few_are_left_is_refused(make_office: MakeOffice) -> None:
    office = make_polling_office(make_office, VERA_ALONE)
    poll_and_wait(office, "2027-01-11 12:00", units=("Solvik",))
    pages = []
    for unit, until in ((WARD, "2027-02-11 12:00"), (OTHER_WARD, "2027-02-18 12:00")):
        pages.append(send(office, units=(unit,), days="3"))
        office.pass_time(until)

    assert TOO_NEAR in pages[0].text or TOO_NEAR in pages[1].text


def test_the_same_people_may_be_asked_again(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    assert SENT in send(office, units=(WARD, OTHER_WARD)).text


def test_a_whole_ward_more_may_be_asked(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD,))

    assert TOO_NEAR not in compose(office, units=(WARD, OTHER_WARD)).text


@pytest.mark.parametrize("name", ["Ada", "Turid"])
def test_another_group_does_not_help_whoever_coordinates_it(make_office: MakeOffice, name: str) -> None:
    both = (*WITH_GROUPS, in_group(101, "Ada Berg", "group_coordinator", ANOTHER_GROUP))
    office = make_polling_office(make_office, both)
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, name, units=(WARD, OTHER_WARD), groups=(GROUP,), group=ANOTHER_GROUP)

    assert TOO_NEAR in page.text


def test_a_unit_by_another_name_is_still_the_same_people(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    new_names = {WARD: "Solvik / Avdeling A", OTHER_WARD: "Solvik / Avdeling B"}
    renamed = WITH_GROUPS
    for old, new in new_names.items():
        renamed = tuple(one.replace(old, new) for one in renamed)
    office.import_people(renamed)

    with_vera = compose(office, units=new_names.values(), groups=(GROUP,))
    as_before = compose(office, units=new_names.values())

    assert TOO_NEAR in with_vera.text
    assert TOO_NEAR not in as_before.text


def test_who_began_since_is_not_found_by_asking_again(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    office.import_people((*WITH_GROUPS, line(111, "Nora Ny", WARD)))

    assert TOO_NEAR in compose(office, units=(WARD, OTHER_WARD)).text


def test_who_left_since_is_not_found_by_asking_again(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    office.import_people([one for one in WITH_GROUPS if "Petra" not in one])

    assert TOO_NEAR in compose(office, units=(WARD, OTHER_WARD)).text


def test_an_employer_that_discusses_polls_later_is_not_found_by_asking_again(make_office: MakeOffice) -> None:
    """The two at NAV are the only ones of theirs, and everybody knows from when on they are asked."""
    office = make_polling_office(make_office)
    poll_and_wait(office, "2027-01-11 12:00", units=("Solvik",))
    assert TOO_NEAR not in compose(office, units=("Solvik",)).text

    office.record_discussion("poll", "Staten", NAV)

    assert TOO_NEAR in compose(office, units=("Solvik",)).text


def test_who_said_no_is_counted_in_what_lies_between(office: Office) -> None:
    """Otherwise the refusal itself would tell who said "don't ask me"."""
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    office.home("Vera").tap("decline")

    assert TOO_NEAR in compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,)).text


def test_with_names_nothing_needs_to_be_worked_out(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,), kept="named")

    assert TOO_NEAR not in page.text


def test_after_three_months_the_answers_are_others(office: Office) -> None:
    poll_and_wait(office, "2027-04-12 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,))

    assert TOO_NEAR not in page.text


# Whom a poll was about, as it is kept


def test_whom_a_sealed_poll_was_about_is_kept_whether_or_not_they_were_asked(office: Office) -> None:
    office.home("Petra").tap("decline")
    send(office, units=(WARD, OTHER_WARD))

    kept = declared(office)

    assert office.names([one.person_id for one in kept]) == {*office.staff(WARD), *office.staff(OTHER_WARD)}
    partition = office.runs()[0].partition
    assert partition is not None
    assert {one.bucket for one in kept} == {bucket for bucket, *_ in partition["buckets"]}


def test_of_a_poll_with_names_nothing_more_is_kept(office: Office) -> None:
    send(office, units=(WARD, OTHER_WARD), kept="named")

    assert declared(office) == []


def test_whom_a_poll_was_about_is_forgotten_after_ninety_days(office: Office) -> None:
    poll_and_wait(office, "2027-04-04 11:00", units=(WARD, OTHER_WARD))
    assert len(declared(office)) == 20

    office.pass_time("2027-04-05 12:00")

    assert declared(office) == []


def test_a_poll_that_was_given_up_published_nothing_and_forbids_nothing(office: Office) -> None:
    send(office, units=(WARD, OTHER_WARD))

    def give_up(session: Session) -> None:
        cancel_run(session, office.parts, session.exec(select(Run)).one(), office.at)

    office.parts.writer.do_now(give_up)

    assert TOO_NEAR not in compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,)).text
    office.pass_time("2027-01-05 12:00")
    assert declared(office) == []


def test_whoever_is_erased_is_in_no_poll_any_more(office: Office) -> None:
    send(office, units=(WARD, OTHER_WARD))
    petra = office.id_of("Petra")

    def erase_petra(session: Session) -> None:
        erase(session, session.get_one(Person, petra), office.parts.keys, office.at)

    office.parts.writer.do_now(erase_petra)

    assert petra not in {one.person_id for one in declared(office)}
    staff = {office.id_of(name) for name in (*office.staff(WARD), *office.staff(OTHER_WARD)) if name != "Petra"}
    nameless = {one.person_id for one in declared(office)} - staff
    assert len(nameless) == 1
    with office.reading() as session:
        somebody = session.get_one(Person, nameless.pop())
    assert (somebody.name, somebody.active) == ("", False)


def test_who_was_erased_since_is_not_found_by_asking_the_others_again(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    without_petra = [one for one in WITH_GROUPS if "Petra" not in one]

    def erase_petra(session: Session) -> None:
        erase(session, session.get_one(Person, office.id_of("Petra")), office.parts.keys, office.at)

    office.parts.writer.do_now(erase_petra)
    office.import_people(without_petra)

    assert TOO_NEAR in compose(office, units=(WARD, OTHER_WARD)).text
    assert TOO_NEAR not in compose(office, units=(OTHER_WARD,)).text


# All that can be worked out


def audience(*sizes: int) -> list[set[int]]:
    """Groups of these sizes, of people who are all different."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [set(range(start, start + size)) for start, size in zip(starts, sizes, strict=True)]


def as_poll(*buckets: Iterable[int]) -> Poll:
    return {person: number for number, bucket in enumerate(buckets) for person in bucket}


def test_a_bucket_of_two_units_tells_of_the_small_one_when_the_other_is_asked() -> None:
    ward, night, other = audience(10, 1, 10)

    assert makes_few(as_poll(ward), [as_poll(ward | night, other)])
    assert not makes_few(as_poll(other), [as_poll(ward | night, other)])


def test_a_whole_less_its_parts_over_three_polls_tells_of_the_rest() -> None:
    one, other, few = audience(20, 10, 2)

    assert not makes_few(as_poll(other), [as_poll(one | other | few)])
    assert makes_few(as_poll(one), [as_poll(one | other | few), as_poll(other)])


def test_polls_that_hang_together_only_through_a_third_are_compared() -> None:
    one, other, few = audience(20, 20, 3)

    assert not makes_few(as_poll(other), [as_poll(one | few)])
    assert makes_few(as_poll(one | other), [as_poll(one | few), as_poll(other)])


def test_two_polls_and_their_union_may_be_asked_but_not_with_one_more() -> None:
    one, other, more = audience(20, 20, 1)

    assert not makes_few(as_poll(one | other), [as_poll(one), as_poll(other)])
    assert makes_few(as_poll(one | other | more), [as_poll(one), as_poll(other)])


def test_nobody_in_common_and_the_same_again_are_nothing_to_subtract() -> None:
    one, other, few = audience(12, 30, 4)

    assert not makes_few(as_poll(one), [as_poll(few), as_poll(other)])
    assert not makes_few(as_poll(one, other), [as_poll(one, other)])
    assert not makes_few(as_poll(few | one), [as_poll(few), as_poll(few | one)])  # what is known already stays known


def close(sets: Collection[People]) -> set[People]:
    """All that uniting, intersecting and subtracting make of these, and of what comes of it."""
    found, fresh = set(sets), set(sets)
    while fresh:
        made = {
            made for one in fresh for other in found for made in (one | other, one & other, one - other, other - one)
        }
        fresh = made - found
        found |= fresh
    return found


def published(polls: Iterable[Poll]) -> set[People]:
    """Each bucket of each poll, and each poll as a whole."""
    found = set()
    for poll in polls:
        found |= {frozenset(one for one, bucket in poll.items() if bucket == this) for this in poll.values()}
        found.add(frozenset(poll))
    return found - {frozenset()}


def find_few(polls: Iterable[Poll]) -> set[People]:
    return {one for one in close(published(polls)) if 0 < len(one) < FEWEST_APART}


@given(
    st.lists(st.sampled_from([1, 2, 5, 9, 10, 12]), min_size=1, max_size=5),
    st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=5),
)
def test_a_poll_is_refused_exactly_where_it_would_tell_of_few_who_were_hidden(
    sizes: Sequence[int], dealt: Sequence[Sequence[int]]
) -> None:
    """Groups of people are dealt into the buckets of one poll after another (0: into none), and each poll is judged
    beside all before it, refused or not. By brute force: all that can be made of all that is published."""
    groups = audience(*sizes)
    polls = [
        {person: bucket for people, bucket in zip(groups, buckets, strict=False) if bucket for person in people}
        for buckets in dealt
    ]

    for number, new in enumerate(polls):
        told = find_few(polls[: number + 1]) - find_few(polls[:number])
        assert makes_few(new, polls[:number]) == bool(told)


@given(st.integers(0, 2**32))
def test_no_sum_of_what_was_let_through_tells_of_fewer_than_ten(seed: int) -> None:
    """Random organisations in which people come, go and move, and polls to some of their units, divided as runs are;
    each is sent only where the rule lets it. In any sum of their figures, each taken as often as one likes, nobody is
    counted otherwise than all others but at least nine."""
    rng = Random(seed)
    parents: dict[int, int | None] = {1: None} | {
        unit: rng.randint(1, unit - 1) for unit in range(2, rng.randint(4, 9))
    }
    homes = {person: rng.choice(list(parents)) for person in range(rng.choice([30, 60, 120]))}
    sent: list[Poll] = []
    for _ in range(12):
        if rng.random() < 0.3:
            homes |= {rng.randrange(len(homes) + 1): rng.choice(list(parents))}
        chosen = set(rng.sample(list(parents), rng.randint(1, len(parents))))
        asked = {person: unit for person, unit in homes.items() if unit in chosen}
        partition = divide(parents, 1, {unit: list(asked.values()).count(unit) for unit in chosen})
        poll = {person: partition.bucket_of(unit) or 0 for person, unit in asked.items()}
        if not partition.is_too_small and not makes_few(poll, sent):
            sent.append(poll)

    figures = list(published(sent))
    for _ in range(30):
        total = dict.fromkeys(homes, 0)
        for figure in rng.sample(figures, rng.randint(0, len(figures))):
            times = rng.choice([-2, -1, 1, 1, 3])
            for person in figure:
                total[person] += times
        for value in set(total.values()) - {0}:
            assert list(total.values()).count(value) >= FEWEST_APART


def test_two_units_that_differ_between_two_figures_are_found_by_brute_force() -> None:
    """The search above finds what it is there to find."""
    one, few = audience(12, 3)

    assert find_few([as_poll(one | few), as_poll(one)]) == {frozenset(few)}
    assert find_few([as_poll(one, few | {99})]) == {frozenset(few | {99})}
