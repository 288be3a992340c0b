"""Runs a medvirk command in a process of its own and tells how long it took and how much memory it had at most."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LAST_LINE = "peak kB:"


class Measured(NamedTuple):
    """Wall time, the most memory that was resident, and what the command said on stdout."""

    seconds: float
    megabytes: float
    output: str


def measure(*arguments: str, **environment: str) -> Measured:
    """Run `medvirk ARGUMENTS`. Raises RuntimeError with what it said where it failed."""
    command = [sys.executable, "-m", "tests.bench.measured", *arguments]
    start = perf_counter()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    seconds = perf_counter() - start
    said, _, peak = done.stderr.rpartition(LAST_LINE)
    if done.returncode or not peak:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{said or done.stderr}")
    return Measured(seconds, int(peak) / 1024, done.stdout)


def _find_peak() -> int:
    """The peak of this process in kB. What `getrusage` says holds the process it was started from too, so where there
    is /proc it is read there."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def main() -> None:
    """The command in this very process, and then its peak on stderr."""
    from bot.__main__ import main as medvirk

    try:
        medvirk(prog_name="medvirk")
    finally:
        print(LAST_LINE, _find_peak(), file=sys.stderr)


if __name__ == "__main__":
    main()
