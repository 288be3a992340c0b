"""What people met who used the product for the first time, each once and never again."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlmodel import select

from bot.__main__ import main
from storage.store import Store
from storage.tables import Run, Theme
from tests.office import ADA, GRACE, WARD, Office, crowd, line, on, said, shipped

MakeOffice = Callable[..., Office]
REPRESENTATIVE = (
    line(103, "Jonas Vik", WARD),
    line(103, "Jonas Vik", "Solvik", "representative", membership=""),
)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    themes = shipped("theme_suggestion", schedule=on("2027-01-04"))
    competence = shipped("unused_competence", schedule=on("2027-01-04"))
    made = make_office(flows=[themes, competence], people=(ADA, GRACE, *REPRESENTATIVE))
    made.pass_time("2027-01-04 12:00")
    return made


def suggest(office: Office, name: str, text: str) -> None:
    office.answer(name, "theme_suggestion", {"suggestion": text, "nearest": "mine"})


def test_the_number_of_a_withdrawn_theme_never_becomes_another_theme(office: Office) -> None:
    suggest(office, "Ada", "Bruke ny heis")
    with office.reading() as session:
        first = session.exec(select(Theme.id)).one()

    office.open("Ada", "theme_suggestion").tap(f"take_back:{first}")
    suggest(office, "Ada", "Kurs i norsk")

    with office.reading() as session:
        assert session.exec(select(Theme.id)).one() != first


def test_what_a_leader_has_written_is_still_there_in_another_language(office: Office) -> None:
    suggest(office, "Ada", "Kveldsuro ved demens")
    office.pass_time("2027-01-11 09:00")
    week = office.week("Grace")
    taking = next(button.action for button in week.card.buttons if button.action.startswith("taken_in:"))

    card = week.tap(taking).tap("language:en", {"own": "Fagmøte 12. mai"}).card

    assert card.language == "en"
    assert [ask.written for ask in card.asks] == [("Fagmøte 12. mai",)]


def test_a_representative_is_told_how_many_themes_wait_and_not_their_texts(office: Office) -> None:
    suggest(office, "Ada", "Kveldsuro ved demens")
    office.pass_time("2027-01-11 09:00")

    assert "Kveldsuro" in office.week("Grace").text
    assert "Kveldsuro" not in office.week("Jonas").text
    assert said("digest.themes_wait", count=1) in office.week("Jonas").text


def test_the_nearest_card_sent_without_a_choice_stores_nothing(make_office: MakeOffice) -> None:
    office = make_office(
        flows=[shipped("theme_suggestion", schedule=on("2027-01-04"))],
        people=(ADA, GRACE, *crowd(300, WARD, "Bente Moen")),
    )
    office.pass_time("2027-01-04 12:00")
    suggest(office, "Bente", "Kveldsuro ved demens")

    page = office.open("Ada", "theme_suggestion")
    page.tap("send", {"suggestion": "uro om kvelden hos demente"})
    page.tap("send", {})

    assert said("problem.required") in page.text
    with office.reading() as session:
        assert session.exec(select(Theme.text)).all() == ["Kveldsuro ved demens"]


def test_links_made_with_a_server_key_that_is_lost_heal(office: Office) -> None:
    for key in office.parts.keys.folder.glob("server-*.key"):
        key.unlink()
    office.parts.keys.__init__(office.parts.keys.folder)  # type: ignore[misc]  # as the next start finds it
    office._home_urls.clear()

    page = office.open("Ada", "theme_suggestion")

    assert page.trouble is None
    assert page.card.asks


def test_a_run_opened_by_hand_opens_now_whatever_zone_the_server_is_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MEDVIRK_DATABASE_URL", f"sqlite:///{tmp_path}/medvirk.sqlite3")
    monkeypatch.setenv("MEDVIRK_KEYS_DIR", str(tmp_path / "keys"))
    people = tmp_path / "people.csv"
    people.write_text(
        "number;name;unit;role\n1;Ada Berg;Solvik;\n2;Grace Lunde;Solvik;\n2;Grace Lunde;Solvik;leader\n",
        encoding="utf-8",
    )
    assert CliRunner().invoke(main, ["people", "import", str(people)]).exit_code == 0

    opened = CliRunner().invoke(main, ["run", "open", "theme_suggestion"])
    refused = CliRunner().invoke(main, ["run", "open", "pulse"])

    assert opened.exit_code == 0, opened.output
    store = Store(f"sqlite:///{tmp_path}/medvirk.sqlite3")
    with store.reading() as session:
        run = session.exec(select(Run)).one()
    store.close()
    assert abs(run.closes_at - run.opens_at - timedelta(days=11)) <= timedelta(hours=1)
    assert f"{run.opens_at.astimezone(ZoneInfo(run.zone)):%H:%M}" == run.slot
    assert refused.exit_code == 1
    assert "fewer than 5  not discussed" in refused.output  # what few have not is not counted aloud


def test_the_database_is_nobodys_on_the_machine_but_the_products(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/var/medvirk.sqlite3")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
    store.close()

    for path in (tmp_path / "var").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_run_that_cannot_be_closed_keeps_nothing_else_from_happening(make_office: MakeOffice) -> None:
    flows = [
        shipped("pulse", schedule=on("2027-01-04"), remind_after_days=()),
        shipped("theme_suggestion", schedule=on("2027-01-05")),
    ]
    office = make_office(
        flows=flows, people=(ADA, GRACE, *crowd(300, WARD, "Ali Bo Eva Fatima Geir Hanne Ida Jon Kim Liv"))
    )
    office.pass_time("2027-01-04 12:00")
    with office.parts.store.writing() as session:
        pulse = session.exec(select(Run).where(Run.flow == "pulse")).one()
        pulse.partition = {"broken": True}
        session.add(pulse)

    office.pass_time("2027-01-16 12:00")

    assert {run.flow: run.state for run in office.runs()} == {"pulse": "open", "theme_suggestion": "closed"}
