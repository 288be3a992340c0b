"""A resource group's poll in Teams: composed, looked at, sent, and what came of it."""

from typing import Any

import pytest

from storage.tables.sending import DeliveryKind
from tests.office import MakeOffice, said
from tests.polling import OTHER_WARD, QUESTION, WARD, make_polling_office, open_poll, place
from tests.teams_oracle import text_of
from tests.teams_ways import MakeTenant, TeamsPerson

GROUP_NAME = "Ressursgruppe Demens"
WRITTEN: dict[str, Any] = dict(QUESTION)


@pytest.fixture
def ada(make_office: MakeOffice, make_tenant: MakeTenant) -> TeamsPerson:
    """The coordinator of the group, on its page in Teams."""
    tenant = make_tenant(make_polling_office(make_office))
    (ada,) = tenant.bring_in("Ada")
    ada.type("hjelp").press(said("teams.to_page"))
    return ada.press(said("poll.open_group", group=GROUP_NAME)).press(said("poll.new"))


def compose(ada: TeamsPerson, kept: str = "anonymous") -> TeamsPerson:
    units = place(ada.tenant.office, WARD, OTHER_WARD)
    ada.press(said("answer.next"), **WRITTEN)
    return ada.press(said("poll.look"), people="everyone", days="7", kept=kept, units=units)


def test_a_poll_is_composed_looked_at_and_sent(ada: TeamsPerson) -> None:
    office = ada.tenant.office

    compose(ada)
    assert said("poll.how") in ada.text
    assert WRITTEN["question"] in ada.text
    assert office.runs() == []
    ada.press(said("poll.send"))

    assert said("poll.sent") in ada.text
    assert len(office.runs()) == 1
    office.pass_time("2027-01-05 12:00")
    assert office.got(DeliveryKind.question) != set()


def test_a_mistake_is_shown_where_it_is_with_what_was_written(ada: TeamsPerson) -> None:
    ada.press(said("answer.next"), **{**WRITTEN, "options": "Bare én"})

    assert "Bare én" in ada.text
    assert "⚠" in ada.text


def test_what_was_said_by_name_is_read_on_the_page_alone(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    compose(ada, "named").press(said("poll.send"))
    office.pass_time("2027-01-05 12:00")
    open_poll(office, "Linn").fill_in({"answer": "option_1", "more": "Hemmelig"})
    office.pass_time("2027-01-20 12:00")

    ada.type("hjelp").press(said("teams.to_page"))
    ada.press(said("poll.open_group", group=GROUP_NAME)).press(said("poll.see"))
    ada.press(said("poll.read_names"))

    assert said("elsewhere.text") in ada.text
    assert "Linn" not in "".join(text_of(one) for one in ada.cards.values())
