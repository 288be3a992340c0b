"""The app's package for Teams: a manifest, its texts in three languages and two icons, as the zip that Teams takes.

The manifest in the folder has an empty text wherever a language file gives one; those of the default language are put
in their places, and the other files go along, since that is how Teams wants it:
https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-localization
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.channels.teams.manifest import find_problems

MANIFEST, DEFAULT = "manifest.json", "nb.json"
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class PackageInvalid(Exception):
    """Teams would not take it; a line for each thing to mend."""


class Facts(NamedTuple):
    """What an installation puts into the manifest: the app's id, who gives it to people, where it is reached, and the
    organisation's own pages about it. `registration` is the app in Entra that may install this one for people; empty
    where none does."""

    app: str
    organisation: str
    domain: str
    about: str
    privacy: str
    terms: str
    registration: str = ""


def make_package(folder: Path, facts: Facts) -> bytes:
    """The zip; the same bytes from the same folder and facts. Raises PackageInvalid."""
    problems: list[str] = []
    template = _read_object(folder / MANIFEST, problems)
    texts = {file.name: _read_object(file, problems) for file in sorted(folder.glob("*.json")) if file.name != MANIFEST}
    if problems:
        raise PackageInvalid("\n".join(problems))
    problems += _compare_keys(texts, set(_find_empty(template)))
    if problems:
        raise PackageInvalid("\n".join(problems))
    manifest = _fill_in(template, facts)
    for key, text in _texts_of(texts[DEFAULT]).items():
        _put(manifest, key, text)
    icons = {file.name: file.read_bytes() for file in sorted(folder.glob("*.png"))}
    problems += find_problems(manifest, texts, icons, DEFAULT)
    if problems:
        raise PackageInvalid("\n".join(problems))
    others = {name: one for name, one in texts.items() if name != DEFAULT}
    return _zip({MANIFEST: _write(manifest), **{name: _write(one) for name, one in others.items()}, **icons})


def _read_object(file: Path, problems: list[str]) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{file.name}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        problems.append(f"{file.name}: is not UTF-8; save it anew with that encoding")
    except ValueError as error:
        problems.append(f"{file.name}: is no JSON ({error})")
    else:
        if isinstance(told, dict):
            return told
        problems.append(f"{file.name}: must be one object, from {{ to }}")
    return {}


def _texts_of(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: text for key, text in told.items() if key != "$schema"}


def _compare_keys(texts: Mapping[str, Mapping[str, Any]], wanted: set[str]) -> Iterator[str]:
    """Every language says all that the manifest leaves open, and nothing else."""
    if DEFAULT not in texts:
        yield f"{DEFAULT}: is missing; its texts are the manifest's own"
    for name, told in texts.items():
        keys = _texts_of(told).keys()
        yield from (f"{name}: {key} is missing; every language says the same" for key in sorted(wanted - keys))
        yield from (f"{name}: {key} is no text of the manifest; take it away" for key in sorted(keys - wanted))


def _find_empty(part: Any, path: str = "") -> Iterator[str]:
    """The places that are open for a text, as a language file names them: 'bots[0].commandLists[0]…'."""
    if part == "":
        yield path
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from _find_empty(one, f"{path}.{key}" if path else key)
    elif isinstance(part, list):
        for number, one in enumerate(part):
            yield from _find_empty(one, f"{path}[{number}]")


def _put(manifest: dict[str, Any], key: str, text: Any) -> None:
    *before, last = [int(number) if number else name for number, name in STEP.findall(key)]
    part: Any = manifest
    for step in before:
        part = part[step]
    part[last] = text


def _fill_in(template: dict[str, Any], facts: Facts) -> dict[str, Any]:
    known = facts._asdict()

    def fill(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: fill(one) for key, one in part.items()}
        if isinstance(part, list):
            return [fill(one) for one in part]
        is_name = isinstance(part, str) and part.startswith("{") and part.endswith("}")
        return known.get(part[1:-1], part) if is_name else part

    manifest: dict[str, Any] = fill(template)
    if facts.registration:
        manifest["webApplicationInfo"] = {"id": facts.registration}
    return manifest


def _write(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)  # without a time of its own
    return made.getvalue()
