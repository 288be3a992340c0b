"""Attacks on the pages with buttons that were never there: by colleagues, representatives and leaders."""

from collections.abc import Callable

import pytest

from storage.store import Store
from tests.browsing import STAFF, Browser, answers, dump, find_codes, link_to, make_noon, suggest, week_of
from tests.office import Office, on, shipped

MakeOffice = Callable[..., Office]

SECOND = {"nb": "Runde to", "nn": "Runde to", "en": "Round two"}


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked all three things."""
    return make_noon(make_office)


def test_no_forged_action_gets_at_an_anonymous_answer_that_was_given(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    form = {**browser.read_form(), **answers(looked_forward="never")}
    browser.press("send", **answers())
    (code,) = find_codes(browser.page.text)
    before = dump(store)

    others = ("names", "taken_in:1", "save_not_now:1", "pause", "decline", "x" * 10_000, "send:1", ":", "delete:1")
    for action in ("", "send", "change", "withdraw", "again", "take_back:1", "delete", *others):
        answer = browser.send({**form, "action": action})

        assert answer.status_code == 200, action
        assert code not in browser.page.text
    browser.send(form)  # and none at all

    assert dump(store) == before


def test_a_code_deletes_one_answer_and_a_wrong_one_none(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    browser.press("send", **answers())
    (code,) = find_codes(browser.page.text)
    browser.visit(browser.page.url.path)

    for wrong in ("", "MÅKE-0000-FJORD-LIND", code[:-1], f"{code}A", "%", "' OR 1=1 --", "\x00", "x" * 60_000):
        browser.press("delete", code=wrong)
        assert len(dump(store)["envelope"]) == 1
    browser.visit(browser.page.url.path)
    browser.press("delete", code=code.lower().replace("-", " "))

    assert dump(store)["envelope"] == []


def test_after_deleting_an_answer_there_is_no_second_one(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    form = {**browser.read_form(), **answers(), "action": "send"}
    browser.send(form)
    (code,) = find_codes(browser.page.text)
    browser.visit(browser.page.url.path)
    browser.press("delete", code=code)

    browser.send(form)

    assert dump(store)["envelope"] == []


def test_a_code_from_one_round_deletes_nothing_in_another(make_office: MakeOffice, store: Store) -> None:
    office = make_office(
        flows=[
            shipped("pulse", schedule=on("2027-01-04")),
            shipped("pulse", name="second", title=SECOND, schedule=on("2027-01-04")),
        ]
    )
    office.pass_time("2027-01-04 12:00")
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    browser.press("send", **answers())
    (code,) = find_codes(browser.page.text)

    browser.visit(link_to(office, "Ada", "second"))
    browser.press("send", **answers())
    browser.visit(browser.page.url.path)
    browser.press("delete", code=code)

    assert len(dump(store)["envelope"]) == 2


def test_only_who_suggested_a_theme_can_take_it_back(office: Office, store: Store) -> None:
    theme_id = suggest(office, "Jonas", "Sårstell")
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "theme_suggestion"))
    before = dump(store)

    browser.press(f"take_back:{theme_id}")

    assert dump(store) == before
    assert "Sårstell" not in browser.text


def test_support_for_a_theme_that_was_not_offered_goes_nowhere(office: Office, store: Store) -> None:
    elsewhere = suggest(office, "Turid", "Sårstell og trykksår")
    suggest(office, "Jonas", "Sårstell hos eldre")

    for number, chosen in enumerate((str(elsewhere), "999999", "9" * 40, "-1", "²", "1 OR 1=1")):
        browser = Browser(office)
        browser.visit(link_to(office, "Ada", "theme_suggestion"))
        browser.press("send", suggestion=f"Sårstell hjemme {number}")
        assert 'name="nearest"' in browser.page.text
        answer = browser.press("send", nearest=chosen)
        assert answer.status_code == 200, chosen

    assert dump(store)["support"] == []


def test_a_theme_that_was_decided_meanwhile_gathers_nobody_more(office: Office, store: Store) -> None:
    theme_id = suggest(office, "Jonas", "Sårstell hos eldre")
    browser, leader = Browser(office), Browser(office)
    browser.visit(link_to(office, "Ada", "theme_suggestion"))
    browser.press("send", suggestion="Sårstell hjemme")
    leader.visit(week_of(office, "Grace"))
    leader.press(f"save_taken_in:{theme_id}", own="Vi tar det i februar")

    browser.press("send", nearest=str(theme_id))

    assert dump(store)["support"] == []
    assert [row for row in dump(store)["theme_author"] if row.startswith(f"({theme_id},")] == []


def test_a_representative_decides_nothing_and_sees_no_names(office: Office, store: Store) -> None:
    theme = suggest(office, "Ada", "Sårstell")
    office.answer("Petra", "unused_competence", {"has_more": "yes", "competence": "Tegnspråk", "tasks": ""})
    browser = Browser(office)
    browser.visit(week_of(office, "Jonas"))
    before = dump(store)

    verbs = (f"{verb}:{theme}" for verb in ("taken_in", "not_now", "save_taken_in", "save_not_now", "names"))
    for action in ("names", *verbs, "language:../../x", "back", ""):
        answer = browser.press(action, reason="reason_money", own="Nei")

        assert answer.status_code == 200
        assert "Petra" not in browser.text
        assert "Tegnspråk" not in browser.text
        assert set(browser.actions) <= {"", "language:nb", "language:nn", "language:en"}

    assert dump(store) == before


def test_a_leader_decides_nothing_in_another_ward_nor_what_the_week_does_not_name(office: Office, store: Store) -> None:
    suggest(office, "Ada", "Sårstell")
    other = suggest(office, "Bente", "Legemiddelregning")
    browser = Browser(office)
    browser.visit(week_of(office, "Grace"))
    before = dump(store)

    for target in (str(other), "999", "-1", "", "0", "9" * 40, "1; DROP TABLE theme", "²", "\x00"):
        for verb in ("taken_in", "not_now", "save_taken_in", "save_not_now"):
            answer = browser.press(f"{verb}:{target}", reason="reason_money", own="Nei")
            assert answer.status_code == 200
            assert "Legemiddelregning" not in browser.text

    assert dump(store) == before


def test_who_is_leader_no_more_decides_nothing_and_sees_no_names(office: Office, store: Store) -> None:
    theme_id = suggest(office, "Ada", "Sårstell")
    office.answer("Petra", "unused_competence", {"has_more": "yes", "competence": "Tegnspråk", "tasks": ""})
    browser = Browser(office)
    browser.visit(week_of(office, "Grace"))
    office.import_people([one.replace("leader", "") if "Grace Lie" in one else one for one in STAFF])
    before = dump(store)

    for action in ("names", f"save_taken_in:{theme_id}"):
        browser.press(action, own="Ja")
        assert "Tegnspråk" not in browser.text

    assert dump(store) == before


def test_a_second_tap_on_a_decision_changes_nothing(office: Office, store: Store) -> None:
    theme_id = suggest(office, "Ada", "Sårstell")
    browser = Browser(office)
    browser.visit(week_of(office, "Grace"))
    form = {**browser.read_form(), "own": "Vi tar det i februar"}
    browser.send({**form, "action": f"save_taken_in:{theme_id}"})
    before = dump(store)

    browser.send({**form, "action": f"save_taken_in:{theme_id}"})
    browser.send({**form, "action": f"save_not_now:{theme_id}", "reason": "reason_money"})

    assert dump(store) == before


def test_each_opening_of_the_names_is_logged_by_opaque_ids(office: Office, store: Store) -> None:
    suggest(office, "Ada", "Sårstell")
    office.answer("Petra", "unused_competence", {"has_more": "yes", "competence": "Tegnspråk", "tasks": ""})
    browser = Browser(office)
    browser.visit(week_of(office, "Grace"))
    before = set(dump(store)["log_entry"])

    for _ in range(2):
        browser.press("names")
        assert "Tegnspråk" in browser.text

    logged = set(dump(store)["log_entry"]) - before
    assert len(logged) == 2
    assert all(f"person:{office.id_of('Grace')}" in entry for entry in logged)
    assert not any(word in entry for word in ("Grace", "Petra", "Tegnspråk") for entry in logged)
