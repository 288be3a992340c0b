"""A flow as one course is asked it, and when people are."""

from datetime import date, datetime

import pytest
from nacl.public import PrivateKey
from pydantic import ValidationError

from bot.outcomes import find_outcome_mistakes
from flows.fields import Choose
from flows.model import Flow, Kind
from flows.schedule import Schedule
from flows.waves import DEFAULT_LEVELS, compile_for_course, find_asking_moment, find_wave_deadline
from storage.sealing import padded_size, seal
from storage.series import pseudonym
from tests.office import OSLO, shipped
from tests.office_courses import WAVES

ALL = ("reaction", "learning", "application", "benefit")


def compiled(name: str, levels: tuple[str, ...] = DEFAULT_LEVELS, title: str = "Trygg med legemidler") -> Flow:
    flow = compile_for_course(shipped(name), title, levels)
    assert flow is not None
    return flow


def fields(flow: Flow) -> list[str]:
    return [field.id for field in flow.fields]


def test_reaction_and_benefit_are_asked_where_nothing_is_said() -> None:
    assert fields(compiled("course_reaction")) == ["worth", "able", "will_use", "barrier"]
    assert fields(compiled("course_use")) == ["used", "barrier", "able"]
    assert fields(compiled("course_benefit")) == ["used", "barrier", "able", "noticed", "what_changed"]


def test_learning_and_application_are_asked_where_they_are_wanted() -> None:
    assert "can_now" in fields(compiled("course_reaction", ALL))
    assert "one_time" in fields(compiled("course_use", ALL))


@pytest.mark.parametrize("name", WAVES)
def test_what_stops_people_is_asked_whatever_the_level(name: str) -> None:
    for levels in ((), ("reaction",), ("learning",), ALL):
        assert "barrier" in fields(compiled(name, levels))


@pytest.mark.parametrize("name", WAVES)
def test_a_round_has_at_most_five_questions_and_always_a_way_to_say_no_occasion(name: str) -> None:
    flow = compiled(name, ALL)

    assert len(flow.fields) <= 5
    for field in flow.fields:
        if isinstance(field, Choose) and field.id != "barrier":
            assert "no_occasion" in field.option_ids


def test_the_leader_is_asked_only_about_a_course_with_benefit() -> None:
    assert compile_for_course(shipped("course_benefit_leader"), "Etikk", ("reaction",)) is None
    assert compile_for_course(shipped("course_benefit_leader"), "Etikk", ("benefit",)) is not None


@pytest.mark.parametrize("name", WAVES)
def test_the_title_names_the_course_and_the_questions_compare_over_courses(name: str) -> None:
    one, other = compiled(name, title="Etikk"), compiled(name, title="Munnstell")

    assert "«Etikk»" in one.title.nb
    assert one.hash != other.hash
    assert [one.question_hash(field) for field in fields(one)] == [other.question_hash(field) for field in fields(one)]


def test_a_card_that_waited_for_one_that_fell_away_falls_away_too() -> None:
    document = shipped("course_benefit").to_json()
    document["steps"][-1].pop("level")  # it still waits for an answer on a card about benefit

    flow = compile_for_course(Flow.model_validate(document), "Etikk", ("reaction",))

    assert flow is not None
    assert fields(flow) == ["used", "barrier", "able"]


def test_where_nothing_is_left_to_link_the_answers_are_anonymous() -> None:
    document = shipped("course_use").to_json()
    document["steps"][1]["level"] = "learning"

    flow = compile_for_course(Flow.model_validate(document), "Etikk", ("benefit",))

    assert flow is not None
    assert (flow.kind, flow.series, flow.why_confidential) == (Kind.anonymous, None, None)


@pytest.mark.parametrize(
    ("name", "finished_on", "asked_at"),
    [
        ("course_reaction", "2027-01-05", "2027-01-06 09:00"),
        ("course_reaction", "2027-01-08", "2027-01-11 09:00"),  # a Friday: on Monday
        ("course_use", "2027-01-05", "2027-02-04 09:00"),
        ("course_use", "2027-01-07", "2027-02-08 09:00"),  # the thirtieth day is a Saturday
        ("course_benefit", "2027-01-05", "2027-04-05 09:00"),
    ],
)
def test_people_are_asked_in_the_morning_and_never_at_a_weekend(name: str, finished_on: str, asked_at: str) -> None:
    moment = find_asking_moment(shipped(name), date.fromisoformat(finished_on), "Europe/Oslo")

    assert moment == datetime.fromisoformat(asked_at).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": {"nb": "Kurset", "nn": "Kurset", "en": "The course"}}, "write {course} where"),
        ({"outcome": {"kind": "indicators"}}, "becomes reactions"),
        ({"kind": "named", "seen_by": ["leader"], "series": None}, "participants answer without a name"),
        ({"audience": {"people": "leaders"}}, "too few for figures"),
        ({"series": None}, "name the rounds that are linked"),
    ],
)
def test_a_flow_after_courses_that_cannot_work_does_not_load(changes: dict[str, object], said: str) -> None:
    assert any(said in says for _, says in find_outcome_mistakes(shipped("course_use", **changes)))


def test_a_flow_links_only_by_one_choice_and_only_where_it_says_that_it_links() -> None:
    with pytest.raises(ValidationError, match="only a confidential flow says"):
        shipped("course_use", kind="anonymous")
    for series in ({"name": "course", "field": "one_time"}, {"name": "course", "field": "nothing_such"}):
        with pytest.raises(ValidationError, match="is no field with one choice"):
            shipped("course_use", series=series)
    with pytest.raises(ValidationError, match="is not an option of able"):
        shipped("course_use", series={"name": "course", "field": "able", "least": ["never"]})


def test_a_schedule_says_one_thing_and_a_course_has_no_clock() -> None:
    with pytest.raises(ValueError, match="exactly one of four"):
        Schedule(after_course=30, on_demand=True)
    with pytest.raises(ValueError, match="does not follow a course"):
        find_asking_moment(shipped("pulse"), date(2027, 1, 5), "Europe/Oslo")


def test_an_envelope_has_room_for_the_hidden_number_beside_the_longest_answers() -> None:
    flow = compiled("course_benefit", ALL)
    longest = {field.id: max(getattr(field, "option_ids", ("\U0001f600" * 300,)), key=len) for field in flow.fields}
    submission = {"bucket": 10**9, "values": longest, "pseudonym": pseudonym(b"k" * 32, 10**9)}
    key = bytes(PrivateKey.generate().public_key)

    sealed = seal(key, submission, padded_size(flow))

    assert len(sealed) == len(seal(key, {"bucket": 1, "values": {}}, padded_size(flow)))


@pytest.mark.parametrize(
    ("asked_on", "closes_on"),
    [
        (date(2027, 3, 8), date(2027, 3, 22)),  # a Monday, and a Monday
        (date(2027, 3, 5), date(2027, 3, 19)),
        (date(2027, 3, 11), date(2027, 3, 30)),  # Maundy Thursday; the Tuesday after Easter
        (date(2027, 5, 3), date(2027, 5, 18)),  # 17 May
        (date(2026, 12, 18), date(2027, 1, 4)),  # 1 January, a Friday
    ],
)
def test_a_round_never_closes_at_a_weekend_or_on_a_holiday(asked_on: date, closes_on: date) -> None:
    asked_at = datetime(asked_on.year, asked_on.month, asked_on.day, 9, tzinfo=OSLO)

    closes_at = find_wave_deadline(shipped("course_use"), asked_at, OSLO.key)

    assert closes_at.astimezone(OSLO).date() == closes_on
    assert closes_at.astimezone(OSLO).hour == 9
