"""The audit log: whatever is changed in it afterwards shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, delete, update

from storage.log import append, entries_of, find_break, head
from storage.store import Store
from storage.tables import LogEntry

AT = datetime(2027, 1, 4, 7, 30, 12, 345_678, tzinfo=UTC)
ACTIONS = ("run opened", "named answers opened", "run closed", "answers deleted, retention over")


def fill(store: Store) -> str:
    """A log with an entry for each of ACTIONS; the hash of its head comes back."""
    with store.writing() as session:
        for number, action in enumerate(ACTIONS):
            append(session, AT + timedelta(hours=number), "medvirk", action, f"run:{number}")
        newest = head(session)
        assert newest is not None
        return newest.hash


def break_of(store: Store) -> int | None:
    with store.reading() as session:
        return find_break(entries_of(session))


def change(number: int, **values: object) -> Callable[[Session], object]:
    return lambda session: session.execute(update(LogEntry).where(col(LogEntry.number) == number).values(**values))


def remove(number: int) -> Callable[[Session], object]:
    return lambda session: session.execute(delete(LogEntry).where(col(LogEntry.number) == number))


def test_an_untouched_log_holds_together(store: Store) -> None:
    fill(store)

    assert break_of(store) is None


def test_an_empty_log_holds_together(store: Store) -> None:
    with store.reading() as session:
        assert find_break(entries_of(session)) is None
        assert head(session) is None


@pytest.mark.parametrize(
    ("tamper", "shows_at"),
    [
        (change(2, actor="person:3"), 2),
        (change(2, action="run opened"), 2),
        (change(2, object="run:9"), 2),
        (change(2, at=AT), 2),
        (change(2, hash="0" * 64), 2),
        (change(3, previous="0" * 64), 3),
        (remove(1), 1),
        (remove(2), 2),
    ],
    ids=["actor", "action", "object", "time", "hash", "previous", "first gone", "second gone"],
)
def test_a_change_shows_where_it_was_made(store: Store, tamper: Callable[[Session], object], shows_at: int) -> None:
    fill(store)

    with store.writing() as session:
        tamper(session)

    assert break_of(store) == shows_at


def test_words_that_move_from_one_part_to_the_next_change_the_hash(store: Store) -> None:
    with store.writing() as session:
        first = append(session, AT, "medvirk|named answers", "opened", "digest:1")
        session.execute(delete(LogEntry))
        second = append(session, AT, "medvirk", "named answers|opened", "digest:1")

    assert first.hash != second.hash


def test_a_log_that_was_cut_or_written_anew_has_another_head(store: Store) -> None:
    """The chain alone cannot show it: that is why the head goes to the representative every week."""
    sent = fill(store)

    with store.writing() as session:
        remove(len(ACTIONS))(session)

    assert break_of(store) is None
    with store.reading() as session:
        assert sent not in {entry.hash for entry in entries_of(session)}


def test_a_moment_given_in_another_zone_holds_together_after_it_was_stored(store: Store) -> None:
    with store.writing() as session:
        append(session, AT.astimezone(ZoneInfo("Europe/Oslo")), "medvirk", "run opened", "run:1")

    assert break_of(store) is None


def test_entries_are_numbered_without_gaps_even_after_one_was_undone(store: Store) -> None:
    with store.writing() as session:
        append(session, AT, "medvirk", "run opened", "run:1")
        savepoint = session.begin_nested()
        append(session, AT, "medvirk", "run opened", "run:2")
        savepoint.rollback()
        append(session, AT, "medvirk", "run closed", "run:1")

    with store.reading() as session:
        assert [entry.number for entry in entries_of(session)] == [1, 2]
    assert break_of(store) is None
