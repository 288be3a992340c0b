"""Slips: each opens its own person's page and nobody else's, by a code typed as people type; and old ones stop."""

import re

import pytest
from sqlmodel import select

from bot.paper.slips import make_slips
from bot.personal import COPY_NAME
from storage.codes import fold_code, make_slip_code
from storage.links import revoke_links
from storage.log import entries_of
from storage.slips import people_with_another_way, units_led_from
from storage.tables import Address, Person, ThemeAuthor, Unit
from tests.browsing import Browser, answers, dump
from tests.office import MakeOffice, Office, on, said, shipped
from tests.paper_ways import Handed, open_week, print_slips, read_slips, theme_flow, type_again, type_code
from tests.polling import OTHER_WARD, QUESTION, WITH_GROUPS, send

WAITING = re.compile(r'href="(\?at=run:\d+)"')
WARD_STAFF = {
    "Ada Berg",
    "Jonas Vik",
    "Eldbjørg Haugen",
    "Pawel Nowicki",
    "Petra Moen",
    "Dag Moen",
    "Linn Moen",
    "Siv Moen",
    "Unni Moen",
}


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """People have been asked for themes twice, and suggested one, so that leaders have a week to read."""
    made = make_office(flows=[theme_flow("2027-01-04")])
    made.pass_time("2027-01-04 12:00")
    made.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    made.answer("Bente", "theme_suggestion", {"suggestion": "Ergonomi"})
    return made


def test_a_leader_prints_a_slip_for_each_of_their_own_people_and_for_nobody_else(office: Office) -> None:
    slips = print_slips(open_week(office, "Grace"))

    assert {one.name for one in slips} == WARD_STAFF
    assert len({one.code for one in slips}) == len(WARD_STAFF)
    assert all(re.fullmatch(r"[A-ZÆØÅ]+-\d{4}-[A-ZÆØÅ]+-[A-ZÆØÅ]+-\d{4}", one.code) for one in slips)


def test_each_slip_opens_the_page_of_the_person_named_on_it(office: Office) -> None:
    for slip in print_slips(open_week(office, "Grace")):
        browser = type_code(office, slip.code)

        first_name = slip.name.split()[0]
        assert browser.page.status_code == 200
        assert f"{first_name}!" in browser.text
        assert not any(f"{name.split()[0]}!" in browser.text for name in WARD_STAFF - {slip.name})


def test_a_slip_shows_what_waits_and_nothing_of_what_the_person_has_said(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Siv"))
    own_page = office.home("Siv").text

    browser = type_code(office, slip.code)

    assert "Uro om kvelden" in own_page
    assert said("slips.by_paper") in browser.text
    assert said("home.waiting") in browser.text
    for hidden in ("Uro om kvelden", said("home.contributed"), said("home.became"), said("home.stored")):
        assert hidden not in browser.text
    assert "/l/" not in "".join(re.findall(r'href="([^"]+)"', browser.page.text))  # no link that outlives the slip
    open_what_waits(browser)
    assert "Uro om kvelden" not in browser.text  # nor behind what waits


def open_what_waits(browser: Browser) -> None:
    """The first question that waits on the page a slip opened."""
    path = browser.page.url.path
    browser.visit(path + next(iter(WAITING.findall(browser.page.text))))


def test_all_slips_show_the_same_whoever_has_answered_suggested_or_said_stop(make_office: MakeOffice) -> None:
    office = make_office(flows=[theme_flow("2027-01-04"), shipped("pulse", schedule=on("2027-01-04"))])
    office.pass_time("2027-01-04 16:00")
    office.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.answer("Ada", "pulse", answers())
    office.home("Dag").tap("decline")
    slips = print_slips(open_week(office, "Grace"))

    seen = {slip.name.split()[0]: read_by_slip(office, slip) for slip in slips}

    assert len(seen["Linn"]) == 3
    for place in range(3):
        assert seen["Siv"][place] == seen["Linn"][place]
        assert seen["Ada"][place] == seen["Linn"][place]
        assert seen["Dag"][place] == seen["Linn"][place]


def read_by_slip(office: Office, slip: Handed) -> tuple[str, ...]:
    """The page of a slip and what stands behind each question on it, without the name."""
    browser = type_code(office, slip.code)
    path, page = browser.page.url.path, browser.page.text
    seen = [plain_text(browser).replace(slip.name.split()[0], "")]
    for address in WAITING.findall(page):
        browser.visit(path + address)
        seen.append(plain_text(browser))
    return tuple(seen)


def plain_text(browser: Browser) -> str:
    return " ".join(browser.text.split())


def test_what_was_opened_by_a_slip_ends_with_it(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Siv"))
    browser = type_code(office, slip.code)
    open_what_waits(browser)
    assert browser.page.status_code == 200
    kept = str(browser.page.url)

    print_slips(open_week(office, "Grace"))
    browser.visit(kept)

    assert browser.page.status_code == 410


def test_by_a_slip_one_reads_of_no_question_that_went_to_others(make_office: MakeOffice) -> None:
    office = make_office(flows=[theme_flow("2027-01-04")], people=WITH_GROUPS)
    office.record_discussion("poll", "Solvik")
    office.pass_time("2027-01-04 12:00")
    office.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    send(office, units=[OTHER_WARD])
    office.pass_time("2027-01-11 12:00")
    poll = max(one.id or 0 for one in office.runs())
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Jonas"))
    browser = type_code(office, slip.code)

    browser.visit(f"{browser.page.url.path}?at=run:{poll}")

    assert browser.page.status_code == 200
    assert str(QUESTION["title"]) not in browser.text
    assert said("question.closed_thanks") in browser.text


def test_by_a_slip_one_suggests_and_stops_like_everybody(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Jonas"))
    browser = type_code(office, slip.code)
    path = browser.page.url.path
    open_what_waits(browser)

    browser.press("send", suggestion="Løfteteknikk")

    assert "take_back" not in browser.page.text
    browser.visit(path)
    browser.press("decline")
    assert said("home.declined") in browser.text
    browser.press("resume")
    assert said("settings.resumed") in browser.text


def test_nothing_that_was_said_is_taken_back_or_copied_by_a_slip(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Siv"))
    browser = type_code(office, slip.code)
    own_page = browser.page.url.path
    with office.reading() as session:
        theme_id = session.exec(select(ThemeAuthor.theme_id).where(ThemeAuthor.person_id == office.id_of("Siv"))).one()
    before = dump(office.parts.store)

    browser.press(f"theme_end:{theme_id}")
    open_what_waits(browser)
    for action in (f"take_back:{theme_id}", "change", "withdraw"):
        browser.press(action)
    copied = browser.ask("GET", f"{own_page}/{COPY_NAME}")

    assert dump(office.parts.store) == before
    assert copied.status_code == 404


def test_a_leaders_slip_leads_to_no_week(office: Office) -> None:
    office.pass_time("2027-01-11 12:00")
    with office.parts.store.writing() as session:
        leader = session.get_one(Person, office.id_of("Grace"))
        (slip,) = make_slips(session, office.parts, [leader], 1, "administrator", office.at)

    browser = type_code(office, slip.code)

    assert "Uka i Avdeling 1" in office.home("Grace").text
    assert said("slips.by_paper") in browser.text
    assert "Uka i Avdeling 1" not in browser.text


def test_the_page_a_slip_opened_can_be_used_like_any_other(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Ada"))

    browser = type_code(office, slip.code)
    browser.press("pause")

    assert said("home.resume") in browser.text
    assert slip.code not in str(browser.page.url)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.lower()}. ",
        lambda code: code.replace("Æ", "AE").replace("Ø", "O").replace("Å", "A"),
        lambda code: code.replace("Æ", "ae").replace("Ø", "oe").replace("Å", "aa"),
        lambda code: code.replace("Å", "A\N{COMBINING RING ABOVE}"),
        lambda code: code.replace("-", "\N{EN DASH}"),
    ],
)
def test_a_code_may_be_typed_as_people_type(office: Office, write: object) -> None:
    assert callable(write)
    slips = print_slips(open_week(office, "Grace"))
    slip = next((one for one in slips if re.search("[ÆØÅ]", one.code)), slips[0])

    browser = type_code(office, write(slip.code))

    assert f"{slip.name.split()[0]}!" in browser.text


def test_a_code_folded_part_by_part_is_the_same_as_folded_whole() -> None:
    """A poster's address is made part by part, and people leave the dashes out."""
    for _ in range(2_000):
        code = make_slip_code()

        assert fold_code("".join(fold_code(part) for part in code.split("-"))) == fold_code(code)


def test_a_used_slip_may_be_used_again(office: Office) -> None:
    slip = print_slips(open_week(office, "Grace"))[0]

    type_code(office, slip.code)
    office.pass_time("2027-03-01 12:00")

    assert f"{slip.name.split()[0]}!" in type_code(office, slip.code).text


def test_a_new_slip_makes_the_old_one_useless_and_nothing_else(office: Office) -> None:
    mail_url = office.home("Ada").text  # the person's page by the link that messages carry
    week = open_week(office, "Grace")
    old = next(one for one in print_slips(week) if one.name.startswith("Ada"))
    open_by_old = type_code(office, old.code)
    old_page = str(open_by_old.page.url)
    week.press("back")

    new = next(one for one in print_slips(week) if one.name.startswith("Ada"))

    assert said("typed_code.over") in type_code(office, old.code).text
    assert open_by_old.visit(old_page).status_code == 410
    assert "Ada!" in type_code(office, new.code).text
    assert "Ada!" in mail_url
    assert "Ada!" in office.home("Ada").text


def test_loading_the_sheet_anew_makes_no_slip_useless(office: Office) -> None:
    week = open_week(office, "Grace")
    week.press("slips")
    form = {**week.read_form(), "who": "all", "action": "print_slips"}
    week.send(form)
    handed = read_slips(week.page.text)

    week.send(form)

    assert read_slips(week.page.text) == []
    assert said("slips.made_before") in week.text
    assert type_code(office, handed[0].code).page.status_code == 200


def test_whoever_wants_new_slips_gets_them_after_being_asked(office: Office) -> None:
    week = open_week(office, "Grace")
    week.press("slips")
    form = {**week.read_form(), "who": "all", "action": "print_slips"}
    for _ in range(2):
        week.send(form)

    week.press("print_slips", who="all")

    assert len(read_slips(week.page.text)) == len(WARD_STAFF)


def test_revoking_a_persons_links_revokes_the_slip_too(office: Office) -> None:
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith("Ada"))

    with office.parts.store.writing() as session:
        revoke_links(session, office.id_of("Ada"), office.at)

    assert said("typed_code.over") in type_code(office, slip.code).text


def test_a_slip_ends_with_its_year(office: Office) -> None:
    slip = print_slips(open_week(office, "Grace"))[0]

    office.world.at = office.at.replace(year=2028, month=3)

    assert said("typed_code.over") in type_code(office, slip.code).text


def test_the_order_on_the_sheet_is_another_each_time_and_not_that_of_the_names(office: Office) -> None:
    week = open_week(office, "Grace")
    orders = []
    for _ in range(4):
        orders.append([one.name for one in print_slips(week)])
        week.press("back")

    assert len({tuple(one) for one in orders}) > 1  # 9 people: all four alike once in 4.8e16
    assert any(order != sorted(order) for order in orders)


def test_printing_stands_in_the_log_with_the_number_and_without_names(office: Office) -> None:
    print_slips(open_week(office, "Grace"))

    with office.reading() as session:
        printed = [one for one in entries_of(session) if one.action == "slips printed"]
    assert [one.actor for one in printed] == [f"person:{office.id_of('Grace')}"]
    assert printed[0].object.endswith("people:9")


def test_looking_at_who_needs_a_slip_prints_none(office: Office) -> None:
    week = open_week(office, "Grace")

    week.press("slips")
    week.press("language:nn")
    week.press("print_slips", who="nobody-offered-this")

    assert said("slips.print", "nn") in week.text
    with office.reading() as session:
        assert "slips printed" not in [one.action for one in entries_of(session)]


def test_changing_the_language_of_the_sheet_prints_nothing_anew(office: Office) -> None:
    week = open_week(office, "Grace")
    slip = print_slips(week)[0]

    week.press("language:en")

    assert said("slips.print", "en") in week.text
    assert f"{slip.name.split()[0]}!" in type_code(office, slip.code).text


def test_on_the_sheet_stands_what_whoever_hands_it_out_must_know(office: Office) -> None:
    week = open_week(office, "Grace")
    print_slips(week)

    assert said("slips.caution") in week.text
    assert said("slips.page_note") in week.text
    for language in ("nb", "nn", "en"):
        what = said("slips.what", language, organisation=office.parts.settings.organisation)
        assert what in week.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_representative_cannot_print_by_hand(office: Office) -> None:
    week = open_week(office, "Jonas")

    for action in ("slips", "print_slips"):
        week.send({**week.read_form(), "action": action, "who": "all"})
        assert "slip-name" not in week.page.text
        assert said("slips.print") not in week.text


def test_a_leader_prints_no_slips_of_another_unit(office: Office) -> None:
    of_turid = {one.name for one in print_slips(open_week(office, "Turid"))}

    assert of_turid.isdisjoint(WARD_STAFF)
    assert "Bente Moen" in of_turid


def test_who_is_above_other_leaders_prints_for_their_own_people_only(office: Office) -> None:
    """The director's branch holds all units; each of the wards has a leader of its own."""
    with office.reading() as session:
        units = dict(session.exec(select(Unit.path, Unit.id)).all())
        led = units_led_from(session, units["Solvik"] or 0)

    assert led == {units["Solvik"], units["Solvik / NAV"]}  # nobody leads the latter below the director


def test_the_page_says_that_a_slip_is_about(office: Office) -> None:
    before = office.home("Ada").text

    print_slips(open_week(office, "Grace"))

    assert said("slips.exists") not in before
    assert said("slips.exists") in office.home("Ada").text


def test_the_short_address_stands_on_the_slip_without_what_nobody_types(make_office: MakeOffice) -> None:
    office = make_office(flows=[theme_flow("2027-01-04")], base_url="https://medvirk.solvik.example")
    office.pass_time("2027-01-04 12:00")
    office.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    week = open_week(office, "Grace")

    print_slips(week)

    assert "medvirk.solvik.example/k og skriv:" in week.text
    assert "https://medvirk.solvik.example/k" not in week.text


def test_two_people_on_one_machine_each_see_their_own_page(office: Office) -> None:
    slips = print_slips(open_week(office, "Grace"))
    shared = Browser(office)

    for slip in (slips[0], slips[1], slips[0]):
        shared.ask("GET", "/k")
        type_again(shared, slip.code)
        assert f"{slip.name.split()[0]}!" in shared.text


def test_paper_is_for_those_whom_no_channel_in_use_reaches(office: Office) -> None:
    """The page on the web waits until somebody comes; mail comes to people, where it is used and arrives."""
    with office.parts.store.writing() as session:
        for name, why in (("Ada", None), ("Petra", "no such mailbox")):
            value = f"{name}@solvik.example"
            address = Address(person_id=office.id_of(name), channel="mail", value=value, unreachable_because=why)
            session.add(address)

    with office.reading() as session:
        with_mail = people_with_another_way(session, {"web", "mail"})
        without_mail = people_with_another_way(session, {"web"})

    assert office.names(with_mail) == {"Ada"}
    assert without_mail == set()


def test_only_those_who_cannot_be_reached_get_a_slip_where_the_leader_chose_so(office: Office) -> None:
    """This office has no mail: all of them are reached on paper only, and all stand in the list."""
    week = open_week(office, "Grace")
    week.press("slips")

    assert said("slips.without", count=len(WARD_STAFF)) in week.text
    assert all(name in week.text for name in WARD_STAFF)
    assert {one.name for one in print_slips(week, "paper")} == WARD_STAFF
