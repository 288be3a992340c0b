"""Measures the digests of a morning for thousands of leaders over a million stored answers, beside the bare GROUP BY of
all answers by unit, added up for every unit above, in the same run.

The morning: a pulse and a named flow have closed in the week, and in each unit two themes wait. On PostgreSQL with
MEDVIRK_BENCH_POSTGRES=postgresql://... (a server on which databases may be made).
"""

import argparse
from collections.abc import Iterator
from statistics import median

from sqlalchemy import Date, String, cast, delete, func, insert, literal, null, text, true
from sqlmodel import Session, col, select

from bot.digests import make_digests
from bot.rounds.closing import close_run
from bot.rounds.opening import open_runs_of
from flows.model import Flow
from flows.schedule import Occurrence
from storage.directory.natural import table_of
from storage.inserting import insert_missing
from storage.tables import Answer, Delivery, Digest, Participation, Run, Theme, Unit, UnitBelow
from storage.tables.sending import DeliveryKind
from tests.bench.municipality import IN_A_UNIT
from tests.bench.municipality_office import at, find_top, fresh_office, report, take_time
from tests.bench.rows import Row, Scale
from tests.office import Office, on, shipped

ZONE = "Europe/Oslo"
MORNING = at(25, "07:00")
SUGGESTIONS = ("Sårstell", "Samtaler med pårørende")


def group_bare(session: Session) -> None:
    """Count all answers by unit, and add them up for each unit and all below it. What no digest can do without."""
    answer, below = table_of(Answer).c, table_of(UnitBelow).c
    counted = select(answer.unit_id, func.count().label("answers")).group_by(answer.unit_id).subquery()
    summed = select(below.above_id, func.sum(counted.c.answers)).join(counted, counted.c.unit_id == below.below_id)
    session.connection().execute(summed.group_by(below.above_id)).all()


def fill(office: Office, pulse: Flow, named: Flow, answers: int) -> None:
    """So many stored answers: one by name from each person in the week, and all the others opened, without a person.
    Both flows have closed."""
    top, parts = find_top(office), office.parts
    pulse_id, named_id = (_open(office, top, flow) for flow in (pulse, named))
    with parts.store.writing() as session:
        report("storing answers")
        people = store_answers(session, named_id, by_name=True)
        store_answers(session, pulse_id, by_name=False, rounds=(answers - people) // people)
    report("storing themes, closing")
    with parts.store.writing() as session:
        units = session.exec(select(Unit.id)).all()
        themes = [(unit, text) for unit in units for text in SUGGESTIONS]
        rows = [{"run_id": pulse_id, "unit_id": unit, "text": text, "normal": text.lower()} for unit, text in themes]
        insert_missing(session, Theme, [{**row, "suggested_on": at(14).date(), "state": "waiting"} for row in rows])
        for run_id in (pulse_id, named_id):
            close_run(session, parts, session.get_one(Run, run_id), at(22))


def _open(office: Office, top: Unit, flow: Flow) -> int:
    report(f"opening {flow.name}")
    occurrence = Occurrence(at(12).date(), "09:00", ZONE, at(12))
    _, runs = take_time(office, lambda session: open_runs_of(session, office.parts, flow, top, occurrence))
    return runs[0].id or 0


def store_answers(session: Session, run_id: int, *, by_name: bool, rounds: int = 1) -> int:
    """So many answers from everybody who was asked, in the order of their keys; how many there are comes back."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    key = func.lower(func.hex(func.randomblob(16))) if is_sqlite else cast(func.gen_random_uuid(), String)
    asked_table, answer = table_of(Participation), table_of(Answer)
    asked = asked_table.c
    row = {
        "id": key,
        "run_id": literal(run_id),
        "unit_id": asked.unit_id,
        "person_id": asked.person_id if by_name else null(),
        "reader_id": asked.reader_id if by_name else null(),
        "given_on": literal(at(20).date() if by_name else None, Date),
        "is_offer": literal(by_name),
        "values": literal({"mastery": 4}, answer.c["values"].type),
        "consent_refused": literal(False),
    }
    times = select(table_of(Unit).c.id).limit(rounds).subquery()
    found = select(*(value.label(name) for name, value in row.items())).join_from(asked_table, times, true())
    stored = insert(answer).from_select(list(row), found.where(asked.run_id == run_id).order_by("id"))
    return int(session.connection().execute(stored, execution_options={"preserve_rowcount": True}).rowcount)


def compare(leaders: int, answers: int, rounds: int) -> tuple[int, float, float]:
    """How many digests were made, and the seconds of the bare counting and of the digests, in the median."""
    flows = [shipped(name, schedule=on("2027-01-12")) for name in ("pulse", "unused_competence")]
    with fresh_office(leaders * IN_A_UNIT, flows) as office:
        fill(office, flows[0], flows[1], answers)
        if not office.parts.store.is_sqlite:
            take_time(office, lambda session: session.execute(text("ANALYZE")))

        def work(session: Session) -> None:
            make_digests(session, office.parts, MORNING.date(), MORNING)

        bare, real, made = [], [], 0
        for number in range(rounds):
            report(f"digests, round {number + 1}")
            bare.append(take_time(office, group_bare)[0])
            real.append(take_time(office, work)[0])
            made = _count_and_forget(office)
    return made, median(bare), median(real)


def measure(scale: Scale) -> Iterator[Row]:
    """The row of the table."""
    made, bare, real = compare(scale.leaders, scale.stored, scale.rounds)
    what = f"{scale.database}: {made:,} digests over {scale.stored:,} answers, beside GROUP BY"
    yield Row(what, f"{real:.2f} s", f"{bare:.2f} s", real / bare, "≤ 1.50")


def main() -> None:
    """Print seconds and the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leaders", type=int, default=2_000)
    options.add_argument("--answers", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    made, bare, real = compare(chosen.leaders, chosen.answers, chosen.rounds)
    print(f"{f'Digests of {made} readers, {chosen.answers} answers':44}{'seconds':>9}{'of bare':>9}")
    print(f"{'bare GROUP BY, added up the tree':44}{bare:9.2f}{1:9.2f}")
    print(f"{'all digests found, kept and queued':44}{real:9.2f}{real / bare:9.2f}")


def _count_and_forget(office: Office) -> int:
    """How many digests were made; the next round makes them again."""
    with office.parts.store.writing() as session:
        session.execute(delete(Delivery).where(col(Delivery.kind) == DeliveryKind.digest))
        return int(session.connection().execute(delete(table_of(Digest))).rowcount)


if __name__ == "__main__":
    main()
