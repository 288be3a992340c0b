"""Posters: anybody in front of one may suggest something, and nothing tells who."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.paper.door import MOST_SUGGESTIONS_AN_HOUR
from flows.model import Flow
from storage.posters import revoke_posters
from storage.tables import Support, Theme, ThemeAuthor, Unit
from tests.browsing import Browser, dump
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, on, said, shipped
from tests.paper_ways import at_poster, hang_poster, theme_flow


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: a round is open until Friday in the week after, and nobody has suggested anything."""
    made = make_office(flows=[theme_flow("2027-01-04", "2027-02-01")])
    made.pass_time("2027-01-04 12:00")
    return made


def themes(office: Office) -> list[tuple[str, str]]:
    """(text, unit) of what is stored."""
    with office.reading() as session:
        return list(session.exec(select(Theme.text, Unit.path).where(Theme.unit_id == Unit.id).order_by(Theme.text)))


def test_a_suggestion_by_a_poster_has_no_author_and_reaches_the_leader(office: Office) -> None:
    browser = at_poster(office, hang_poster(office))

    browser.press("send", suggestion="Uro om kvelden")

    assert said("poster.stored", unit="Avdeling 1") in browser.text
    assert themes(office) == [("Uro om kvelden", WARD)]
    with office.reading() as session:
        assert session.exec(select(ThemeAuthor)).all() == []
        assert session.exec(select(Support)).all() == []
    office.pass_time("2027-01-11 12:00")
    assert "Uro om kvelden" in office.week("Grace").text


def test_it_says_who_sees_the_text_and_whom_not_to_write_about(office: Office) -> None:
    page = at_poster(office, hang_poster(office)).text

    for key in ("promise.contribution", "promise.text_warning", "poster.no_name_asked"):
        assert said(key) in page


def test_looking_at_a_poster_changes_nothing(office: Office) -> None:
    path = hang_poster(office)
    before = dump(office.parts.store)

    at_poster(office, path).press("language:en")

    assert dump(office.parts.store) == before


def test_what_is_like_it_is_shown_and_cannot_be_supported_from_here(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    browser = at_poster(office, hang_poster(office))

    browser.press("send", suggestion="Uro om kvelden og natta")

    assert said("poster.before") in browser.text
    assert "Uro om kvelden" in browser.text
    assert said("poster.not_counted") in browser.text
    assert themes(office) == [("Uro om kvelden", WARD)]


def test_one_may_keep_ones_own_words_beside_what_is_like_them(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    browser = at_poster(office, hang_poster(office))
    browser.press("send", suggestion="Uro om kvelden og natta")

    browser.press("language:nn")
    browser.press("keep")

    assert said("receipt.title", "nn") in browser.text
    assert [text for text, _ in themes(office)] == ["Uro om kvelden", "Uro om kvelden og natta"]


def test_one_may_leave_it_and_nothing_is_stored(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    browser = at_poster(office, hang_poster(office))
    browser.press("send", suggestion="Uro om kvelden og natta")
    before = dump(office.parts.store)

    browser.press("leave")

    assert said("poster.left") in browser.text
    assert dump(office.parts.store) == before


def test_loading_the_receipt_anew_sends_nothing_and_shows_it_again(office: Office) -> None:
    browser = at_poster(office, hang_poster(office))
    browser.press("send", suggestion="Uro om kvelden")
    stored = dump(office.parts.store)

    browser.visit(str(browser.page.url))

    assert said("receipt.title") in browser.text
    assert dump(office.parts.store) == stored


def test_back_from_what_is_like_it_shows_the_question_and_leaving_keeps_nothing_on_the_machine(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    path = hang_poster(office)
    browser = at_poster(office, path)
    browser.press("send", suggestion="Uro om kvelden og natta")
    shown = str(browser.page.url)
    browser.visit(path)
    assert "send" in browser.actions

    browser.visit(shown)
    browser.press("leave")
    browser.visit(shown)

    assert "Uro om kvelden og natta" not in browser.text


def test_the_same_words_twice_are_one_theme(office: Office) -> None:
    path = hang_poster(office)
    for _ in range(3):
        browser = at_poster(office, path)
        browser.press("send", suggestion="Uro om kvelden")
        if "keep" in browser.actions:
            browser.press("keep")

    assert themes(office) == [("Uro om kvelden", WARD)]


def test_a_second_tap_on_keep_changes_nothing(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    browser = at_poster(office, hang_poster(office))
    browser.press("send", suggestion="Uro om kvelden og natta")
    form = {**browser.read_form(), "action": "keep"}

    browser.send(form)
    stored = dump(office.parts.store)
    browser.send(form)

    assert dump(office.parts.store) == stored


def test_what_waits_in_another_unit_is_not_shown(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    browser = at_poster(office, hang_poster(office, OTHER_WARD))

    browser.press("send", suggestion="Uro om kvelden og natta")

    assert said("poster.before") not in browser.text
    assert ("Uro om kvelden og natta", OTHER_WARD) in themes(office)


def test_a_revoked_poster_says_so_kindly(office: Office) -> None:
    path = hang_poster(office)
    browser = at_poster(office, path)
    with office.parts.store.writing() as session:
        unit_id = session.exec(select(Unit.id).where(Unit.path == WARD)).one() or 0
        assert revoke_posters(session, "theme_suggestion", unit_id, office.at) == 1

    browser.press("send", suggestion="Uro om kvelden")

    assert browser.page.status_code == 410
    assert said("trouble.poster_closed") in browser.text
    assert at_poster(office, path).page.status_code == 410
    assert themes(office) == []


def test_between_rounds_a_poster_rests_and_wakes_with_the_next_one(office: Office) -> None:
    path = hang_poster(office)

    office.pass_time("2027-01-20 12:00")
    resting = at_poster(office, path)
    office.pass_time("2027-02-01 12:00")

    assert said("trouble.poster_resting") in resting.text
    assert resting.page.status_code == 200
    assert said("trouble.poster_resting") not in at_poster(office, path).text


def test_a_poster_of_a_flow_that_is_no_longer_open_does_nothing(make_office: MakeOffice) -> None:
    closed: Flow = shipped("theme_suggestion", schedule=on("2027-01-04"), open=False)
    office = make_office(flows=[closed])
    office.pass_time("2027-01-04 12:00")

    browser = at_poster(office, hang_poster(office))

    assert said("trouble.poster_resting") in browser.text


def test_a_poster_takes_only_a_few_suggestions_an_hour_and_refuses_kindly(office: Office) -> None:
    browser = at_poster(office, hang_poster(office))
    form = browser.read_form()
    other = at_poster(office, hang_poster(office, OTHER_WARD))
    words = [chr(97 + number) * 9 for number in range(MOST_SUGGESTIONS_AN_HOUR + 1)]

    sent = [browser.send({**form, "action": "send", "suggestion": word}).status_code for word in words]

    assert sent == [200] * MOST_SUGGESTIONS_AN_HOUR + [429]
    assert said("trouble.poster_full") in browser.text
    assert len(themes(office)) == MOST_SUGGESTIONS_AN_HOUR
    office.world.at = office.at + timedelta(hours=1)
    browser.send({**form, "action": "send", "suggestion": words[-1]})
    assert len(themes(office)) == MOST_SUGGESTIONS_AN_HOUR + 1
    other.press("send", suggestion="Ergonomi")
    assert ("Ergonomi", OTHER_WARD) in themes(office)


@pytest.mark.parametrize("written", ["", "   ", "\u200b", "\x00"])
def test_nothing_is_asked_for_again(office: Office, written: str) -> None:
    browser = at_poster(office, hang_poster(office))

    browser.press("send", suggestion=written)

    assert said("problem.required") in browser.text
    assert themes(office) == []


def test_ten_thousand_characters_are_refused_and_nothing_is_lost(office: Office) -> None:
    browser = at_poster(office, hang_poster(office))
    long = "Uro " * 2_500

    browser.press("send", suggestion=long)

    assert said("problem.too_long", length=len(long) - 1, most=300) in browser.text
    assert long.strip() in browser.text
    assert themes(office) == []


def test_a_form_of_a_megabyte_is_refused(office: Office) -> None:
    browser = at_poster(office, hang_poster(office))

    browser.press("send", suggestion="x" * 1_000_000)

    assert browser.page.status_code == 413
    assert themes(office) == []


def test_html_in_a_suggestion_stays_text(office: Office) -> None:
    path = hang_poster(office)
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    at_poster(office, path).press("send", suggestion=script)

    browser = at_poster(office, path)
    browser.press("send", suggestion=script + " igjen")

    assert themes(office) == [(script, WARD)]
    assert "<script" not in browser.page.text
    assert "<img" not in browser.page.text
    assert script in browser.text


def test_a_state_of_another_poster_stores_nothing(office: Office) -> None:
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    one = at_poster(office, hang_poster(office))
    one.press("send", suggestion="Uro om kvelden og natta")
    other = at_poster(office, hang_poster(office, OTHER_WARD))

    for state in (one.read_form()["state"], "", "00" * 60, "x"):
        other.send({**other.read_form(), "state": state, "action": "keep"})
        assert said("problem.form_too_old") in other.text

    assert themes(office) == [("Uro om kvelden", WARD)]


def test_an_address_typed_with_other_letters_leads_to_the_same_poster(office: Office) -> None:
    path = hang_poster(office)

    for typed in (path, path.lower(), path.replace("-", ""), path.replace("-", "%20")):
        assert Browser(office).visit(typed.replace("/P/", "/p/")).status_code == 200


def test_a_theme_by_a_poster_is_decided_and_told_like_any_other(office: Office) -> None:
    at_poster(office, hang_poster(office)).press("send", suggestion="Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    with office.reading() as session:
        theme_id = session.exec(select(Theme.id)).one()

    office.week("Grace").tap(f"save_taken_in:{theme_id}", {"own": "Fagmøte 12. mai"})
    office.pass_time("2027-01-12 12:00")

    assert "Uro om kvelden" in "\n".join(office.inbox("Ada"))
    office.pass_time("2027-01-18 12:00")  # the round closes, and the gate counts nobody behind what nobody signed
    assert office.runs("theme_suggestion")[0].closed_at is not None
