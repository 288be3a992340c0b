"""A roster as an iCal file (RFC 5545): a shift for each time at which an event takes place, repeated ones too.

Whose a shift is, its event's ATTENDEE says (a mailto: address, or several); where there is none, the file's name
before .ics is the person's number. Events of whole days (such as "Ferie"), cancelled events, and those that take up no
time (TRANSP:TRANSPARENT) are no shifts.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component
from icalendar.prop import vDDDTypes

from bot.directory.csv import IDENTITY_NUMBER
from bot.directory.identity import contains_identity_number
from bot.directory.record import Problem, Source
from bot.rosters.record import LOOKS_AHEAD, LOOKS_BACK, By, Entry, RosterFile, find_trouble
from flows.schedule import find_moment, find_zone

BEGINS = re.compile(r"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)
UNREADABLE = re.compile(r"could not be parsed into parts: '(.*?)'(?=:|$)")
EXAMPLES = {"DTSTART": "DTSTART;TZID=Europe/Oslo:20270104T220000", "DTEND": "DTEND;TZID=Europe/Oslo:20270105T071500"}


def read(file: str, content: bytes, zone: str, at: datetime) -> tuple[RosterFile | None, list[Problem]]:
    """The shifts in a file called `file` that are near `at`, and all that is wrong with it: use it only if nothing
    is. A file without shifts is none; `zone` is that of events that name none."""
    source, text = Source(file), content.decode("utf-8-sig", errors="replace")
    if contains_identity_number(file):
        return None, [source.problem(1, None, None, f"in the file's name {IDENTITY_NUMBER}")]
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        return None, [_point_at(source, text, error)]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not events:
        return None, [source.problem(1, None, None, "holds no events (VEVENT); export the roster again as .ics")]
    floating = next((str(one["X-WR-TIMEZONE"]) for one in calendars if "X-WR-TIMEZONE" in one), zone)
    lines = [text.count("\n", 0, found.start()) + 1 for found in BEGINS.finditer(text)]
    series: dict[str, list[tuple[int, Component]]] = {}
    problems: list[Problem] = []
    for line, event in zip(lines, events, strict=False):
        for name, trouble in _find_faults(event):
            problems.append(source.problem(line, name, None, trouble, EXAMPLES.get(name)))
        series.setdefault(str(event.get("UID", f"line {line}")), []).append((line, event))
    if problems:
        return None, problems
    entries: dict[Entry, None] = {}
    for one in series.values():
        found, wrong = _read_series(source, one, _known_zone(floating, zone), at)
        entries |= dict.fromkeys(found)
        problems += wrong
    return (RosterFile(source, list(entries)) if entries else None), problems


def _point_at(source: Source, text: str, error: ValueError) -> Problem:
    found = UNREADABLE.search(str(error))
    before = text.partition(found[1])[0] if found else ""
    trouble = "is no line of an iCal file; export the roster again as .ics"
    return source.problem(before.count("\n") + 1, None, found[1] if found else text[:40], trouble)


def _find_faults(event: Component) -> Iterator[tuple[str, str]]:
    """What is wrong with an event before it is repeated: (property, trouble)."""
    yield from ((name or "VEVENT", f"cannot be read ({trouble})") for name, trouble in event.errors)
    if "DTSTART" not in event:
        yield "DTSTART", "is missing: an event says when it begins"
        return
    times = {name: event[name] for name in ("DTSTART", "DTEND") if name in event}
    for name, one in times.items():
        moment = one.dt if isinstance(one, vDDDTypes) else None
        zone = one.params.get("TZID") if isinstance(one, vDDDTypes) else None
        if zone and isinstance(moment, datetime) and moment.tzinfo is None:
            yield name, f"names the time zone «{zone}», which is neither described in the file nor known"
    starts, ends = times["DTSTART"], times.get("DTEND")
    # The library that repeats events would swap them without a word.
    if isinstance(starts, vDDDTypes) and isinstance(ends, vDDDTypes) and _is_before(ends.dt, starts.dt):
        yield "DTEND", "comes before DTSTART; swap or correct the two"


def _read_series(
    source: Source, series: list[tuple[int, Component]], zone: str, at: datetime
) -> tuple[list[Entry], list[Problem]]:
    """The shifts of an event and its exceptions, by one UID."""
    line = series[0][0]
    alone = Calendar()
    for _, event in series:
        alone.add_component(event)
    try:
        found = recurring_ical_events.of(alone).between(at - LOOKS_BACK, at + LOOKS_AHEAD)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        return [], [source.problem(line, "RRULE", None, f"cannot be repeated ({error}); correct the event")]
    entries: list[Entry] = []
    problems: dict[str, Problem] = {}
    for event in found:
        starts, ends = event["DTSTART"].dt, event["DTEND"].dt
        is_free = event.get("TRANSP") == "TRANSPARENT" or event.get("STATUS") == "CANCELLED"
        if is_free or not isinstance(starts, datetime) or not isinstance(ends, datetime):
            continue
        named = getattr(starts.tzinfo, "key", "UTC")
        own_zone = zone if named == "UTC" else named  # nobody's days go by UTC
        for who, by in _find_people(source, event):
            entry = Entry(line, who, by, _as_moment(starts, zone), _as_moment(ends, zone), own_zone)
            entries.append(entry)
            if trouble := find_trouble(entry, at):
                problems[trouble] = source.problem(line, "DTEND", None, f"the shift {trouble}")
    return entries, list(problems.values())


def _is_before(one: Any, other: Any) -> bool:
    try:
        return bool(one < other)
    except TypeError:  # a day beside a moment, or a moment with a zone beside one without: said elsewhere, or allowed
        return False


def _find_people(source: Source, event: Component) -> Iterator[tuple[str, By]]:
    """Whose the event is: those it names, or whom the file is called after."""
    named = event.get("ATTENDEE", [])
    addresses = [str(one) for one in (named if isinstance(named, list) else [named])]
    mails = [one[len("mailto:") :].strip().lower() for one in addresses if one.lower().startswith("mailto:")]
    yield from ((mail, "mail") for mail in mails)
    if not mails:
        yield PurePath(source.file).stem, "number"


def _as_moment(at: datetime, zone: str) -> datetime:
    return find_moment(at, zone) if at.tzinfo is None else at.astimezone(UTC)


def _known_zone(name: str, otherwise: str) -> str:
    try:
        return str(find_zone(name))
    except ValueError:
        return otherwise
