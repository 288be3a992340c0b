"""The key folder: keys of open runs and series, and the server's own secrets, outside the database and its backups."""

import os
import secrets
from pathlib import Path

from nacl.public import PrivateKey


class KeyFolder:
    """A folder only the product may read. Losing it in mid-run loses that run's sealed answers, by design."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server_secrets: dict[str, bytes] = {}  # each answer needs several; they last as long as the server
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def server_secret(self, name: str) -> bytes:
        """32 secret bytes kept under `name`, made the first time they are asked for."""
        if name not in self._server_secrets:
            path = self.folder / f"server-{name}.key"
            if not path.exists():
                _write_once(path, secrets.token_bytes(32))
            self._server_secrets[name] = path.read_bytes()
        return self._server_secrets[name]

    def make_run_key(self, run_id: int) -> bytes:
        """Make the key pair of a run that opens; the public key comes back, the private one stays in the folder."""
        private = PrivateKey.generate()
        path = self._run_path(run_id)
        path.unlink(missing_ok=True)  # of a run whose opening was undone
        _write_once(path, bytes(private))
        return bytes(private.public_key)

    def run_key(self, run_id: int) -> PrivateKey | None:
        """The private key of an open run; None where it is gone."""
        path = self._run_path(run_id)
        return PrivateKey(path.read_bytes()) if path.exists() else None

    def destroy_run_key(self, run_id: int) -> None:
        """Overwrite and remove a run's private key. Raises OSError; the tick tries again until it is gone."""
        _destroy(self._run_path(run_id))

    def make_series_key(self, course_id: int) -> None:
        """Make the key behind the hidden numbers of a series that begins."""
        path = self._series_path(course_id)
        path.unlink(missing_ok=True)  # of a series whose beginning was undone
        _write_once(path, secrets.token_bytes(32))

    def series_key(self, course_id: int) -> bytes | None:
        """The key of a series; None where it is gone: then nothing more is linked."""
        path = self._series_path(course_id)
        return path.read_bytes() if path.exists() else None

    def destroy_series_key(self, course_id: int) -> None:
        """Overwrite and remove the key of a series. Raises OSError; the tick tries again until it is gone."""
        _destroy(self._series_path(course_id))

    def _series_path(self, course_id: int) -> Path:
        return self.folder / f"series-{course_id}.key"

    def _run_path(self, run_id: int) -> Path:
        return self.folder / f"run-{run_id}.key"


def _destroy(path: Path) -> None:
    if path.exists():
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _write_once(path: Path, content: bytes) -> None:
    """Durable, readable by the owner alone, and never seen half written."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another process was first: then that one's key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
