"""The dry run of a flow: on a copy, with made-up answers, so that nothing real is touched and no name is told."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commands.rehearse import rehearse
from bot.words import words_in
from flows.text import LANGUAGES
from storage.store import Store
from storage.tables import Person
from tests.browsing import dump
from tests.office_words import said
from tests.sample_people import GRACE, find_person, import_lines

DAY = "2027-01-11"
NOBODY = "sqlite:///nothing-here.sqlite3"
WARD, NIGHT = "Solvik / Sykehjem / Avdeling 2", "Solvik / Sykehjem / Nattvakta"


def staff(first: int, count: int, unit: str, *, leader: bool = False) -> list[str]:
    """So many made-up people at home in a unit, with names that are found nowhere else; the first may lead it."""
    lines = [f"{number};Navnløs Oppdiktet{number};;nb;;;{unit};home;;;;" for number in range(first, first + count)]
    return [lines[0] + "leader", *lines[1:]] if leader else lines


def run(url: str, name: str = "pulse", *options: str, **more: str) -> Result:
    environment = {"MEDVIRK_DATABASE_URL": url, "MEDVIRK_ORGANISATION": "Solvik kommune", **more}
    return CliRunner().invoke(rehearse, [name, "--on", DAY, *options], env=environment)


def address(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def told(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def filled(store: Store) -> Store:
    """A ward of thirty with a leader, a night watch of three with another, and Grace above them."""
    director = GRACE.replace(WARD, "Solvik")
    import_lines(store, director, *staff(100, 30, WARD, leader=True), *staff(200, 3, NIGHT, leader=True))
    return store


def test_nothing_is_written_to_the_real_database_and_no_key_is_made(filled: Store, tmp_path: Path) -> None:
    before = dump(filled)

    told(run(address(filled), "pulse", MEDVIRK_KEYS_DIR=str(tmp_path / "real-keys")))

    assert dump(filled) == before
    assert not (tmp_path / "real-keys").exists()


def test_where_nobody_is_imported_it_is_the_made_up_municipality_and_no_database_is_made(tmp_path: Path) -> None:
    file = tmp_path / "real" / "medvirk.sqlite3"

    text = told(run(f"sqlite:///{file}"))

    assert said("rehearsal.on_sample") in text
    assert not file.parent.exists()


@pytest.mark.parametrize("name", ["pulse", "unused_competence", "theme_suggestion"])
def test_the_same_seed_says_the_same_and_another_one_something_else(name: str) -> None:
    first, again, other = (told(run(NOBODY, name, "--seed", seed)) for seed in ("1", "1", "2"))

    assert first == again
    assert first != other


def test_it_says_who_is_asked_when_what_it_costs_and_who_is_reminded(filled: Store) -> None:
    text = told(run(address(filled), "pulse", "--answering", "0"))

    assert said("rehearsal.asked", count=34) in text
    assert "mandag 11. januar: 34 kl. 09.00" in text
    assert said("rehearsal.minutes", count=34) in text
    assert said("rehearsal.reminder", number=1, count=34) in text
    assert "Avdeling 2: 30" in text


def test_who_is_on_leave_or_said_no_is_counted_under_the_reason(filled: Store) -> None:
    with filled.writing() as session:
        session.get_one(Person, find_person(filled, "110").id).declined = True

    text = told(run(address(filled)))

    assert f"{said('rehearsal.left_alone', count=1)}\n  {said('demo.left_alone.declined')}: 1" in text


def test_a_small_unit_is_told_together_with_others_or_held_back_in_words(filled: Store) -> None:
    together = told(run(address(filled), "pulse", "--answering", "100"))
    hardly_any = told(run(address(filled), "pulse", "--answering", "5"))

    assert said("rehearsal.sort.whole").upper() in together
    assert said("rehearsal.sort.too_few").upper() in hardly_any
    assert "Vi viser ikke tall for" in hardly_any


def test_it_goes_on_without_a_discussion_and_says_that_one_is_missing(filled: Store) -> None:
    text = told(run(address(filled)))

    employer = words_in("nb")("rehearsal.employer", name="Solvik", count=34)
    assert said("rehearsal.undiscussed", employers=employer) in text
    assert said("rehearsal.undiscussed", employers=employer) not in told(run(address(filled), "theme_suggestion"))


def test_names_stand_there_only_where_the_administrator_asks_for_them(filled: Store) -> None:
    without, with_names = told(run(address(filled))), told(run(address(filled), "pulse", "--names"))

    assert "Navnløs" not in without
    assert "Navnløs Oppdiktet101, Avdeling 2: mandag 11. januar kl. 09.00" in with_names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["pulse", "unused_competence", "theme_suggestion"])
def test_the_page_says_what_is_asked_and_for_what_and_names_nobody(
    filled: Store, tmp_path: Path, name: str, language: str
) -> None:
    page = tmp_path / "page.html"

    result = run(address(filled), name, "--lang", language, "--names", "--page", str(page))

    told(result)
    html, words = page.read_text(encoding="utf-8"), words_in(language)
    assert f'<html lang="{language}">' in html
    assert words("rehearsal.made_up_note") in html
    assert words("rehearsal.notes") in html
    assert "Navnløs" not in html
    assert "Grace" not in html
    assert "<script" not in html
    assert "<link" not in html


def test_a_page_that_is_handed_round_does_not_count_the_few_who_are_left_alone(filled: Store, tmp_path: Path) -> None:
    with filled.writing() as session:
        session.get_one(Person, find_person(filled, "110").id).declined = True
    page = tmp_path / "page.html"

    told(run(address(filled), "pulse", "--page", str(page)))

    assert said("rehearsal.fewer_than", count=5) in page.read_text(encoding="utf-8")
    assert said("rehearsal.left_alone", count=1) not in page.read_text(encoding="utf-8")


def test_a_page_does_not_count_the_few_who_are_asked_on_a_day_of_their_own(store: Store, tmp_path: Path) -> None:
    tuesdays = [one.replace(";nb;;;", ";nb;tue 08:00-15:30;;") for one in staff(200, 3, NIGHT)]
    import_lines(store, *staff(100, 30, WARD, leader=True), *tuesdays)
    page = tmp_path / "page.html"

    text = told(run(address(store), "pulse", "--page", str(page)))
    html = page.read_text(encoding="utf-8")

    words = words_in("nb")
    days = words("rehearsal.days", first="mandag 11. januar", last="tirsdag 12. januar")
    assert "mandag 11. januar: 30 kl." in text
    assert "tirsdag 12. januar: 3 kl." in text
    assert days in html
    assert "33 kl." in html
    assert "30 kl." not in html
    assert "3 kl." not in html.replace("33 kl.", "")


def test_a_page_does_not_count_the_few_where_hardly_anybody_is_asked(store: Store, tmp_path: Path) -> None:
    import_lines(store, *staff(100, 3, WARD, leader=True))
    page = tmp_path / "page.html"

    text = told(run(address(store), "theme_suggestion", "--page", str(page)))

    assert said("rehearsal.asked", count=3) in text
    assert said("rehearsal.asked_few", count=5) in page.read_text(encoding="utf-8")
    assert said("rehearsal.asked", count=3) not in page.read_text(encoding="utf-8")


def test_an_unknown_flow_is_answered_with_those_there_are() -> None:
    result = run(NOBODY, "puls")

    assert result.exit_code == 1
    assert "There is no flow 'puls' that can be used; there are " in result.stderr
    assert "pulse, theme_suggestion, unused_competence" in result.stderr


def test_a_flow_of_the_organisations_own_that_is_opened_on_demand_can_be_rehearsed(tmp_path: Path) -> None:
    pulse = (Path(__file__).parents[1] / "flows" / "definitions" / "pulse.yaml").read_text(encoding="utf-8")
    own = pulse.replace('cron: "0 9 * * mon#2"', "on_demand: true")
    (tmp_path / "our_own.yaml").write_text(own, encoding="utf-8")

    text = told(run(NOBODY, "our_own", MEDVIRK_FLOWS_DIR=str(tmp_path)))

    assert said("rehearsal.on_demand", day="mandag 11. januar") in text


def test_a_flow_for_a_unit_that_is_not_there_says_so(tmp_path: Path) -> None:
    pulse = (Path(__file__).parents[1] / "flows" / "definitions" / "pulse.yaml").read_text(encoding="utf-8")
    (tmp_path / "elsewhere.yaml").write_text(pulse.replace("units: top", 'units: ["Nowhere"]'), encoding="utf-8")

    result = run(NOBODY, "elsewhere", MEDVIRK_FLOWS_DIR=str(tmp_path))

    assert result.exit_code == 1
    assert "none of the units that the flow is for" in result.stderr


@pytest.mark.parametrize("flow", ["course_reaction", "course_use", "course_benefit"])
def test_a_flow_that_follows_courses_is_rehearsed_on_a_made_up_one(flow: str) -> None:
    once = told(run(NOBODY, flow))

    assert said("rehearsal.on_course", count=40) in once
    assert said("rehearsal.course") in once
    assert "{course}" not in once
    assert said("rehearsal.sort.own").upper() in once


def test_leaders_are_asked_about_a_made_up_course_too() -> None:
    once = told(run(NOBODY, "course_benefit_leader"))

    assert said("rehearsal.sort.named").upper() in once
    assert said("rehearsal.course") in once


def test_units_in_which_nobody_suggested_anything_are_told_with_what_stands_there_instead(filled: Store) -> None:
    once = told(run(address(filled), "theme_suggestion", "--answering", "0"))

    assert said("rehearsal.sort.no_themes").upper() in once
    assert said("rehearsal.for_units", count=3, units="Solvik, Avdeling 2 og Nattvakta") in once
    assert said("result.no_themes") in once
    assert said("rehearsal.sort.themes").upper() not in once


def test_where_nobody_answers_by_name_it_says_so_instead_of_nothing(filled: Store) -> None:
    once = told(run(address(filled), "unused_competence", "--answering", "0"))

    assert said("rehearsal.no_answers") in once


def test_where_nobody_would_be_asked_the_page_says_that_there_is_nothing_to_see(store: Store, tmp_path: Path) -> None:
    import_lines(store, *staff(100, 3, WARD))  # nobody leads them, so nobody would read their answers
    page = tmp_path / "page.html"

    told(run(address(store), "unused_competence", "--page", str(page)))

    assert said("rehearsal.nothing_seen") in page.read_text(encoding="utf-8")
