"""Restoring: erasures made since are done again, lost keys are said, and nothing leaves twice."""

import contextlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from bot.__main__ import main
from storage.backup.making import back_up
from storage.backup.restoring import SecretLost, restore
from storage.erasure import erase, erase_again, replay
from storage.keys import KeyFolder
from storage.log import entries_of, find_break
from storage.personal import person_by_number
from storage.store import Store
from storage.tables import Delivery, Person
from storage.tables.sending import DeliveryState
from tests.looking_into import read_raw
from tests.office import GRACE, WARD, MakeOffice, Office, crowd, line
from tests.rounds import begun, flow

NAME = "Adelheid Unikumsen"
NUMBER = "100"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    people = (line(100, NAME, WARD), GRACE, *crowd(110, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Ida Jon"))
    return begun(make_office(flows=[flow("pulse"), flow("unused_competence")], people=people))


@pytest.fixture
def file(office: Office, store: Store, tmp_path: Path) -> Path:
    """A backup of the office, with Adelheid in it."""
    path = tmp_path / "backup.gz"
    back_up(store, office.parts.keys, path, office.at)
    return path


def run(url: str, keys: KeyFolder, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"MEDVIRK_DATABASE_URL": url, "MEDVIRK_KEYS_DIR": str(keys.folder)})


def erase_her(store: Store, office: Office) -> None:
    with store.writing() as session:
        person = person_by_number(session, NUMBER)
        assert person is not None
        erase(session, person, office.parts.keys, office.at)


def names(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.exec(select(Person.name)))


def test_whoever_was_erased_since_is_erased_again_though_todays_database_is_lost(
    office: Office, store: Store, file: Path, make_empty: Callable[[], str]
) -> None:
    erase_her(store, office)
    url = make_empty()

    result = run(url, office.parts.keys, "db", "restore", str(file))

    assert result.exit_code == 0, result.output
    assert "Erased again, since it was done after the backup: 1." in result.stdout
    with closing(Store(url)) as restored:
        assert NAME not in names(restored)
        assert names(store) == names(restored)
        if restored.is_sqlite:
            assert NAME.encode() not in read_raw(restored)
        with restored.reading() as session:
            entries = entries_of(session)
        assert "person erased" in [entry.action for entry in entries]
        assert find_break(entries) is None


def test_where_the_list_is_lost_the_database_of_until_now_says_who(
    office: Office, store: Store, file: Path, make_empty: Callable[[], str]
) -> None:
    erase_her(store, office)
    (office.parts.keys.folder / "erasures.txt").unlink()
    today = store.url.render_as_string(hide_password=False)

    result = run(make_empty(), office.parts.keys, "db", "restore", str(file), "--erased-in", today)

    assert "Erased again, since it was done after the backup: 1." in result.stdout
    assert len((office.parts.keys.folder / "erasures.txt").read_text().splitlines()) == 1


def test_whoever_was_erased_before_the_backup_and_is_back_stays(
    office: Office, store: Store, tmp_path: Path, make_empty: Callable[[], str]
) -> None:
    erase_her(store, office)
    office.import_people((line(100, NAME, WARD), GRACE))
    later = tmp_path / "later.gz"
    back_up(store, office.parts.keys, later, office.at)

    with closing(Store(make_empty())) as restored:
        done = restore(restored, office.parts.keys, later, office.at, erasures={})

        assert done.erased_again == 0
        assert NAME in names(restored)


def test_another_servers_key_folder_is_refused_since_nobody_could_be_erased_again(
    office: Office, file: Path, tmp_path: Path, make_empty: Callable[[], str]
) -> None:
    other, url = KeyFolder(tmp_path / "other"), make_empty()

    refused = run(url, other, "db", "restore", str(file))
    taken = run(url, other, "db", "restore", str(file), "--erasures-lost")

    assert (refused.exit_code, taken.exit_code) == (1, 0)
    assert "Put server-erasures.key and erasures.txt back" in refused.stderr
    assert "Nothing was restored." in refused.stderr
    with pytest.raises(SecretLost), closing(Store(make_empty())) as empty:
        restore(empty, other, file, office.at, erasures={})


def test_an_erasure_that_was_broken_off_is_completed_by_the_next_start(office: Office, store: Store) -> None:
    with contextlib.suppress(KeyboardInterrupt), store.writing() as session:
        person = person_by_number(session, NUMBER)
        assert person is not None
        erase(session, person, office.parts.keys, office.at)
        raise KeyboardInterrupt
    assert NAME in names(store)

    first = erase_again(store, office.parts.keys, office.at)
    second = erase_again(store, office.parts.keys, office.at)

    assert (first, second) == (1, 0)
    assert NAME not in names(store)


def test_erasures_from_before_the_list_was_kept_are_added_to_it(office: Office, store: Store) -> None:
    erase_her(store, office)
    listed = office.parts.keys.folder / "erasures.txt"
    before = listed.read_text()
    listed.unlink()

    with store.writing() as session:
        replay(session, {}, office.parts.keys, office.at)

    assert listed.read_text() == before


def test_an_open_round_whose_key_is_gone_is_named_and_logged(
    office: Office, store: Store, file: Path, make_empty: Callable[[], str]
) -> None:
    (pulse,) = (one.id for one in office.runs("pulse"))
    office.parts.keys.destroy_run_key(pulse or 0)
    url = make_empty()

    restored = run(url, office.parts.keys, "db", "restore", str(file))
    checked = run(url, office.parts.keys, "db", "check")

    assert f"The key of run {pulse} is gone: its sealed answers are lost." in restored.stdout
    assert checked.exit_code == 1
    assert f"WRONG  Run {pulse} is open and sealed, and its key is not here" in checked.stdout
    with closing(Store(url)) as opened, opened.reading() as session:
        logged = [(entry.action, entry.object) for entry in entries_of(session)]
    assert ("restored without its key", f"run:{pulse}") in logged


def test_a_message_that_may_have_left_since_the_backup_does_not_leave_again(
    office: Office, store: Store, tmp_path: Path, make_empty: Callable[[], str]
) -> None:
    with store.writing() as session:
        due = session.exec(select(Delivery).order_by(col(Delivery.id)).limit(2)).all()
        for one, hours in zip(due, (0, 1), strict=True):
            one.channel, one.state = "mail", DeliveryState.queued
            one.not_before = office.at.replace(hour=office.at.hour + hours)
        ids = [one.id for one in due]
    path = tmp_path / "queued.gz"
    back_up(store, office.parts.keys, path, office.at)

    with closing(Store(make_empty())) as restored:
        done = restore(restored, office.parts.keys, path, office.at, erasures={})

        assert done.held_back == 1
        with restored.reading() as session:
            states = [session.get_one(Delivery, one).state for one in ids]
    assert states == [DeliveryState.uncertain, DeliveryState.queued]
