"""Words to people: one catalogue per language with the same keys, plurals by the language's own rules."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from bot.words.quotes import nest_quotes
from flows.hours import SHORT_NAMES, WorkingHours
from flows.text import LANGUAGES

FOLDER = Path(__file__).parent
LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


class Words:
    """The words of one language. `words("receipt.thanks", leader="Kari Lie")` fills in a sentence; a value named
    `count` chooses its plural form, one named `text` is somebody's own words. A key that
    is missing raises KeyError: the tests see to it that none is."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "nb"
        self._locale = Locale.parse(LOCALES[self.language])
        self._sentences = read_catalogue(self.language)

    def __call__(self, key: str, **values: object) -> str:
        sentence = self._sentences[key]
        if "text" in values:
            values["text"] = isolate(str(values["text"]))
        if isinstance(sentence, dict):
            form = self._locale.plural_form(int(str(values["count"])))
            sentence = sentence.get(form) or sentence["other"]
        return nest_quotes(str(sentence).format(**values))

    def section(self, name: str) -> Mapping[str, str]:
        """All sentences under `name`, by the rest of their key: for a frame that needs a handful of fixed words."""
        return _read_section(self.language, name)

    def day(self, day: date) -> str:
        """'mandag 27. april'."""
        return str(format_date(day, "EEEE d MMMM" if self.language == "en" else "EEEE d. MMMM", locale=self._locale))

    def day_and_year(self, day: date) -> str:
        """'27. april 2027'."""
        return str(format_date(day, "d MMMM y" if self.language == "en" else "d. MMMM y", locale=self._locale))

    def hours(self, hours: WorkingHours) -> str:
        """'man.–fre. 08.00–15.30; lør. 10.00–14.00'."""
        text = re.sub("|".join(SHORT_NAMES), lambda found: self._short_day(found[0]), str(hours)).replace("-", "–")
        return text.replace(",", ", ") if self.language == "en" else text.replace(",", ", ").replace(":", ".")

    def _short_day(self, name: str) -> str:
        """'man.'; in nynorsk 'mån.', where the names for within a text, 'må.' and 'ty.', are in use nowhere."""
        found = get_day_names("abbreviated", "stand-alone", self._locale)[SHORT_NAMES.index(name)]
        return found if self.language == "en" else f"{found.rstrip('.')}."

    def moment(self, at: datetime, zone: str) -> str:
        """'mandag 27. april kl. 09.00', by the clock of `zone`."""
        local = at.astimezone(ZoneInfo(zone))
        return self("moment", day=self.day(local.date()), clock=self.clock(local.time()))

    def clock(self, time: time) -> str:
        """'09.00'."""
        return str(format_time(time, "HH:mm" if self.language == "en" else "HH.mm", locale=self._locale))

    def list(self, items: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        """'a, b og c', or with `style` "or": 'a, b eller c'."""
        return str(format_list(items, style=style, locale=self._locale))


def isolate(text: str) -> str:
    """Somebody's own words inside a sentence of ours. Where they run from right to left they are set apart, so that
    they don't turn the rest of the sentence (Unicode's isolates, U+2068 and U+2069)."""
    runs_to_the_left = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    return f"\u2068{text}\u2069" if runs_to_the_left else text


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    return Words(language)


@lru_cache(maxsize=8)
def read_catalogue(language: str) -> dict[str, Any]:
    """All sentences of a language by key; the keys of nested sections are joined with dots."""
    content = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml's, ten times as fast, where it is there
    return _flatten(yaml.load(content, loader))  # noqa: S506  makes plain strings alone


@lru_cache(maxsize=64)
def _read_section(language: str, name: str) -> Mapping[str, str]:
    under = f"{name}."
    told = read_catalogue(language).items()
    return MappingProxyType({key.removeprefix(under): str(said) for key, said in told if key.startswith(under)})


def _flatten(section: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in section.items():
        if isinstance(value, dict) and "other" not in value:
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
