"""Measures planning: a run opened for everybody through the real path, beside the bare INSERT ... SELECT of the very
rows that it wrote, into the same tables, each in a transaction of its own; and what else concerns everybody at once.

`first` is a flow where nobody was asked anything lately, `again` one where all were. On PostgreSQL with
MEDVIRK_BENCH_POSTGRES=postgresql://... (a server on which databases may be made).
"""

import argparse
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from sqlalchemy import insert, literal, select, text, update
from sqlmodel import Session, col

from bot.rounds.closing import close_run
from bot.rounds.opening import open_runs_of
from bot.rounds.reminders import remind
from bot.scheduling import tick
from flows.model import Flow
from flows.schedule import Occurrence
from storage.directory.natural import table_of
from storage.tables import Delivery, LeftAlonePerson, Participation, Run, Unit
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryState
from tests.bench.municipality_office import at, find_top, fresh_office, report, take_time
from tests.bench.rows import Row, Scale
from tests.office import Office, on, shipped

ZONE = "Europe/Oslo"


def open_real(office: Office, top: Unit, flow: Flow, slot: str) -> tuple[float, int]:
    """Seconds until a run for everybody stands in the database, and its id."""
    opens_at = at(12, slot)
    occurrence = Occurrence(opens_at.date(), slot, ZONE, opens_at)
    seconds, runs = take_time(office, lambda session: open_runs_of(session, office.parts, flow, top, occurrence))
    return seconds, runs[0].id or 0


def open_bare(office: Office, run_id: int) -> float:
    """Seconds for the same rows under another run, from tables in which they lie ready."""
    with office.parts.store.writing() as session:
        other = _copy_run(session, run_id)
        statements = [
            _lay_ready(session, Participation, col(Participation.run_id) == run_id, run_id=other),
            _lay_ready(session, LeftAlonePerson, col(LeftAlonePerson.run_id) == run_id, run_id=other),
            _lay_ready(session, Delivery, col(Delivery.about) == f"run:{run_id}", id=None, about=f"run:{other}"),
        ]
    seconds, _ = take_time(office, lambda session: [session.execute(text(one)) for one in statements])
    with office.parts.store.writing() as session:  # nobody was asked twice
        session.execute(update(Delivery).where(col(Delivery.about) == f"run:{other}").values(state="cancelled"))
    return seconds


def _copy_run(session: Session, run_id: int) -> int:
    values = session.get_one(Run, run_id).model_dump(exclude={"id"})
    other = Run(**{**values, "slot": f"bare {run_id}", "state": "cancelled"})
    session.add(other)
    session.flush()
    return other.id or 0


def _lay_ready(session: Session, model: type, is_of_run: object, **changed: object) -> str:
    """Rows in a table of their own, without index or key, and the statement that copies them from there."""
    table = table_of(model)
    kept = [column for column in table.columns if changed.get(column.name, "") is not None]
    rows = select(*(literal(changed[one.name]).label(one.name) if one.name in changed else one for one in kept))
    session.execute(text(f"DROP TABLE IF EXISTS ready_{table.name}"))
    names = ", ".join(column.name for column in kept)
    columns = ", ".join(f"{column.name} {column.type.compile(session.get_bind().dialect)}" for column in kept)
    session.execute(text(f"CREATE TABLE ready_{table.name} ({columns})"))
    ready = table.to_metadata(type(table.metadata)(), name=f"ready_{table.name}")
    session.execute(insert(ready).from_select([one.name for one in kept], rows.where(is_of_run)))  # type: ignore[arg-type]
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM ready_{table.name}"


Rounds = dict[str, list[tuple[float, float]]]  # seconds of each round, real and bare


def take_rounds(office: Office, flow: Flow, rounds: int) -> Rounds:
    """So many rounds where nobody was asked lately, and so many where all were."""
    top, taken = find_top(office), Rounds(first=[], again=[])
    for number in range(rounds):
        for label, hour in (("first", "09"), ("again", "10")):
            report(f"opening, round {number + 1}, {label}")
            real, run_id = open_real(office, top, flow, f"{hour}:{number:02}")
            taken[label].append((real, open_bare(office, run_id)))
        _let_time_pass(office)
    return taken


def measure(scale: Scale) -> Iterator[Row]:
    """The rows of the table."""
    flow = shipped("pulse", schedule=on("2027-01-12"), minutes=0.5)
    with fresh_office(scale.people, [flow]) as office:
        taken = take_rounds(office, flow, scale.rounds)
    for label, says in (("first", "nobody asked lately"), ("again", "all asked lately")):
        seconds, bare, ratio = compare(taken[label])
        what = f"{scale.database}: planning for {scale.people:,}, {says}, beside INSERT … SELECT"
        yield Row(what, f"{seconds:.2f} s", f"{bare:.2f} s", ratio, "≤ 1.50")


def compare(times: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Seconds and ratio, in the median."""
    return (
        median(real for real, _ in times),
        median(bare for _, bare in times),
        median(real / bare for real, bare in times),
    )


def main() -> None:
    """Print seconds and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=25_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    flow = shipped("pulse", schedule=on("2027-01-12"), minutes=0.5)
    with fresh_office(chosen.people, [flow]) as office:
        print(f"{f'Planning for {chosen.people} people':44}{'seconds':>9}{'of bare':>9}")
        taken = take_rounds(office, flow, chosen.rounds)
        for label, says in (("first", "the first question"), ("again", "where all were asked lately")):
            seconds, bare, ratio = compare(taken[label])
            print(f"{'bare INSERT ... SELECT of the same rows':44}{bare:9.2f}{1:9.2f}")
            print(f"{says:44}{seconds:9.2f}{ratio:9.2f}")
        _print_others(office)


def _let_time_pass(office: Office) -> None:
    """What was asked is long ago, so that the next round finds nobody asked lately."""
    with office.parts.store.writing() as session:
        long_ago = at(1) - timedelta(days=100)
        session.execute(update(Delivery).values(not_before=long_ago, sent_at=long_ago, state=DeliveryState.sent))


def _print_others(office: Office) -> None:
    """What else happens to everybody at once, in seconds."""
    report("welcoming, reminding, closing")
    parts, run_id = office.parts, next(run.id or 0 for run in office.runs() if run.state == RunState.open)

    def welcome(session: Session) -> None:
        tick(session, parts, at(11, "06:00"))

    def remind_everybody(session: Session) -> None:
        remind(session, parts, session.get_one(Run, run_id), at(19))

    def close(session: Session) -> None:
        close_run(session, parts, session.get_one(Run, run_id), at(25))

    for label, work in (
        ("the first tick, with a welcome to everybody", welcome),
        ("a reminder to everybody", remind_everybody),
        ("closing, and the result to everybody", close),
    ):
        seconds, _ = take_time(office, work)
        print(f"{label:44}{seconds:9.2f}")


if __name__ == "__main__":
    main()
