"""Kill -9 while thousands are sent: what is lost, and what comes twice.

    python -m tests.bench.chaos --sends 25000 --kills 20
    python -m tests.bench.chaos --sends 25000 --kills 20 --postgres postgresql://…/postgres

Real processes drain a real database into the tests' own platform, which runs in a process that nobody kills. They are
killed at random and started again. Then what the platform got is held against what the database says.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import click
from sqlalchemy import create_engine, insert, make_url, text
from sqlmodel import col, func, select

from bot.demo.world import demo_settings
from storage.keys import KeyFolder
from storage.migrate import upgrade
from storage.store import Store
from storage.tables import Address, Delivery, Membership, Person, Unit
from storage.tables.sending import DeliveryState
from tests.sending_replica import MODES, MORNING

ROOT = Path(__file__).parents[2]
TELLS_EVERY_SECONDS = 2
ROUND_THE_CLOCK = "mon-sun 00:00-24:00"


@dataclass(frozen=True)
class Plan:
    """What is sent, and how often a process is killed. `mode`: the platform can be asked, twice does no harm, or
    neither. `lease` in seconds. With `stop_after` all are asked to stop when so many have been sent."""

    sends: int = 1_000
    kills: int = 3
    replicas: int = 1
    mode: str = "ask"
    at_once: int = 8
    per_second: float | None = None
    burst: int = 50
    lost: float = 0.0
    lease: float = 10.0
    seed: int = 1
    stop_after: int | None = None


@dataclass
class Outcome:
    """What came of it. `lost`: said to be sent, or nothing at all is known, and it never came. `unknown`: it stands as
    uncertain and never came."""

    seconds: float
    kills: int
    states: Counter[str]
    arrived: int
    lost: int
    twice: int
    unknown: int
    answers: dict[str, int]
    in_hand_when_killed: list[int] = field(default_factory=list)


def wreck(database: str, folder: Path, plan: Plan, tell: bool = False) -> Outcome:
    """Fill the database, let it be sent, kill meanwhile, and count."""
    store = Store(database)
    upgrade(store)
    KeyFolder(demo_settings(folder, "http://127.0.0.1").keys_dir).server_secret("links")
    fill(store, plan.sends)
    begins = time.time()
    with _recorder(plan) as recorder:
        outcome = _kill_and_count(store, database, folder, recorder, plan, begins, tell)
    store.close()
    return outcome


def fill(store: Store, sends: int) -> None:
    """One ward of people who are at work round the clock, and a first message to each of them."""
    with store.writing() as session:
        session.add(Unit(id=1, path="Solvik", name="Solvik"))
        session.flush()
        numbers = range(1, sends + 1)
        rows = {
            Person: [{"id": i, "number": f"{i}", "name": f"Ada {i}", "hours": ROUND_THE_CLOCK} for i in numbers],
            Membership: [{"person_id": i, "unit_id": 1, "kind": "home", "employer": "Solvik"} for i in numbers],
            Address: [{"person_id": i, "channel": "recorder", "value": f"p{i}"} for i in numbers],
            Delivery: [
                {
                    "about": "welcome",
                    "person_id": i,
                    "channel": "recorder",
                    "address": f"p{i}",
                    "kind": "welcome",
                    "state": DeliveryState.queued,
                    "not_before": MORNING,
                    "attempts": 0,
                    "lane": "recorder",
                }
                for i in numbers
            ],
        }
        for table, values in rows.items():
            for start in range(0, sends, 1_000):
                session.execute(insert(table), values[start : start + 1_000])
    if not store.is_sqlite:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


def _kill_and_count(
    store: Store, database: str, folder: Path, recorder: str, plan: Plan, begins: float, tell: bool
) -> Outcome:
    chance, in_hand = Random(plan.seed), list[int]()
    start = partial(_start_replica, database, folder, recorder, plan, begins)
    replicas = [start() for _ in range(plan.replicas)]
    told = 0.0
    marks = sorted(chance.uniform(0.03, 0.7) * plan.sends for _ in range(plan.kills))
    try:
        while (gone := _count_gone(store)) < (plan.stop_after or plan.sends):
            if tell and time.time() - told > TELLS_EVERY_SECONDS:
                told = time.time()
                _tell(gone, plan, len(in_hand), time.time() - begins)
            if marks and gone >= marks[0]:
                time.sleep(chance.uniform(0, 0.3))
                marks.pop(0)
                victim = chance.randrange(len(replicas))  # now the one that drains, now one that waits
                replicas[victim].kill()
                replicas[victim].wait()
                in_hand.append(_count(store, DeliveryState.sending))
                replicas[victim] = start()
            ended = [one.returncode for one in replicas if one.poll() is not None]
            assert not ended, f"a process ended by itself: {ended}"
            time.sleep(0.1)
        seconds = time.time() - begins
    finally:
        for one in replicas:
            one.terminate()
        for one in replicas:
            one.wait(timeout=60)
    return _judge(store, recorder, seconds, in_hand)


def _judge(store: Store, recorder: str, seconds: float, in_hand: list[int]) -> Outcome:
    kept = json.load(urllib.request.urlopen(f"{recorder}/kept"))
    arrived: dict[str, list[float]] = kept["arrived"]
    with store.reading() as session:
        rows = session.exec(select(Delivery.state, Delivery.reference)).all()
    missing = Counter(state for state, reference in rows if not reference or reference not in arrived)
    uncertain = missing.pop(DeliveryState.uncertain, 0)
    return Outcome(
        seconds=seconds,
        kills=len(in_hand),
        states=Counter(state for state, _ in rows),
        arrived=len(arrived),
        lost=sum(missing.values()),
        twice=sum(len(times) - 1 for times in arrived.values()),
        unknown=uncertain,
        answers=kept["counts"],
        in_hand_when_killed=in_hand,
    )


def _count_gone(store: Store) -> int:
    """How many have come to their end: whatever may still be asked about has not."""
    with store.reading() as session:
        ended = (DeliveryState.sent, DeliveryState.failed, DeliveryState.cancelled)
        gone = session.exec(select(func.count()).where(col(Delivery.state).in_(ended))).one()
        # Without a way to ask, `uncertain` is an end: its moment is not moved into the future.
        for_good = (col(Delivery.state) == DeliveryState.uncertain) & (col(Delivery.not_before) <= MORNING)
        return gone + session.exec(select(func.count()).where(for_good)).one()


def _count(store: Store, state: DeliveryState) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).where(Delivery.state == state)).one()


def _tell(gone: int, plan: Plan, kills: int, seconds: float) -> None:
    line = f"{gone} of {plan.sends} sent, {kills} of {plan.kills} killed, {seconds:.0f} s"
    sys.stderr.write(f"\r{line}  " if sys.stderr.isatty() else f"{line}\n")
    sys.stderr.flush()


def _start_replica(database: str, folder: Path, recorder: str, plan: Plan, begins: float) -> "subprocess.Popen[str]":
    given = {
        "--database": database,
        "--recorder": recorder,
        "--folder": folder,
        "--begins": begins,
        "--mode": plan.mode,
        "--at-once": plan.at_once,
        "--lease": plan.lease,
        "--burst": plan.burst,
        **({"--per-second": plan.per_second} if plan.per_second else {}),
    }
    flat = [str(one) for pair in given.items() for one in pair]
    return subprocess.Popen([sys.executable, "-m", "tests.sending_replica", *flat], cwd=ROOT, text=True)


@contextmanager
def _recorder(plan: Plan) -> Iterator[str]:
    given = ["--lost", str(plan.lost), "--seed", str(plan.seed), "--burst", str(plan.burst)]
    if plan.per_second:
        given += ["--per-second", str(plan.per_second)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.recorder", *given],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


@contextmanager
def new_database(postgres: str | None, folder: Path) -> Iterator[str]:
    """The address of an empty database: a SQLite file in the folder, or one of its own on the server."""
    if not postgres:
        yield f"sqlite:///{folder / 'chaos.sqlite3'}"
        return
    name = f"medvirk_chaos_{uuid.uuid4().hex[:8]}"
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@click.command()
@click.option("--sends", default=25_000, show_default=True)
@click.option("--kills", default=20, show_default=True)
@click.option("--postgres", help="A server's address; then two processes share the work.")
@click.option("--replicas", type=int, help="[default: 1 on SQLite, 2 on PostgreSQL]")
@click.option("--mode", type=click.Choice(MODES), default="ask", show_default=True)
@click.option("--at-once", default=8, show_default=True)
@click.option("--per-second", type=float, help="The platform's rate.  [default: none]")
@click.option("--burst", default=50, show_default=True)
@click.option("--lost", default=0.0, show_default=True, help="The share of answers that the platform drops.")
@click.option("--lease", default=10.0, show_default=True, help="In seconds.")
@click.option("--seed", default=1, show_default=True)
def main(postgres: str | None, replicas: int | None, **given: object) -> None:
    """Kill -9 at random during a large send, and count what is lost and what came twice."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the processes end with this one
    count = replicas or (2 if postgres else 1)
    plan = Plan(replicas=count, **given)  # type: ignore[arg-type]
    with (
        tempfile.TemporaryDirectory(prefix="medvirk-chaos-") as folder,
        new_database(postgres, Path(folder)) as database,
    ):
        outcome = wreck(database, Path(folder), plan, tell=True)
    sys.stderr.write("\n")
    where = "PostgreSQL" if postgres else "SQLite"
    click.echo(
        f"{where}, {count} processes, {plan.sends} sends, {outcome.kills} times kill -9, {outcome.seconds:.0f} s"
    )
    click.echo(f"  lost {outcome.lost}, twice {outcome.twice}, uncertain and never arrived {outcome.unknown}")
    click.echo(f"  in the hand when killed: {outcome.in_hand_when_killed}, together {sum(outcome.in_hand_when_killed)}")
    click.echo(f"  states {dict(outcome.states)}; the platform's answers {outcome.answers}")
    if plan.per_second:
        click.echo(f"  {plan.sends / outcome.seconds:.1f} a second of {plan.per_second:g} allowed")


if __name__ == "__main__":
    main()
