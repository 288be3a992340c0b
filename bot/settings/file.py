"""The settings file: the same settings for the product and for whoever gives a command beside it."""

import difflib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

PREFIX = "MEDVIRK_"
NAMED_BY = f"{PREFIX}ENV_FILE"
PLACES = (Path("medvirk.env"), Path("/etc/medvirk.env"))  # the first that is there; below the folder one stands in
OTHERS = ("TEST_", "BENCH_", "ATTACK_", "SUGGESTIONS")  # of the project's own tests and measurements
CHANNELS = ("MAIL", "SMS")
LIKENESS_OF_A_MISSPELLING = 0.75


class FileUnusable(Exception):
    """The settings file cannot be read; the text says what to do."""


def find_settings_file() -> Path | None:
    """The file that MEDVIRK_ENV_FILE names, or else the first of PLACES that is there. Raises FileUnusable: to go on
    without what it says could send to nobody, or into another database."""
    named = os.environ.get(NAMED_BY, "")
    found = Path(named) if named else next((one for one in PLACES if one.is_file()), None)
    if found is None:
        return None
    try:
        found.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FileUnusable(f"{found}: is not UTF-8; save it anew with that encoding") from None
    except PermissionError:
        raise FileUnusable(f"{found}: you may not read it; give the command as whoever runs Medvirk") from None
    except OSError as error:
        raise FileUnusable(f"{found}: cannot be read ({error.strerror}); mend {NAMED_BY} or the file") from None
    return found


def find_misspelt(file: Path | None, known: Collection[str]) -> Iterator[str]:
    """Variables that are none of ours though they look so, each with the nearest right one. In the file that is every
    variable; in the environment others may have put some there (a cluster its services), so only what is near one."""
    names = [name.removeprefix(PREFIX) for name in known]
    for place, variables in ((f" in {file}", read_variables(file)), ("", os.environ)):
        for name in _unknown(variables, known):
            rest = name.upper().removeprefix(PREFIX)
            near = difflib.get_close_matches(rest, names, 1, LIKENESS_OF_A_MISSPELLING)
            channel = next((one for one in CHANNELS if rest.startswith(one)), None)
            if near:
                yield f"{name}: is no setting{place}; did you mean {PREFIX}{near[0]}?"
            elif channel:
                beside = ", ".join(PREFIX + one for one in names if one.startswith(channel))
                yield f"{name}: is no setting{place}; there are {beside}"
            elif place:
                yield f"{name}: is no setting{place}; take the line away"


def read_variables(file: Path | None) -> Mapping[str, str | None]:
    """The variables in the file, and what it gives them."""
    return dotenv_values(file, encoding="utf-8") if file else {}


def _unknown(variables: Iterable[str], known: Collection[str]) -> list[str]:
    """In any case, as they are read; what does not begin as ours do is for somebody else."""
    ours = {name: name.upper() for name in variables if name.upper().startswith(PREFIX)}
    return [
        name
        for name, upper in ours.items()
        if upper not in (*known, NAMED_BY) and not upper.removeprefix(PREFIX).startswith(OTHERS)
    ]
