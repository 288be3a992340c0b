"""Restoring a backup into an empty database: whole or not at all, and never what was erased since."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import Session, col

from storage import log
from storage.backup.carrying import NotTheSame, Tell, bring_in, check_same, make_room, settle, tell_nobody
from storage.backup.file import check_backup, read_backup
from storage.directory.natural import WEB
from storage.erasure import mark_of_secret, replay
from storage.keys import KeyFolder
from storage.lost_keys import runs_without_key, series_without_key
from storage.migrate import alone, refuse_filled, refuse_unknown, run_migrations
from storage.store import Store
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryState


class SecretLost(Exception):
    """The key folder is not the one that the backup's erasures were remembered with."""


class Restored(NamedTuple):
    """What a restore has done. `held_back` counts messages that may have left after the backup was made."""

    made_at: datetime
    revision: str
    rows: int
    erased_again: int
    held_back: int
    runs_without_key: list[int]
    series_without_key: list[int]


def restore(
    store: Store,
    keys: KeyFolder,
    path: Path,
    at: datetime,
    *,
    erasures: Mapping[str, datetime] | None,
    tell: Tell = tell_nobody,
) -> Restored:
    """Restore the backup at `path` in one transaction: until it ends nobody sees anything of it, and where it fails
    the database is as empty as before. `erasures` are those that a database of until now knows of, beside the list
    that lies with the keys; None: do none again, since the secret is lost.

    Raises BackupDamaged, NotEmpty, SchemaTooNew, SecretLost, NotTheSame.
    """
    head, mark = check_backup(path)
    refuse_unknown(head.revision, "The backup")
    if erasures is not None and head.secret_mark != mark_of_secret(keys):
        raise SecretLost
    with alone(store) as connection:
        refuse_filled(connection)
        run_migrations(connection, head.revision)
        make_room(connection)
        brought = [bring_in(connection, rows, tell) for rows in read_backup(path)]
        check_same(connection, brought)
        check_references(connection)
        run_migrations(connection)
        with Session(connection, expire_on_commit=False) as session:
            log.append(session, at, "administrator", "backup restored", f"backup:{mark[:16]}")
            erased = 0 if erasures is None else replay(session, erasures, keys, at)
            lost = runs_without_key(session, keys)
            for run_id in lost:
                log.append(session, at, "medvirk", "restored without its key", f"run:{run_id}")
            series = series_without_key(session, keys)
            for course_id in series:
                log.append(session, at, "medvirk", "restored without its key", f"course:{course_id}")
            held_back = _hold_back(session, at)
            session.flush()
    if erased:
        store.write_anew()  # a copy of an erased row may be left where rows were moved
    settle(store)
    rows = sum(one.total for one in brought)
    made_at = datetime.fromisoformat(head.made_at)
    return Restored(made_at, head.revision, rows, erased, held_back, lost, series)


def check_references(connection: Connection) -> None:
    """SQLite does not watch references while rows are brought in; so all are looked at. Raises NotTheSame."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise NotTheSame(f"{broken[0][0]}: {len(broken)} rows refer to rows that are not there.")


def _hold_back(session: Session, at: datetime) -> int:
    """What was due between the backup and now may have left: nobody gets it twice. It stands on people's own pages, as
    all that is uncertain does; reminders go, as when they end. The page itself may show a message twice."""
    in_hand = col(Delivery.state).in_([DeliveryState.queued, DeliveryState.sending])
    may_have_left = in_hand & (col(Delivery.not_before) <= at) & (col(Delivery.channel) != WEB)
    count = session.connection().execute(select(func.count()).select_from(Delivery).where(may_have_left)).scalar_one()
    session.exec(delete(Delivery).where(may_have_left, col(Delivery.kind) == DeliveryKind.reminder))
    held_back = {"state": DeliveryState.uncertain, "sent_at": Delivery.not_before}
    session.execute(update(Delivery).where(may_have_left).values(held_back))
    return count
