"""The form of a poll: mistakes at the fields with what was written kept, in three languages, whatever is written."""

import pytest

from bot.pages.rendering import render_card_page
from bot.polls.making import make_flow
from flows.model import Kind
from flows.polls import Answering, find_problems, read_composed
from flows.questions import find_questions
from tests.office import WARD, MakeOffice, Office, said
from tests.polling import QUESTION, compose, group_page, make_polling_office, send
from tests.sample_cards import SHELL

RAW = {name: [str(given)] for name, given in QUESTION.items()}
AUDIENCE = {"units": ["1"], "days": ["7"]}


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def problem_keys(card: str = "question", **changed: str) -> dict[str, str]:
    raw = {**RAW, **AUDIENCE, **{name: [given] for name, given in changed.items()}}
    return {name: one.key for name, one in find_problems(raw, card, {1}).items()}


def test_a_good_form_has_no_mistakes() -> None:
    assert problem_keys() == problem_keys("audience") == {}


@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("title", "", "problem.required"),
        ("title", "x" * 61, "problem.too_long"),
        ("question", " \n\t", "problem.required"),
        ("question", "x" * 10_000, "problem.too_long"),
        ("answer", "", "problem.required"),
        ("answer", "vote", "problem.unknown_option"),
        ("answer", "number", "problem.unknown_option"),  # means of two polls would give numbers away exactly
        ("options", "Ett", "poll.problem.options"),
        ("options", "\n".join("abcdefghijk"), "poll.problem.options"),
        ("options", "Ja\n" + "x" * 76, "poll.problem.long_option"),
        ("options", "Ja\n ja \nNei", "poll.problem.same_option"),
    ],
)
def test_each_mistake_about_the_question_is_told_at_its_field(field: str, written: str, problem: str) -> None:
    assert problem_keys(**{field: written}) == {field: problem}


@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("units", "", "poll.problem.no_places"),
        ("units", "2", "problem.unknown_option"),
        ("units", "-1", "problem.unknown_option"),
        ("units", "1e3", "problem.unknown_option"),
        ("units", "²", "problem.unknown_option"),
        ("days", "2", "problem.number_outside"),
        ("days", "31", "problem.number_outside"),
        ("days", "7,5", "problem.number_outside"),
        ("days", "0000000079", "problem.number_outside"),  # whose first nine signs are a seven
        ("days", "٧", "problem.number_outside"),
        ("days", "", "problem.required"),
        ("kept", "confidential", "problem.unknown_option"),
    ],
)
def test_each_mistake_about_the_audience_is_told_at_its_field(field: str, written: str, problem: str) -> None:
    assert problem_keys("audience", **{field: written}) == {field: problem}


@pytest.mark.parametrize("answer", list(Answering))
@pytest.mark.parametrize("kept", ["anonymous", "named"])
def test_every_form_becomes_a_flow_that_holds_together(answer: Answering, kept: str) -> None:
    composed = read_composed({**RAW, **AUDIENCE, "answer": [answer], "kept": [kept], "more": ["yes"]})

    flow = make_flow(composed, 7, "Ressursgruppe Demens", ["Solvik"], "nb")

    assert flow.name == "poll_7"
    assert flow.kind is Kind(kept)
    assert flow.seen_by == ("group",)
    assert len(find_questions(flow)) == (1 if answer is Answering.text else 2)
    assert type(flow).model_validate(flow.to_json()) == flow


@pytest.mark.parametrize("days", [3, 5, 6, 30])
def test_a_deadline_of_any_length_may_be_chosen(days: int) -> None:
    composed = read_composed({**RAW, **AUDIENCE, "days": [str(days)]})

    assert make_flow(composed, 1, "G", ["Solvik"], "nn").deadline_days == days


def test_what_was_written_is_kept_when_something_must_be_mended(office: Office) -> None:
    long = "ordet " * 1_700

    page = group_page(office, "Ada").tap("new").tap("to_audience", {**QUESTION, "question": long})

    asks = {one.id: one for one in page.card.asks}
    assert asks["question"].problem == said("problem.too_long", length=len(long.strip()), most=300)
    assert asks["question"].written == (long.strip(),)
    assert asks["title"].written == ("Kveldsuro",)
    assert asks["options"].written == (str(QUESTION["options"]),)


def test_the_audience_is_kept_on_the_way_back_to_the_question(office: Office) -> None:
    page = compose(office, days="9", kept="named")

    page.tap("to_question").tap("to_audience", QUESTION)

    written = {one.id: one.written for one in page.card.asks}
    assert (written["days"], written["kept"]) == (("9",), ("named",))


def test_a_mistake_on_the_first_card_is_shown_there_also_from_the_second(office: Office) -> None:
    page = group_page(office, "Ada").tap("new").tap("to_audience", QUESTION)
    good = page.card.state

    page.tap("to_question").tap("to_audience", {**QUESTION, "options": "Bare ett"})

    assert next(one for one in page.card.asks if one.id == "options").problem
    page.tap("preview", {"units": [], "days": "7"}, state=good)
    assert next(one for one in page.card.asks if one.id == "units").problem == said("poll.problem.no_places")


def test_markup_in_a_question_stays_text(office: Office) -> None:
    page = compose(office, question="<script>alert(1)</script> <b>Hva</b> {name} %s?", title="<i>x</i>")

    html = render_card_page(page.card, SHELL)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;Hva&lt;/b&gt; {name} %s?" in html
    assert "<i>x</i>" not in html


def test_ten_thousand_characters_are_refused_and_nothing_is_kept(office: Office) -> None:
    page = compose(office, question="x" * 10_000)

    assert page.card.title == said("poll.question_title")
    assert "UTKAST" not in group_page(office, "Ada").text


def test_a_card_without_its_state_sends_nothing(office: Office) -> None:
    page = compose(office)

    for action in ("send", "preview", "to_audience", "to_question"):
        page.tap(action, state="")
        assert said("problem.form_too_old") in page.text
    assert office.runs() == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_poll_can_be_composed_in_each_language(office: Office, language: str) -> None:
    page = compose(office, language=language)

    assert page.card.title == said("poll.preview_title", language, title="Kveldsuro")
    assert page.tap("send").card.blocks[0].text == said("poll.sent", language)  # type: ignore[union-attr]


def test_the_pages_are_small(office: Office) -> None:
    seen = compose(office, units=(WARD,))

    assert len(render_card_page(seen.card, SHELL).encode()) < 30_000


def test_what_is_asked_is_frozen_with_the_run_and_not_read_from_the_draft(office: Office) -> None:
    send(office)

    assert office.runs()[0].frozen["steps"][0]["fields"][0]["label"]["en"] == QUESTION["question"]
    assert office.runs()[0].flow == "poll_1"
