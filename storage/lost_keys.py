"""Open runs and running series whose key is not in the key folder: what was sealed or linked with it is lost."""

from nacl.exceptions import CryptoError
from sqlmodel import Session, col, select

from storage.keys import KeyFolder
from storage.series import running_series
from storage.tables import Run
from storage.tables.asking import RunState


def runs_without_key(session: Session, keys: KeyFolder) -> list[int]:
    """The open sealed runs whose envelopes nobody can open: the key is gone, or belongs to another run."""
    sealed = select(Run).where(Run.state == RunState.open, col(Run.public_key).is_not(None)).order_by(col(Run.id))
    return [run.id or 0 for run in session.exec(sealed) if not _opens(keys, run)]


def series_without_key(session: Session, keys: KeyFolder) -> list[int]:
    """The courses whose series is running and whose answers nobody can link any more."""
    return [one.id or 0 for one in running_series(session) if keys.series_key(one.id or 0) is None]


def _opens(keys: KeyFolder, run: Run) -> bool:
    try:
        private = keys.run_key(run.id or 0)
    except (CryptoError, ValueError, TypeError):
        return False  # what lies there is no key
    return private is not None and bytes(private.public_key) == run.public_key
