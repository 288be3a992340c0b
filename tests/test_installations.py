"""Installations: what an app writes with is sealed to its place and to the key folder; a lane stops and starts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.backup.moving import move
from storage.checking import check
from storage.installations import Place, find_installation, forget, keep, let_in, mark_gone, open_secrets
from storage.keys import KeyFolder
from storage.outbox.stopping import stop, stopped_lanes
from storage.store import Store
from storage.tables import Installation

AT = datetime(2027, 1, 4, 7, 0, tzinfo=UTC)
SOLVIK, FJELLVIK = Place("slack", "", "T1"), Place("slack", "E1", "T2")


@pytest.fixture
def keys(keys_folder: Path) -> KeyFolder:
    return KeyFolder(keys_folder)


def install(store: Store, keys: KeyFolder, place: Place = SOLVIK, token: str = "xoxb-1", at: datetime = AT) -> None:
    with store.writing() as session:
        keep(session, keys, place, f"Workspace {place.workspace}", {"bot_token": token}, at)


def opened(session: Session, keys: KeyFolder, workspace: str = "T1") -> str | None:
    row = find_installation(session, "slack", workspace)
    secrets = open_secrets(keys, row) if row is not None else None
    return str(secrets["bot_token"]) if secrets else None


def test_each_workspace_has_its_own_and_a_new_one_takes_the_place_of_the_old(store: Store, keys: KeyFolder) -> None:
    install(store, keys)
    install(store, keys, FJELLVIK, "xoxb-2")
    install(store, keys, Place("slack", "E1", "T1"), "xoxb-3")  # it has come to an enterprise since

    with store.reading() as session:
        assert (opened(session, keys), opened(session, keys, "T2")) == ("xoxb-3", "xoxb-2")
        assert len(session.exec(select(Installation)).all()) == 2


def test_what_is_sealed_for_one_workspace_opens_in_no_other_and_with_no_other_keys(
    store: Store, keys: KeyFolder, tmp_path: Path
) -> None:
    install(store, keys)
    install(store, keys, FJELLVIK, "xoxb-2")
    with store.reading() as session:
        others = KeyFolder(tmp_path / "other keys")
        assert opened(session, others) is None
        sealed = session.exec(select(Installation.sealed).where(Installation.workspace == "T1")).one()
    with store.writing() as session:
        session.execute(update(Installation).where(col(Installation.workspace) == "T2").values(sealed=sealed))
    with store.reading() as session:
        assert opened(session, keys, "T2") is None


def test_one_that_is_gone_is_news_once_and_keeps_nothing_when_it_is_over(store: Store, keys: KeyFolder) -> None:
    install(store, keys)
    with store.writing() as session:
        stop(session, "slack:T1", AT, "refused")
        first = mark_gone(session, "slack", "T1", "refused", AT, is_over=False)
        still = opened(session, keys)
        second = mark_gone(session, "slack", "T1", "taken out", AT + timedelta(hours=1), is_over=True)
        assert first is not None
        assert (first.times_gone, second, still) == (1, None, "xoxb-1")

    with store.reading() as session:
        row = find_installation(session, "slack", "T1")
        assert row is not None
        assert (row.sealed, row.gone_at, row.gone_because) == (b"", AT, "refused")


def test_one_in_which_nobody_is_reached_is_no_news(store: Store) -> None:
    with store.writing() as session:
        assert mark_gone(session, "slack", "T9", "refused", AT, is_over=True) is None
        assert find_installation(session, "slack", "T9") is None


def test_one_that_is_let_in_again_runs_and_the_next_time_is_told_apart(store: Store, keys: KeyFolder) -> None:
    install(store, keys)
    for times in (1, 2):
        with store.writing() as session:
            stop(session, "slack:T1", AT, "refused")
            gone = mark_gone(session, "slack", "T1", "refused", AT, is_over=False)
            assert gone is not None
            assert gone.times_gone == times
            assert stopped_lanes(session) == {"slack:T1": "refused"}
        with store.writing() as session:
            let_in(session, "slack", "T1", "Workspace T1", AT)
        with store.reading() as session:
            assert (opened(session, keys), stopped_lanes(session)) == ("xoxb-1", {})


def test_one_that_is_forgotten_leaves_nothing(store: Store, keys: KeyFolder) -> None:
    install(store, keys)
    with store.writing() as session:
        assert (forget(session, "slack", "T1"), forget(session, "slack", "T9")) == (True, False)
    with store.reading() as session:
        assert session.exec(select(Installation)).all() == []


def test_looking_the_database_over_finds_what_other_keys_have_sealed(
    store: Store, keys: KeyFolder, tmp_path: Path
) -> None:
    install(store, keys)

    right = [one for one in check(store, keys) if "writes with" in one.says]
    wrong = [one for one in check(store, KeyFolder(tmp_path / "other keys")) if "writes with" in one.says]

    assert [one.to_do for one in right] == [""]
    assert ["server-installations.key" in one.to_do for one in wrong] == [True]


@pytest.mark.sqlite
def test_a_move_takes_installations_along(store: Store, keys: KeyFolder, tmp_path: Path) -> None:
    install(store, keys)
    source, target = Store(str(store.url)), Store(f"sqlite:///{tmp_path / 'moved.sqlite3'}")
    store.close()

    move(source, target, AT)

    with target.reading() as session:
        assert opened(session, keys) == "xoxb-1"
    target.close()
