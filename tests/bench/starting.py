"""Measures a start: from the command to the first answer over HTTP, and the memory it has then, beside a server with
nothing but one page."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from tests.bench.municipality_office import report
from tests.bench.rows import Row, Scale

ROOT = Path(__file__).parents[2]
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

app = Starlette(routes=[Route("/healthz", lambda request: PlainTextResponse("alive"))])
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
"""


def start(command: list[str], port: int, **environment: str) -> tuple[float, float]:
    """Seconds until it answers, and the megabytes that are resident then."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not _answers(port):
                assert process.poll() is None, f"{command} ended by itself"
                time.sleep(0.005)
            seconds = time.perf_counter() - began
            return seconds, _resident(process.pid)
        finally:
            process.terminate()


def measure(scale: Scale) -> Iterator[Row]:
    """The rows of the table."""
    report("starting")
    with tempfile.TemporaryDirectory(prefix="medvirk-bench-") as folder:
        own = {"MEDVIRK_DATABASE_URL": f"sqlite:///{folder}/medvirk.sqlite3", "MEDVIRK_KEYS_DIR": f"{folder}/keys"}
        port = _free_port()
        serve = ["-m", "bot", "serve", "--port", str(port)]
        start(serve, port, **own)  # makes the database
        ours = [start(serve, port, **own) for _ in range(scale.rounds)]
        bare = [start(["-c", BARE, str(port)], port) for _ in range(scale.rounds)]
    seconds, bare_seconds = (median(one for one, _ in starts) for starts in (ours, bare))
    memory, bare_memory = (median(one for _, one in starts) for starts in (ours, bare))
    what = "beside Starlette and uvicorn with one page"
    yield Row(
        f"From the command to the first answer, {what}",
        f"{seconds:.2f} s",
        f"{bare_seconds:.2f} s",
        seconds / bare_seconds,
        "< 1 s",
    )
    yield Row(f"Memory then, {what}", f"{memory:.0f} MB", f"{bare_memory:.0f} MB", memory / bare_memory, "< 90 MB")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _resident(process: int) -> float:
    """Read from /proc; not a number where there is none."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return float("nan")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) / 1024


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
