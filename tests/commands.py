"""The command in a terminal, as tests give it: on an office's database and keys, or with nothing at all."""

from pathlib import Path

from click.testing import CliRunner, Result

from bot.__main__ import main
from tests.office import Office


def give(*arguments: str, typed: str | None = None, **environment: str) -> Result:
    """The command with these variables beside those that are set."""
    return CliRunner().invoke(main, list(arguments), input=typed, env=environment)


def give_at(office: Office, *arguments: str, typed: str | None = None, **environment: str) -> Result:
    """The command on this office's database and keys."""
    return give(*arguments, typed=typed, **whereabouts(office), **environment)


def whereabouts(office: Office) -> dict[str, str]:
    return {
        "MEDVIRK_DATABASE_URL": office.parts.store.url.render_as_string(hide_password=False),
        "MEDVIRK_KEYS_DIR": str(office.parts.keys.folder),
    }


def everything_below(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))
