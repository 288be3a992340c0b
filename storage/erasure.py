"""Erasing a person: everything that refers to them goes, and it is remembered only that somebody was erased."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_model

from storage import log
from storage.directory.natural import table_of
from storage.erasure_list import remember, remembered
from storage.keys import KeyFolder
from storage.personal import columns_about_people
from storage.series import forget_member
from storage.store import Store
from storage.tables import Decision, DeclaredPerson, Discussion, Erasure, FreeText, Person, Theme, ThemeAuthor
from storage.tables.answering import ThemeState
from storage.themes import withdraw

NOBODY = "erased"
FREE_TEXTS = (Theme.text, Decision.reason, FreeText.text, Discussion.invited, Discussion.views, Discussion.decision)


def hash_number(secret: bytes, number: str) -> str:
    """What is remembered of an erased person: a mark that nobody without the server's secret can tie to a number."""
    return hmac.digest(secret, number.encode(), "sha256").hex()


def erase(session: Session, person: Person, keys: KeyFolder, at: datetime) -> None:
    """Erase a person: where they belong, how they are reached, what they said by name, suggestions that wait, messages,
    links. What others decided or said stays. What the person decided as a leader stays as decided by nobody: for that
    an empty row is left, so that its id is never somebody else's in the log.

    It is written down beside the keys before it is done: one that is broken off is completed by the next start, and a
    restored database is erased again even where the one of today is lost."""
    remember(keys, {hash_number(_secret(keys), person.number): at})
    _erase(session, person, keys, erased_at=at, at=at)


def when_erased(session: Session, keys: KeyFolder, number: str) -> datetime | None:
    """When somebody with this number was last erased; None where nobody was."""
    row = session.get(Erasure, hash_number(_secret(keys), number))
    return row.at if row else None


def erasures_of(session: Session) -> dict[str, datetime]:
    """The erasures that this database knows of: hash of the number -> when it was done last."""
    return {one.number_hash: one.at for one in session.exec(select_model(Erasure))}


def replay(session: Session, erasures: Mapping[str, datetime], keys: KeyFolder, at: datetime) -> int:
    """Erase again those of `erasures` that this database does not know of, as after a restore: how many there were.

    What is compared is which are known, never when the backup was made: whoever was erased before it and is back since
    is another person, who has said and chosen nothing yet. To be done before the next import, which makes a new person
    of whoever is still in the file. What the list beside the keys lacks is added to it."""
    known, listed = erasures_of(session), remembered(keys)
    unknown = newer({**listed, **newer(erasures, listed)}, known)
    remember(keys, newer({**known, **unknown}, listed))
    if not unknown:
        return 0
    secret = _secret(keys)
    again = [one for one in session.exec(select_model(Person)) if hash_number(secret, one.number) in unknown]
    for person in again:
        _erase(session, person, keys, erased_at=unknown[hash_number(secret, person.number)], at=at)
    for number_hash, erased_at in unknown.items():
        session.merge(Erasure(number_hash=number_hash, at=erased_at))
    return len(again)


def erase_again(store: Store, keys: KeyFolder, at: datetime) -> int:
    """Make the database and the list beside the keys agree, as every start does: after a restore by other means, or an
    erasure that was broken off. How many were erased again."""
    with store.reading() as session:
        if erasures_of(session) == remembered(keys):
            return 0
    with store.writing() as session:
        again = replay(session, {}, keys, at)
    if again:
        store.write_anew()
    return again


def newer(some: Mapping[str, datetime], than: Mapping[str, datetime]) -> dict[str, datetime]:
    """Those of `some` erasures that are missing among the others, or were done there earlier only."""
    return {one: at for one, at in some.items() if one not in than or than[one] < at}


def mark_of_secret(keys: KeyFolder) -> str:
    """By which a backup tells that the key folder is the one whose secret its erasures are remembered with."""
    return hmac.digest(_secret(keys), b"mark of a backup", "sha256").hex()[:16]


def count_mentions(session: Session, name: str) -> int:
    """In how many texts that belong to nobody, or to somebody else, the whole name stands: they are not changed."""
    counts = (select(func.count()).where(col(column).contains(name, autoescape=True)) for column in FREE_TEXTS)
    return sum(session.connection().execute(count).scalar_one() for count in counts)


def _erase(session: Session, person: Person, keys: KeyFolder, *, erased_at: datetime, at: datetime) -> None:
    person_id = person.id
    assert person_id is not None
    own = select_model(Theme).join(ThemeAuthor, col(ThemeAuthor.theme_id) == col(Theme.id))
    for theme in session.exec(own.where(ThemeAuthor.person_id == person_id, Theme.state == ThemeState.waiting)).all():
        withdraw(session, theme)
    forget_member(session, keys, person_id)
    session.execute(update(Discussion).where(_names(person)).values(recorded_by=NOBODY))
    session.flush()
    _leave_somebody_nameless(session, person_id)
    for table, column in columns_about_people(own=True):
        session.execute(delete(table).where(column == person_id))
    for table, column in columns_about_people(own=False):
        if column.nullable:
            session.execute(update(table).where(column == person_id).values({column.name: None}))
    session.merge(Erasure(number_hash=hash_number(_secret(keys), person.number), at=erased_at))
    session.execute(update(Person).where(col(Person.id) == person_id).values(**_nothing()))
    log.append(session, at, "administrator", "person erased", f"person:{person_id}")
    session.expire_all()


def _leave_somebody_nameless(session: Session, person_id: int) -> None:
    """Where the person was among those whom polls were about, somebody nameless stands from now on whom nothing ties to
    them. If they were only missing, a poll of all the others could be compared with the one before, and would tell what
    the person had answered."""
    declared = table_of(DeclaredPerson)
    if session.execute(select(declared.c.run_id).where(declared.c.person_id == person_id).limit(1)).first() is None:
        return
    nameless = Person(**_nothing())
    session.add(nameless)
    session.flush()
    session.execute(update(declared).where(declared.c.person_id == person_id).values(person_id=nameless.id))


def _secret(keys: KeyFolder) -> bytes:
    return keys.server_secret("erasures")


def _names(person: Person) -> Any:
    return col(Discussion.recorded_by).in_([person.number, person.name])


def _nothing() -> dict[str, Any]:
    """The values of a row that is nobody's."""
    values = {name: field.default for name, field in Person.model_fields.items() if name != "id"}
    return {**values, "number": f"{NOBODY}-{secrets.token_hex(8)}", "name": "", "active": False}
