"""A difference in plain words: what an import would change, and how much."""

from collections.abc import Iterator

from storage.directory.difference import Difference
from storage.directory.natural import MembershipKey, Span
from storage.tables.organisation import RoleName

FIELDS = ("name", "mail", "mobile", "preferred", "language", "zone", "hours")


def summarise(difference: Difference) -> str:
    """One line of counts: 'people: 3 new, 1 changed, 2 deactivated, 0 back; units: 1 new, 0 changed'."""
    if difference.is_empty:
        return "nothing has changed"
    gone, back, added = difference.gone, difference.back, difference.people.added
    touched = set(_find_changes(difference)) - set(gone) - set(back) - set(added)
    units = difference.units
    closed = sum(not change.new.active for change in units.changed.values())
    return (
        f"people: {len(added)} new, {len(touched)} changed, {len(gone)} deactivated, {len(back)} back; "
        f"units: {len(units.added)} new, {len(units.changed) - closed} changed, {closed} deactivated"
    )


def describe(difference: Difference) -> Iterator[str]:
    """Every unit and person that would change, a line each, with what stands under them indented."""
    yield from _describe_units(difference)
    changes = _find_changes(difference)
    gone, back = difference.gone, difference.back
    for title, numbers in (
        ("New", list(difference.people.added)),
        ("Changed", [n for n in changes if n not in {*gone, *back, *difference.people.added}]),
        ("Deactivated (kept, and asked nothing)", list(gone)),
        ("Back", list(back)),
    ):
        if numbers:
            yield f"{title}: {len(numbers)}"
        for number in sorted(numbers, key=lambda number: difference.names[number].casefold()):
            yield f"  {difference.names[number]} ({number})"
            if number not in gone:
                yield from (f"    {line}" for line in changes.get(number, ()))


def describe_roles(difference: Difference) -> Iterator[str]:
    """Who gets and who loses a role, a line each, those who leave too: all rights come from roles. Whoever stands for a
    union is not named: this goes to the mailbox of a nightly run too, and membership of a union is nobody's to read
    there (article 9 of the GDPR)."""
    names, roles = difference.names, difference.roles
    for title, keys in (("Roles taken", roles.removed), ("Roles given", roles.added)):
        if keys:
            yield f"{title}: {len(keys)}"
        for key in sorted(keys, key=lambda key: (key.path, key.name, names[key.number].casefold())):
            stands_for_union = key.name == RoleName.representative
            who = "somebody, not named here" if stands_for_union else f"{names[key.number]} ({key.number})"
            yield f"  {key.name.replace('_', ' ')} of {key.path}: {who}"


def _describe_units(difference: Difference) -> Iterator[str]:
    units = difference.units
    if not units.is_empty:
        yield f"Units: {len(units.added) + len(units.changed)}"
    for path, row in sorted(units.added.items()):
        yield f"  new {'group' if row.is_group else 'unit'}: {path}"
    for path, change in sorted(units.changed.items()):
        if not change.new.active:
            yield f"  deactivated: {path}"
        elif not change.old.active:
            yield f"  back: {path}"
        if change.old.is_group != change.new.is_group:
            yield f"  now a {'group' if change.new.is_group else 'unit'}: {path}"


def _find_changes(difference: Difference) -> dict[str, list[str]]:
    """Number -> what changes for that person, field by field with old -> new."""
    found: dict[str, list[str]] = {}

    def note(number: str, field: str, old: str | None, new: str | None) -> None:
        found.setdefault(number, []).append(f"{field}: {_quote(old)} -> {_quote(new)}")

    for number, change in difference.people.changed.items():
        for field in FIELDS:
            old, new = getattr(change.old, field), getattr(change.new, field)
            if old != new:
                note(number, field, old, new)
    memberships = difference.memberships
    for key in memberships.removed:
        note(key.number, _name_membership(key), key.path, None)
    for key, span in memberships.added.items():
        note(key.number, _name_membership(key), None, key.path + _name_days(span))
    for key, moved in memberships.changed.items():
        field = f"{_name_membership(key)} in {key.path}"
        note(key.number, field, _name_days(moved.old) or "always", _name_days(moved.new) or "always")
    for role in difference.roles.removed:
        note(role.number, role.name, role.path, None)
    for role in difference.roles.added:
        note(role.number, role.name, None, role.path)
    for absence in difference.absences.removed:
        note(absence.number, "leave", f"{absence.starts_on}/{absence.ends_on}", None)
    for absence in difference.absences.added:
        note(absence.number, "leave", None, f"{absence.starts_on}/{absence.ends_on}")
    return found


def _name_membership(key: MembershipKey) -> str:
    return f"{key.kind} ({key.employer})"


def _name_days(span: Span) -> str:
    words = [f"{word} {day}" for word, day in (("from", span.starts_on), ("to", span.ends_on)) if day]
    return " " + " ".join(words) if words else ""


def _quote(text: str | None) -> str:
    return "nothing" if text is None else f"«{text.strip()}»"
