"""Measures backup, restore and move of 50,000 made-up people with 1,000,000 answers, beside a bare copy of the file."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert

from storage.directory.natural import table_of
from storage.migrate import upgrade
from storage.store import Store
from storage.tables import Address, Answer, Membership, Person, Run, Unit
from tests.bench.measured import measure

PEOPLE = int(os.environ.get("MEDVIRK_BENCH_PEOPLE", "50000"))
RUNS = 20
AT = datetime(2027, 1, 4, 8, tzinfo=UTC)


def fill(store: Store) -> None:
    """People with a membership and two addresses each, and in each run an answer of everybody's."""
    upgrade(store)
    units = [
        {"id": one, "path": f"Storvik / {one}", "name": str(one), "is_group": False, "active": True}
        for one in range(1, 501)
    ]
    everyone = range(1, PEOPLE + 1)
    with store.writing() as session:
        write = session.connection().execute
        write(insert(table_of(Unit)), units)
        write(insert(table_of(Person)), [_person(one) for one in everyone])
        write(insert(table_of(Membership)), [_membership(one) for one in everyone])
        write(insert(table_of(Address)), [row for one in everyone for row in _addresses(one)])
    for run in range(1, RUNS + 1):
        with store.writing() as session:
            session.add(_run(run))
            session.flush()
            session.connection().execute(insert(table_of(Answer)), list(_answers(run)))


def _person(one: int) -> dict[str, Any]:
    chosen = {"language": "nb", "language_chosen": False, "zone": "Europe/Oslo", "active": True, "declined": False}
    return {"id": one, "number": str(10_000 + one), "name": f"Ada Berg {one}", "mail": f"p{one}@example.com", **chosen}


def _membership(one: int) -> dict[str, Any]:
    return {"person_id": one, "unit_id": one % 500 + 1, "kind": "home", "employer": "Storvik"}


def _addresses(one: int) -> Iterator[dict[str, Any]]:
    yield {"person_id": one, "channel": "web", "value": str(10_000 + one), "preferred": False}
    yield {"person_id": one, "channel": "mail", "value": f"p{one}@example.com", "preferred": True}


def _run(one: int) -> Run:
    day = date(2026, 1, one)
    return Run(
        id=one, flow="unused_competence", unit_id=1, local_date=day, slot="09:00", zone="Europe/Oslo", kind="named",
        frozen={}, flow_hash="0", opens_at=AT, closes_at=AT, closed_at=AT, state="closed",
    )  # fmt: skip


def _answers(run: int) -> Iterator[dict[str, Any]]:
    for one in range(1, PEOPLE + 1):
        values = {"has_more": "yes", "competence": f"Litauisk og tegnspråk, kurs {one} i {run}", "shared": True}
        kept = {"is_offer": True, "consent_refused": False, "given_on": date(2026, 2, 1), "values": values}
        whose = {"run_id": run, "unit_id": one % 500 + 1, "person_id": one}
        yield {"id": hashlib.sha256(f"{one} {run}".encode()).hexdigest()[:32], **whose, **kept}


def main() -> None:
    """Print time and peak memory of each; where MEDVIRK_BENCH_DATABASE_URL names an empty PostgreSQL database, also of
    a move there and back."""
    with tempfile.TemporaryDirectory(prefix="medvirk-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder}/medvirk.sqlite3")
        fill(store)
        store.empty_journal()
        store.close()
        keys = str(folder / "keys")

        def print_measured(label: str, database: str, *arguments: str) -> None:
            done = measure("db", *arguments, MEDVIRK_DATABASE_URL=database, MEDVIRK_KEYS_DIR=keys)
            print(f"{label:44}{done.seconds:9.1f}{done.seconds / bare:9.1f}{done.megabytes:9.0f}", flush=True)

        start = perf_counter()
        shutil.copy(folder / "medvirk.sqlite3", folder / "bare.sqlite3")
        os.sync()
        bare = perf_counter() - start
        size, ours = (folder / "medvirk.sqlite3").stat().st_size / 1e6, f"sqlite:///{folder}/medvirk.sqlite3"
        print(f"{f'{PEOPLE} people, {RUNS * PEOPLE} answers':44}{'seconds':>9}{'of bare':>9}{'peak MB':>9}")
        print(f"{f'bare copy of the file, {size:.0f} MB':44}{bare:9.1f}{1:9.1f}", flush=True)
        print_measured("db check", ours, "check")
        print_measured("db backup", ours, "backup", str(folder / "backup.gz"))
        print(f"  the file: {(folder / 'backup.gz').stat().st_size / 1e6:.0f} MB")
        print_measured("db restore", f"sqlite:///{folder}/restored.sqlite3", "restore", str(folder / "backup.gz"))
        if target := os.environ.get("MEDVIRK_BENCH_DATABASE_URL"):
            print_measured("db move to PostgreSQL", ours, "move", target)
            print_measured("db backup from PostgreSQL", target, "backup", str(folder / "from_postgres.gz"))
            print_measured("db move back", target, "move", f"sqlite:///{folder}/moved.sqlite3")


if __name__ == "__main__":
    main()
