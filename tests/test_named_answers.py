"""Named answers: changed, withdrawn, and nobody else's."""

import pytest
from sqlmodel import select

from storage.tables import Answer
from tests.office import MakeOffice, Office, said
from tests.rounds import FEW, begun, count, flow


@pytest.fixture
def competence(make_office: MakeOffice) -> Office:
    """Monday noon, with a question to be answered by name."""
    return begun(make_office(flows=[flow("unused_competence")], people=FEW))


def test_a_named_answer_can_be_changed_and_withdrawn_and_given_again(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    page = competence.open("Ada", "unused_competence").tap("change")
    page.fill_in({"has_more": "yes", "competence": "Polsk og litauisk", "tasks": "Turer"})
    changed = competence.open("Ada", "unused_competence").text
    withdrawn = competence.open("Ada", "unused_competence").tap("withdraw")
    left = count(competence, Answer)
    competence.answer("Ada", "unused_competence", {"has_more": "no"})

    assert "Polsk og litauisk" in changed
    assert said("answered.withdrawn_title") in withdrawn.text
    assert left == 0
    assert count(competence, Answer) == 1


def test_a_change_begins_with_what_was_answered(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    page = competence.open("Ada", "unused_competence").tap("change")

    assert page.card.asks[0].written == ("yes",)
    page.tap("send", {"has_more": "yes"})
    assert page.card.asks[0].written == ("Polsk",)


def test_who_changes_a_yes_to_a_no_takes_back_what_was_written_after_the_yes(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    competence.open("Ada", "unused_competence").tap("change").fill_in({"has_more": "no", "tasks": "Turer"})

    with competence.reading() as session:
        assert session.exec(select(Answer)).one().values == {"has_more": "no", "tasks": "Turer"}


def test_a_card_with_a_condition_comes_only_to_those_it_is_for(competence: Office) -> None:
    yes = competence.open("Ada", "unused_competence").tap("send", {"has_more": "yes"})
    no = competence.open("Jonas", "unused_competence").tap("send", {"has_more": "no"})

    assert [ask.id for ask in yes.card.asks] == ["competence"]
    assert [ask.id for ask in no.card.asks] == ["tasks"]


def test_nobody_elses_named_answer_can_be_seen_changed_or_withdrawn(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    jonas = competence.open("Jonas", "unused_competence")
    texts = [jonas.text, jonas.tap("change").text, jonas.tap("withdraw").text]

    assert not any("Polsk" in text for text in texts)
    assert count(competence, Answer) == 1
