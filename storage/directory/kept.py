"""The organisation as it is kept, told as a directory tells it: what another one does not know is taken from it."""

from sqlmodel import Session

from storage.directory import natural
from storage.directory.records import MembershipRecord, Organisation, PersonRecord, RoleRecord, UnitRecord
from storage.tables.organisation import MembershipKind, RoleName


def load_organisation(session: Session) -> Organisation:
    """The active people and units with everything about them: storing it changes nothing."""
    connection = session.connection()
    people = {number: row for number, (_, row) in natural.load_people(connection).items() if row.active}
    units = {path: row for path, (_, row) in natural.load_units(connection).items() if row.active}
    leave: dict[str, list[natural.AbsenceKey]] = {}
    for absence in natural.load_absences(connection):
        leave.setdefault(absence.number, []).append(absence)
    return Organisation(
        units=tuple(UnitRecord(path, units[path].is_group) for path in sorted(units)),
        people=tuple(
            PersonRecord(
                number=number,
                name=row.name,
                mail=row.mail,
                language=row.language,
                zone=row.zone,
                hours=row.hours,
                leave=tuple(sorted((one.starts_on, one.ends_on) for one in leave.get(number, ()))),
                mobile=row.mobile,
                preferred=row.preferred,
            )
            for number, row in people.items()
        ),
        memberships=tuple(
            MembershipRecord(key.number, key.path, MembershipKind(key.kind), key.employer, *span)
            for key, (_, span) in natural.load_memberships(connection).items()
            if key.number in people and key.path in units
        ),
        roles=tuple(
            RoleRecord(key.number, key.path, RoleName(key.name))
            for key in natural.load_roles(connection)
            if key.number in people and key.path in units
        ),
    )
