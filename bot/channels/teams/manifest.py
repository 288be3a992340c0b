"""What Teams wants of an app's manifest, its texts and its icons, looked at before anybody uploads them: Teams itself
says only that the package cannot be read.

https://learn.microsoft.com/microsoft-365/extensibility/schema/
"""

import re
import struct
from collections.abc import Collection, Iterator, Mapping
from typing import Any

LONGEST = {
    "name.short": 30,
    "name.full": 100,
    "description.short": 80,
    "description.full": 4000,
    "title": 32,  # of a command: what Teams shows of it
    "description": 128,
}
LONGEST_DEVELOPER = 32
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
VERSION = re.compile(r"\d+\.\d+\.\d+")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
ICONS = {"color": 192, "outline": 32}
PNG, WITH_ALPHA = b"\x89PNG\r\n\x1a\n", (4, 6)

Json = Mapping[str, Any]


def find_problems(manifest: Json, texts: Mapping[str, Json], icons: Mapping[str, bytes], default: str) -> Iterator[str]:
    """A line for each, with the file, the field and what to do. `texts` and `icons` are what lies beside the manifest,
    by file; those of the file `default` stand in the manifest itself."""
    yield from _find_in_fields(manifest)
    for file, told in texts.items():
        yield from _find_in_texts(file, told)
    yield from _find_in_languages(manifest, texts.keys() - {default})
    yield from _find_in_icons(manifest, icons)


def _find_in_fields(manifest: Json) -> Iterator[str]:
    version = str(manifest.get("manifestVersion", ""))
    if f"/teams/v{version}/" not in str(manifest.get("$schema", "")):
        yield f"manifest.json: manifestVersion {version!r} is not the version that $schema names"
    if not VERSION.fullmatch(str(manifest.get("version", ""))):
        yield "manifest.json: version must be three numbers such as 1.0.0; raise it for each new upload"
    bots = manifest.get("bots") or [{}]
    for name, guid in (("id", manifest.get("id")), ("bots[0].botId", bots[0].get("botId"))):
        if not GUID.fullmatch(str(guid)):
            yield f"manifest.json: {name} is {guid!r}, and no id of the form 00000000-0000-0000-0000-000000000000"
    if bots[0].get("scopes") != ["personal"]:
        yield "manifest.json: bots[0].scopes must be personal alone; Medvirk speaks with people one by one"
    if not COLOUR.fullmatch(str(manifest.get("accentColor", ""))):
        yield "manifest.json: accentColor must be a colour such as #17594a"
    developer = manifest.get("developer", {})
    if not 1 <= len(str(developer.get("name", ""))) <= LONGEST_DEVELOPER:
        yield f"manifest.json: developer.name must have 1 to {LONGEST_DEVELOPER} characters"
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        if not str(developer.get(name, "")).startswith("https://"):
            yield f"manifest.json: developer.{name} must begin with https://"
    for domain in manifest.get("validDomains", []):
        if not DOMAIN.fullmatch(domain):
            yield f"manifest.json: validDomains has {domain!r}; write the domain alone, without https://"


def _find_in_texts(file: str, told: Json) -> Iterator[str]:
    for key, text in told.items():
        if key == "$schema":
            continue
        most = LONGEST.get(key) or LONGEST.get(key.rpartition(".")[2], 0)
        if not isinstance(text, str) or not text.strip():
            yield f"{file}: {key} says nothing"
        elif most and len(text) > most:
            yield f"{file}: {key} has {len(text)} characters; Teams takes {most}"


def _find_in_languages(manifest: Json, files: Collection[str]) -> Iterator[str]:
    named = [one.get("file") for one in manifest.get("localizationInfo", {}).get("additionalLanguages", [])]
    yield from (f"manifest.json: localizationInfo names {one}, which is not there" for one in named if one not in files)
    yield from (f"{one}: the manifest's localizationInfo does not name it" for one in sorted(files) if one not in named)


def _find_in_icons(manifest: Json, icons: Mapping[str, bytes]) -> Iterator[str]:
    named = manifest.get("icons", {})
    for name, side in ICONS.items():
        file = named.get(name, "")
        if file not in icons:
            yield f"manifest.json: icons.{name} is {file!r}, which is not there"
        else:
            yield from _find_in_icon(file, icons[file], side, is_outline=name == "outline")
    yield from (f"{one}: the manifest's icons do not name it" for one in icons if one not in named.values())


def _find_in_icon(file: str, image: bytes, side: int, *, is_outline: bool) -> Iterator[str]:
    """By a PNG's first chunk: https://www.w3.org/TR/png-3/#11IHDR."""
    if not image.startswith(PNG) or len(image) < 26:
        yield f"{file}: is no PNG"
        return
    width, height, _, colours = struct.unpack(">IIBB", image[16:26])
    if (width, height) != (side, side):
        yield f"{file}: is {width} × {height}; Teams wants {side} × {side}"
    if is_outline and colours not in WITH_ALPHA:
        yield f"{file}: must be white on a background that is transparent"
