"""The difference that a directory makes is stored: in the caller's transaction, many rows to a statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, delete, insert, select, update
from sqlmodel import Session, SQLModel

from storage import log
from storage.directory.difference import Difference
from storage.directory.natural import AbsenceKey, MembershipKey, RoleKey, table_of
from storage.directory.records import name_of
from storage.inserting import count_anew
from storage.tables.organisation import Absence, Address, Membership, Person, Role, Unit
from storage.tables.rosters import RosteredDays, Shift
from storage.tables.sending import Delivery, DeliveryState, Link
from storage.units import rebuild_units_below

Values = dict[str, Any]

ROWS_TOGETHER = 5_000  # to a statement, so that a municipality's rows need not all lie ready at once


class Ids(NamedTuple):
    """Our own ids by the organisation's words: people by number, units by path."""

    people: dict[str, int]
    units: dict[str, int]

    def resolve(self, key: MembershipKey | RoleKey | AbsenceKey) -> Values:
        """The key's values with our ids in the place of number and path."""
        values: Values = key._asdict()
        values["person_id"] = self.people[values.pop("number")]
        if "path" in values:
            values["unit_id"] = self.units[values.pop("path")]
        return values


def apply(session: Session, difference: Difference, at: datetime) -> None:
    """Store a `difference` that was found in this transaction, and log at `at` (aware) that it was.

    People who are gone lose their roles, personal links, shifts and what was queued for them; what they said and
    chose stays. Roles are logged one by one, as all rights come from them.
    """
    if difference.is_empty:
        return
    connection = session.connection()
    _store_units(connection, difference)
    _store_people(connection, difference)
    ids = Ids(_find_ids(connection, Person, "number"), _find_ids(connection, Unit, "path"))
    _log_changes(session, difference, ids, at)
    _store_belonging(connection, difference, ids)
    _store_addresses(connection, difference, ids)
    _let_go(connection, [change.id for change in difference.gone.values()])
    count_anew(session, Person, Membership, Address)
    session.expire_all()


def _store_units(connection: Connection, difference: Difference) -> None:
    added, changed = difference.units.added, difference.units.changed
    _add(
        connection,
        Unit,
        [
            {"path": path, "name": name_of(path), "is_group": row.is_group, "active": row.active}
            for path, row in added.items()
        ],
    )
    ids = _find_ids(connection, Unit, "path")
    parents = [{"row_id": ids[path], "parent_id": ids[row.parent]} for path, row in added.items() if row.parent]
    _change(connection, Unit, parents)
    _change(
        connection,
        Unit,
        [
            {"row_id": change.id, "is_group": change.new.is_group, "active": change.new.active}
            for change in changed.values()
        ],
    )
    rebuild_units_below(connection)


def _store_people(connection: Connection, difference: Difference) -> None:
    nothing_chosen = {"language_chosen": False, "declined": False}
    added, changed = difference.people.added, difference.people.changed
    _add(
        connection,
        Person,
        ({"number": number, **row._asdict(), **nothing_chosen} for number, row in added.items()),
    )
    _change(connection, Person, ({"row_id": each.id, **each.new._asdict()} for each in changed.values()))


def _store_belonging(connection: Connection, difference: Difference, ids: Ids) -> None:
    memberships, roles, absences = difference.memberships, difference.roles, difference.absences
    _remove(connection, Membership, "id", memberships.removed.values())
    _change(
        connection,
        Membership,
        ({"row_id": each.id, **each.new._asdict()} for each in memberships.changed.values()),
    )
    _add(
        connection,
        Membership,
        ({**ids.resolve(key), **span._asdict()} for key, span in memberships.added.items()),
    )
    _remove(connection, Role, "id", roles.removed.values())
    _add(connection, Role, map(ids.resolve, roles.added))
    _remove(connection, Absence, "id", absences.removed.values())
    _add(connection, Absence, map(ids.resolve, absences.added))


def _store_addresses(connection: Connection, difference: Difference, ids: Ids) -> None:
    addresses = difference.addresses
    _remove(connection, Address, "id", addresses.removed.values())
    # An address that passes to somebody else starts anew: it may reach the new owner.
    passed_on = [
        {"row_id": each.id, "person_id": ids.people[each.new.number], "unreachable_because": None}
        for each in addresses.changed.values()
        if each.new.number != each.old.number
    ]
    _change(connection, Address, passed_on)
    _change(
        connection,
        Address,
        ({"row_id": each.id, "preferred": each.new.preferred} for each in addresses.changed.values()),
    )
    _add(
        connection,
        Address,
        (
            {**key._asdict(), "person_id": ids.people[row.number], "preferred": row.preferred}
            for key, row in addresses.added.items()
        ),
    )


def _let_go(connection: Connection, gone: Sequence[int]) -> None:
    """Links, queued deliveries and shifts are deleted, not marked, so that whoever comes back gets new ones."""
    for model in (Link, Shift, RosteredDays):
        _remove(connection, model, "person_id", gone)
    queued = table_of(Delivery).c.state == DeliveryState.queued.value
    _remove(connection, Delivery, "person_id", gone, queued)


def _log_changes(session: Session, difference: Difference, ids: Ids, at: datetime) -> None:
    log.append(session, at, "medvirk", "people imported", f"people:{len(ids.people)}")
    for action, keys in (("taken", difference.roles.removed), ("given", difference.roles.added)):
        for key in keys:
            about = f"person:{ids.people[key.number]} unit:{ids.units[key.path]}"
            log.append(session, at, "medvirk", f"role {action}: {key.name}", about)


def _find_ids(connection: Connection, model: type[SQLModel], key: str) -> dict[str, int]:
    columns = table_of(model).c
    return dict(connection.execute(select(columns[key], columns.id)).all())


def _add(connection: Connection, model: type[SQLModel], rows: Iterable[Values]) -> None:
    for part in _cut(rows):
        connection.execute(insert(table_of(model)), part)


def _change(connection: Connection, model: type[SQLModel], rows: Iterable[Values]) -> None:
    """Each row is the new values beside `row_id`; all of them name the same columns."""
    table = table_of(model)
    for part in _cut(rows):
        new: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in part[0] if name != "row_id"}
        connection.execute(update(table).where(table.c.id == bindparam("row_id")).values(new), part)


def _remove(
    connection: Connection, model: type[SQLModel], column: str, ids: Iterable[int], *only: ColumnElement[bool]
) -> None:
    table = table_of(model)
    for part in _cut({"gone": id_} for id_ in ids):
        connection.execute(delete(table).where(table.c[column] == bindparam("gone"), *only), part)


def _cut(rows: Iterable[Values]) -> Iterator[list[Values]]:
    rest = iter(rows)
    while part := list(islice(rest, ROWS_TOGETHER)):
        yield part
