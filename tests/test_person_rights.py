"""A person's rights: to see all that is stored about them, and to have it erased; others are left as they are."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlmodel import SQLModel, select

from bot.__main__ import main
from bot.conversations.stored import IN_FULL
from storage.discussions import discussions_of, record_discussion
from storage.erasure import erasures_of, replay, when_erased
from storage.keys import KeyFolder
from storage.log import entries_of, find_break
from storage.personal import columns_about_people, tables_about_people
from storage.store import Store
from storage.tables import Answer, Decision, Erasure, Person, Theme, Unit
from tests.browsing import Browser, dump, home_of
from tests.looking_into import read_raw
from tests.office import GRACE, WARD, MakeOffice, Office, crowd, line, said
from tests.rounds import begun, flow

NUMBER, NAME = "N-74123-Q", "Adelheid Unikumsen"
TEXTS = ("Litauisk og tegnspråk", "Fuglekikking på nattevakt")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Adelheid has done everything one can do here; Jonas has done a little, and so has Grace, who leads them."""
    adelheid = line(0, NAME, WARD, leave="2027-02-01/2027-02-05").replace("0;", f"{NUMBER};", 1)
    safety = line(0, NAME, WARD, "safety", membership="").replace("0;", f"{NUMBER};", 1)
    people = (
        adelheid,
        safety,
        GRACE,
        line(103, "Jonas Vik", WARD),
        *crowd(110, WARD, "Bo Cecilie Dan Elin Finn Gard Hege"),
    )
    flows = [flow(one) for one in ("pulse", "theme_suggestion", "unused_competence")]
    office = begun(make_office(flows=flows, people=people))
    first = NAME.split()[0]
    office.answer(first, "unused_competence", {"has_more": "yes", "competence": TEXTS[0]})
    office.answer(first, "theme_suggestion", {"suggestion": TEXTS[1], "nearest": "mine"})
    office.answer("Jonas", "unused_competence", {"has_more": "yes", "competence": "Jonas kan fransk"})
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    page = office.open(first, "theme_suggestion").tap("send", {"suggestion": "løfteteknikk"})
    page.tap("send", {"nearest": page.card.asks[0].choices[0].id})
    office.answer(first, "pulse", {"looked_forward": "weekly"})
    return office


def run(office: Office, store: Store, *arguments: str, answer: str = "") -> Result:
    env = {
        "MEDVIRK_DATABASE_URL": store.url.render_as_string(hide_password=False),
        "MEDVIRK_KEYS_DIR": str(office.parts.keys.folder),
    }
    return CliRunner().invoke(main, ["person", *arguments], env=env, input=answer)


def export(office: Office, store: Store, number: str = NUMBER) -> Any:
    result = run(office, store, "export", number)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_export_has_everything_about_the_person_and_nothing_of_others(office: Office, store: Store) -> None:
    copy = export(office, store)

    stored = copy["stored"]
    assert copy["person"]["number"] == NUMBER
    assert copy["person"]["name"] == NAME
    assert [one["unit"] for one in stored["membership"]] == [WARD]
    assert [one["name"] for one in stored["role"]] == ["safety"]
    assert stored["absence"] == [{"starts_on": "2027-02-01", "ends_on": "2027-02-05"}]
    assert stored["address"][0]["value"] == NUMBER
    assert TEXTS[0] in stored["answer"][0]["said"].values()
    assert (stored["answer"][0]["promised_to"], stored["answer"][0]["ends_on"]) == ("Grace Lie", "2028-02-08")
    assert [one["theme"] for one in stored["theme_author"]] == [TEXTS[1]]
    assert [one["theme"] for one in stored["support"]] == ["Løfteteknikk"]
    assert {one["kind"] for one in stored["delivery"]} == {"welcome", "question"}
    assert {one["purpose"] for one in stored["link"]} == {"home", "run"}
    assert len(stored["participation"]) == 3
    assert "Jonas" not in json.dumps(copy, ensure_ascii=False)
    assert copy["cannot_be_found"] == [
        said(key) for key in ("stored.cannot_sealed", "stored.cannot_themes", "stored.cannot_figures")
    ]


def test_an_export_holds_no_key_to_a_page_and_not_who_has_answered_anonymously(office: Office, store: Store) -> None:
    page = office.home(NAME.split()[0])

    copy = json.dumps(export(office, store))

    assert page.link_id not in copy
    assert page.secret not in copy
    assert "secret_hash" not in copy
    pulse = [one for one in json.loads(copy)["stored"]["participation"] if one["run"].startswith("pulse")]
    assert "answered" not in pulse[0]


def test_an_export_to_a_file_is_for_its_owner_alone_and_overwrites_nothing(
    office: Office, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "copy.json"

    first, second = run(office, store, "export", NUMBER, str(file)), run(office, store, "export", NUMBER, str(file))

    assert first.exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text(encoding="utf-8"))["person"]["name"] == NAME
    assert second.exit_code == 1
    assert "exists already" in second.stderr
    with office.reading() as session:
        assert [one.action for one in entries_of(session)].count("personal data exported") == 1


def test_everything_that_refers_to_people_is_known_to_the_export_and_said_on_the_page() -> None:
    """A new table about people must say what becomes of its rows when the person is erased, or erasure would stop."""
    others = {f"{table.name}.{column.name}": column.nullable for table, column in columns_about_people(own=False)}

    assert {name for name, may_be_empty in others.items() if not may_be_empty} == {"decision.decided_by"}
    assert set(IN_FULL) <= set(tables_about_people())


@pytest.mark.parametrize("command", ["export", "erase"])
def test_an_unknown_number_says_what_to_do(office: Office, store: Store, command: str) -> None:
    before = dump(store)

    result = run(office, store, command, "999")

    assert result.exit_code == 1
    assert "There is nobody with the number '999'. Write it as the directory file does" in result.stderr
    assert dump(store) == before


def test_erasing_asks_first(office: Office, store: Store) -> None:
    before = dump(store)

    result = run(office, store, "erase", NUMBER, answer="n\n")

    assert result.exit_code == 1
    assert f"{NAME}, number {NUMBER}" in result.stdout
    assert dump(store) == before


def test_after_an_erasure_no_byte_of_the_person_is_left(office: Office, store: Store) -> None:
    traces = (NUMBER, NAME, NAME.split()[0], NAME.split()[1], *TEXTS)
    raw = read_raw(store)
    assert all(one.encode() in raw or json.dumps(one)[1:-1].encode() in raw for one in traces)

    result = run(office, store, "erase", NUMBER, "--yes")

    assert result.exit_code == 0, result.output
    if not store.is_sqlite:
        return  # deleted rows lie there until their room is used again; it is said openly
    raw = read_raw(store)
    for one in traces:
        assert one.encode() not in raw
        assert json.dumps(one)[1:-1].encode() not in raw


def test_an_erasure_leaves_others_as_they_are(office: Office, store: Store) -> None:
    before, adelheid = dump(store), office.id_of(NAME.split()[0])
    with office.reading() as session:
        theme = session.exec(select(Theme.id).where(Theme.text == TEXTS[1])).one()

    run(office, store, "erase", NUMBER, "--yes")
    after = dump(store)

    for table in SQLModel.metadata.tables:
        if table in ("log_entry", "erasure", "person"):
            continue
        gone = set(before[table]) - set(after[table])
        assert set(after[table]) <= set(before[table]), table
        assert all(str(adelheid) in row or f"({theme}," in row for row in gone), table
    assert {"answer", "theme", "theme_author", "support", "delivery", "link", "membership"} <= {
        table for table in before if len(after[table]) < len(before[table])
    }
    assert sum("Vik" in row for row in after["person"]) == 1
    assert "Jonas kan fransk" in office.home("Jonas").text


def test_every_column_that_referred_to_the_person_is_empty_or_gone(office: Office, store: Store) -> None:
    adelheid = office.id_of(NAME.split()[0])

    run(office, store, "erase", NUMBER, "--yes")

    with store.engine.connect() as connection:
        for table, column in columns_about_people():
            count = text(f'SELECT count(*) FROM "{table.name}" WHERE {column.name} = {adelheid}')
            assert connection.execute(count).scalar_one() == 0, table.name


def test_an_erasure_is_logged_with_an_opaque_id_and_the_chain_holds(office: Office, store: Store) -> None:
    adelheid = office.id_of(NAME.split()[0])

    run(office, store, "erase", NUMBER, "--yes")

    with office.reading() as session:
        entries = entries_of(session)
        assert (entries[-1].action, entries[-1].object) == ("person erased", f"person:{adelheid}")
        assert find_break(entries) is None


def test_what_a_leader_decided_stays_as_decided_by_nobody(office: Office, store: Store) -> None:
    office.pass_time("2027-01-11 12:00")
    week = office.week("Grace")
    theme = next(one.action for one in week.card.buttons if one.action.startswith("taken_in")).partition(":")[2]
    week.tap(f"save_taken_in:{theme}", {"own": "Fagmøte i mai."})
    office.pass_time("2027-01-11 12:30")

    result = run(office, store, "erase", "102", "--yes")

    assert result.exit_code == 0, result.output
    with office.reading() as session:
        decision = session.exec(select(Decision)).one()
        assert decision.reason == "|Fagmøte i mai."
        assert session.get_one(Person, decision.decided_by).name == ""
        assert {one.reader_id for one in session.exec(select(Answer))} == {None}
    page = office.home("Jonas")
    assert "Fagmøte i mai." in page.text
    assert "Grace" not in page.text
    assert "Bestemt av ." not in page.text
    assert "Bestemt av  " not in page.text


def test_whoever_recorded_a_discussion_is_taken_out_and_other_mentions_are_told(office: Office, store: Store) -> None:
    def record(session: Any) -> None:
        unit = session.exec(select(Unit.id).where(Unit.path == "Solvik")).one()
        record_discussion(
            session,
            flow="pulse",
            unit_id=unit,
            employer="Solvik",
            needed=True,
            held_on=office.at.date(),
            invited=f"Fagforbundet, {NAME}",
            views="",
            decision="Ja",
            recorded_by=NAME,
            at=office.at,
        )

    office.parts.writer.do_now(record)

    result = run(office, store, "erase", NUMBER, "--yes")

    assert "The name still stands in 1 text" in result.stdout
    with office.reading() as session:
        assert NAME not in {one.recorded_by for one in discussions_of(session)}


def test_the_next_import_makes_a_new_person_of_whoever_still_stands_in_the_file(office: Office, store: Store) -> None:
    first, old = NAME.split()[0], office.id_of(NAME.split()[0])
    office.home(first).tap("decline")
    result = run(office, store, "erase", NUMBER, "--yes")

    office.import_people([line(0, NAME, WARD).replace("0;", f"{NUMBER};", 1), GRACE, line(103, "Jonas Vik", WARD)])
    page = office.home(first)

    assert "Whoever still stands in the directory file becomes a new person at the next import." in result.stdout
    assert office.id_of(first) != old
    assert TEXTS[0] not in page.text
    assert said("home.declined") not in page.text


def test_an_old_link_of_the_erased_opens_nothing(office: Office, store: Store) -> None:
    page = office.home(NAME.split()[0])

    run(office, store, "erase", NUMBER, "--yes")
    page.tap("pause")

    assert page.trouble is not None
    assert page.trouble.key == "unknown_link"


def test_an_erasure_is_remembered_without_the_number_and_told_to_whoever_asks_again(
    office: Office, store: Store, tmp_path: Path
) -> None:
    run(office, store, "erase", NUMBER, "--yes")

    again = run(office, store, "export", NUMBER)

    assert again.exit_code == 1
    assert f"Whoever had the number '{NUMBER}' was erased on " in again.stderr
    with office.reading() as session:
        (row,) = session.exec(select(Erasure)).all()
        assert NUMBER not in row.number_hash
        assert when_erased(session, KeyFolder(tmp_path / "another server"), NUMBER) is None


@pytest.mark.sqlite
def test_a_restored_backup_is_erased_again(office: Office, store: Store, tmp_path: Path) -> None:
    """What a restore does: it takes the erasures made since the backup out of the database of today, and does them
    again in the one of the backup. A backup is a copy of SQLite's file here."""
    store.write_anew()
    backup = tmp_path / "backup.sqlite3"
    backup.write_bytes(Path(str(store.url.database)).read_bytes())
    run(office, store, "erase", NUMBER, "--yes")
    with store.reading() as session:
        since = erasures_of(session)
    keys = KeyFolder(office.parts.keys.folder)

    restored = Store(f"sqlite:///{backup}")
    with restored.writing() as session:
        first = replay(session, since, keys, office.at)
    with restored.writing() as session:
        second = replay(session, since, keys, office.at)
    restored.write_anew()

    assert (first, second) == (1, 0)
    assert NAME.encode() not in read_raw(restored)
    with restored.reading() as session:
        assert erasures_of(session) == since
    restored.close()


def test_the_person_takes_the_same_out_on_the_own_page(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(home_of(office, NAME.split()[0]))

    file = browser.ask("GET", f"{browser.page.url.path}/medvirk.json")

    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == 'attachment; filename="medvirk.json"'
    assert file.headers["Cache-Control"] == "no-store"
    copy = file.json()
    assert TEXTS[0] in copy["stored"]["answer"][0]["said"].values()
    assert copy["stored"]["membership"] == export(office, store)["stored"]["membership"]
    with office.reading() as session:
        assert "own data taken out" in [one.action for one in entries_of(session)]


def test_without_the_cookie_or_by_another_link_nothing_is_given_out(office: Office) -> None:
    first = NAME.split()[0]
    page = office.home(first)
    nobody, jonas = Browser(office), Browser(office)
    jonas.visit(home_of(office, "Jonas"))
    question = Browser(office)
    question.visit(office.follow(first, office.flows["pulse"].title.to("nb")))

    refused = nobody.ask("GET", f"/l/{page.link_id}/medvirk.json")
    of_another = jonas.ask("GET", f"/l/{page.link_id}/medvirk.json")
    of_a_question = question.ask("GET", f"{question.page.url.path}/medvirk.json")

    assert (refused.status_code, of_another.status_code, of_a_question.status_code) == (403, 403, 404)
    assert not any(NAME in one.text for one in (refused, of_another, of_a_question))


def test_the_page_leads_to_the_file(office: Office) -> None:
    page = office.home(NAME.split()[0])

    (url,) = [one.url for card in page.cards for one in card.buttons if one.label == said("stored.download")]

    assert url == f"http://127.0.0.1:8000/l/{page.link_id}/medvirk.json"
