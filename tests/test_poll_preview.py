"""What a coordinator sees before a poll is sent: it promises what the card promises, and nothing that will not come."""

import pytest

from tests.office import NIGHT, OTHER_WARD, WARD, MakeOffice, Office, said
from tests.polling import GROUP, compose, make_polling_office, open_poll

WHAT = said("poll.what").upper()
LETTERS = "abcdefghij"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def what_is_seen(text: str) -> str:
    """What stands below the heading about what the group will see."""
    return text.partition(WHAT)[2].partition(said("poll.how").upper())[0].strip()


@pytest.mark.parametrize(
    ("answer", "options", "least"),
    [
        ("choose", 3, 8),  # a distribution
        ("choose", 5, 10),  # the more answers there are to choose from, the more it takes
        ("choose_several", 5, 8),
        ("frequency", 0, 10),
    ],
)
def test_the_card_and_what_is_seen_before_sending_say_the_same_number(
    office: Office, answer: str, options: int, least: int
) -> None:
    page = compose(office, answer=answer, options="\n".join(LETTERS[:options]))

    assert said("poll.sees_whole", least=least) in what_is_seen(page.text)
    assert f"bare når minst {least} har svart" in page.text.partition(said("poll.how").upper())[2]
    page.tap("send")
    office.pass_time("2027-01-05 12:00")
    assert f"bare når minst {least} har svart" in open_poll(office, "Petra").text


def test_of_texts_alone_no_figures_are_promised(office: Office) -> None:
    seen = what_is_seen(compose(office, answer="text").text)

    assert said("preview.texts", respondents=10, texts=5) in seen
    assert said("poll.asked_get.no_texts") in seen
    assert "tall" not in seen


def test_the_card_is_seen_with_who_may_read_a_text(office: Office) -> None:
    card = compose(office, more="yes").text.partition(said("poll.how").upper())[2]

    assert said("poll.text_hint", group="Ressursgruppe Demens") in card


def test_who_is_counted_with_another_unit_gets_the_figures_of_both(office: Office) -> None:
    assert said("poll.asked_get.pooled") in what_is_seen(compose(office, units=("Solvik",)).text)


def test_who_is_in_a_unit_large_enough_gets_its_figures(office: Office) -> None:
    seen = what_is_seen(compose(office, units=(WARD, OTHER_WARD)).text)

    assert said("poll.asked_get.own") in seen
    assert said("poll.asked_get.pooled") not in seen


def test_where_all_are_one_group_they_get_the_figures_for_all(office: Office) -> None:
    seen = what_is_seen(compose(office, units=(WARD,)).text)

    assert said("poll.asked_get.whole") in seen
    assert said("poll.asked_get.own") not in seen


@pytest.mark.parametrize("units", [(), (NIGHT,)])
def test_where_too_few_are_chosen_it_is_said_that_there_will_be_no_figures(
    office: Office, units: tuple[str, ...]
) -> None:
    page = compose(office, units=units, groups=(GROUP,) if not units else ())

    assert what_is_seen(page.text) == said("poll.sees_too_few", least=10)


def test_no_heading_stands_over_nothing(office: Office) -> None:
    pages = [
        compose(office, units=(WARD,)).text,
        compose(office, units=(NIGHT,)).text,
        compose(office, units=(NIGHT,), kept="named").text,
        compose(office, units=("Solvik", NIGHT)).text,
    ]

    assert [one for one in pages if WHAT in one and not what_is_seen(one)] == []


def test_where_no_answer_could_ever_be_shown_it_is_said_how_many_must_be_asked(office: Office) -> None:
    seen = what_is_seen(compose(office, units=(WARD,), options="\n".join(LETTERS)).text)

    assert said("poll.sees_never", least=20, asked=22) in seen
    assert said("poll.sees_whole", least=20) not in seen


# What it takes of people's attention

TAKES = said("poll.takes", questions=2, minutes=5, days=30)


def test_what_a_poll_takes_of_ones_month_is_said(make_office: MakeOffice) -> None:
    text = compose(make_polling_office(make_office, most_questions=2)).text

    assert TAKES in text
