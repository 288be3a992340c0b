"""Attacks on what travels with a form: steps on the way are kept nowhere, so they come back from the person's browser.

What comes back is read only where it was sent: to this person, in this round; and nobody on the way can read it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversations.visit import open_state
from storage.answers import named_answer
from storage.keys import KeyFolder
from storage.store import Store
from tests.browsing import STAFF, dump
from tests.office import Office, Page, on, shipped

MakeOffice = Callable[..., Office]

SECOND = {"nb": "Runde to", "nn": "Runde to", "en": "Round two"}
WRITTEN = "Tegnspråk fra forrige jobb"
START_AGAIN = "Skjemaet var for gammelt"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Two rounds with the same questions, by name, each with three cards."""
    first = shipped("unused_competence", schedule=on("2027-01-04"))
    second = shipped("unused_competence", name="second", title=SECOND, schedule=on("2027-01-04"))
    office = make_office(flows=[first, second], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    return office


def half_way(office: Office, name: str, flow: str = "unused_competence") -> Page:
    """The page before the last card, when two have been answered."""
    page = office.open(name, flow).tap("send", {"has_more": "yes"}).tap("send", {"competence": WRITTEN})
    assert "tasks" in {ask.id for ask in page.card.asks}
    return page


def is_first_card(page: Page) -> bool:
    return "has_more" in {ask.id for ask in page.card.asks}


def test_steps_on_the_way_are_stored_nowhere_and_nobody_can_read_them_on_the_form(office: Office, store: Store) -> None:
    page = office.open("Ada", "unused_competence")
    before = dump(store)

    page.tap("send", {"has_more": "yes"}).tap("send", {"competence": WRITTEN})

    assert dump(store) == before
    carried = urlsafe_b64decode(page.card.state)
    assert not any(word in carried for word in (b"Tegn", b"has_more", b"person", b"progress"))


def test_the_same_step_never_looks_the_same_twice(office: Office) -> None:
    assert half_way(office, "Ada").card.state != half_way(office, "Ada").card.state


def test_somebody_elses_steps_are_not_taken_for_mine(office: Office, store: Store) -> None:
    ada, jonas = half_way(office, "Ada"), half_way(office, "Jonas")
    before = dump(store)

    jonas.tap("send", {"tasks": "Andre oppgaver"}, state=ada.card.state)

    assert is_first_card(jonas)
    assert WRITTEN not in jonas.text
    assert dump(store) == before


def test_steps_of_one_round_are_not_taken_in_another(office: Office, store: Store) -> None:
    first, second = half_way(office, "Ada"), half_way(office, "Ada", "second")
    before = dump(store)

    second.tap("send", {"tasks": "Andre oppgaver"}, state=first.card.state)

    assert is_first_card(second)
    assert dump(store) == before


def test_changed_steps_are_refused_wherever_they_were_changed(office: Office, store: Store) -> None:
    page = half_way(office, "Ada")
    good = urlsafe_b64decode(page.card.state)
    before = dump(store)

    changed = [good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :] for place in range(0, len(good), 7)]
    cut = [good[:-1], good[1:], good + b"\0", b"", good[:24], good * 2]
    for state in [urlsafe_b64encode(one).decode() for one in (*changed, *cut)] + [
        "zz",
        "%",
        "0x00",
        page.card.state[:-1],
        "æ",
        "{}",
    ]:
        page.tap("send", {"tasks": "Andre oppgaver"}, state=state)
        assert is_first_card(page), state[:40]

    assert dump(store) == before


def test_what_was_made_with_another_key_folder_is_not_read(office: Office, tmp_path: Path) -> None:
    state = half_way(office, "Ada").card.state
    assert open_state(office.parts, state) is not None

    elsewhere = replace(office.parts, keys=KeyFolder(tmp_path / "other keys"))

    assert open_state(elsewhere, state) is None


def test_an_old_card_sent_again_after_all_was_said_changes_only_ones_own_answer(office: Office) -> None:
    page = half_way(office, "Ada")
    old = page.card.state
    page.tap("send", {"tasks": "Flere vakter"})

    page.tap("send", {"tasks": "Færre vakter"}, state=old)

    with office.reading() as session:
        answer = named_answer(session, office.runs()[0].id or 0, office.id_of("Ada"))
    assert answer is not None
    assert answer.values == {"has_more": "yes", "competence": WRITTEN, "tasks": "Færre vakter"}


def test_an_old_card_of_an_anonymous_round_adds_and_changes_nothing(make_office: MakeOffice, store: Store) -> None:
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"))], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    page = office.open("Ada", "pulse")
    old = page.card.state
    page.tap("send", {"looked_forward": "weekly"})
    before = dump(store)

    page.tap("send", {"looked_forward": "never"}, state=old)

    assert dump(store) == before
