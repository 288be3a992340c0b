"""Checks of the machine: packages, clock, disk, and who may read the key folder."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from stat import S_IMODE
from zoneinfo import ZoneInfo

from bot.watching.findings import Finding, Ground, look, ok, wrong
from storage.store import find_file

LEAST_BYTES, LOW_BYTES = 100_000_000, 1_000_000_000
FOR_OTHERS = 0o077
RELEASED_IN = 2026


def check_packages(ground: Ground) -> Iterator[Finding]:
    is_on_postgres = find_file(ground.settings.database_url.get_secret_value()) is None
    missing = [
        name
        for name, extra in _required()
        if (not extra or (extra == "postgres" and is_on_postgres)) and not _is_there(name)
    ]
    python = sys.version.split()[0]
    if missing:
        yield wrong("packages", f"missing: {', '.join(sorted(missing))}; run make install")
    else:
        extra = ", with what PostgreSQL needs" if is_on_postgres else ""
        yield ok("packages", f"Medvirk {version('medvirk')} on Python {python}; all packages are there{extra}")


def _required() -> Iterator[tuple[str, str]]:
    """Each package and the extra it belongs to, "" for none. Those only for some machines are passed over."""
    for one in requires("medvirk") or ():
        extra = re.search(r"extra == ['\"](\w+)['\"]", one)
        name = re.match(r"[\w.-]+", one)
        if name and ("extra ==" in one or ";" not in one):
            yield name[0], extra[1] if extra else ""


def _is_there(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def check_clock(ground: Ground) -> Iterator[Finding]:
    zone = ground.settings.zone
    if ground.at.year < RELEASED_IN:
        yield wrong("clock", f"it shows {ground.at:%Y-%m-%d}, before this release was made; set the machine's clock")
    else:
        shown = ground.at.astimezone(ZoneInfo(zone))
        yield ok("clock", f"in {zone} it is {shown:%Y-%m-%d %H:%M}; compare with a watch")


def check_disk(ground: Ground) -> Iterator[Finding]:
    file = find_file(ground.settings.database_url.get_secret_value())
    places = {"the database": file.parent} if file else {}
    for what, place in {**places, "the keys": ground.settings.keys_dir}.items():
        free = shutil.disk_usage(_nearest(place)).free
        says = f"{free / 1e9:.1f} GB free for {what}"
        if free < LEAST_BYTES:
            yield wrong("disk", f"{says}; when it is full, no answer can be stored")
        else:
            yield look("disk", f"{says}; make room") if free < LOW_BYTES else ok("disk", says)


def _nearest(place: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (place.absolute(), *place.absolute().parents) if one.exists())


def check_keys(ground: Ground) -> Iterator[Finding]:
    folder = ground.settings.keys_dir
    if not folder.is_dir():
        yield look("keys", "there is no key folder yet; it is made when Medvirk first starts")
        return
    open_to_others = [one for one in (folder, *folder.glob("*.key")) if S_IMODE(one.stat().st_mode) & FOR_OTHERS]
    if open_to_others:
        yield wrong("keys", "others on this machine can open the key folder or files in it; run chmod -R go= on it")
    if folder.stat().st_uid != os.geteuid():
        yield look(
            "keys", "the key folder belongs to another user than the one who asks; does Medvirk run as that one?"
        )
    if not open_to_others:
        yield ok("keys", "only their owner can open them; keep run-*.key and series-*.key out of all backups")
