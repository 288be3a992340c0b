"""Measures what one more answer costs as the answers that are stored grow a hundredfold: the whole conversation in the
writer, sixteen together, without HTTP."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from sqlalchemy import text
from sqlmodel import Session

from bot.conversations import Interaction, Visit, finish, receive
from bot.conversations.visit import close_state
from bot.rounds.opening import open_runs_of
from flows.schedule import Occurrence
from storage.links import Purpose
from tests.bench.answers import BEFORE, CONNECTIONS, FORMS, NAMED, SEALED
from tests.bench.answers_server import NOON
from tests.bench.digests import store_answers
from tests.bench.municipality_office import at, find_top, fresh_office, report, take_time
from tests.bench.rows import Row, Scale
from tests.office import Office, on, shipped

GROWS = 100  # fold


def measure(scale: Scale) -> Iterator[Row]:
    """The row of the table."""
    few = scale.stored // GROWS
    flows = [shipped(name, schedule=on("2027-01-12"), minutes=0.5) for name in (NAMED, SEALED)]
    with fresh_office(few, flows) as office:
        asked = iter(range(1, few + 1))
        named, other = (_open(office, flow) for flow in (NAMED, SEALED))
        take_time(office, lambda session: store_answers(session, other, by_name=False))
        _answer(office, named, [next(asked) for _ in range(200)])
        report(f"answering over {few:,} answers")
        before = _answer(office, named, [next(asked) for _ in range(scale.answers // 2)])
        report("storing more")
        take_time(office, lambda session: store_answers(session, other, by_name=False, rounds=GROWS - 1))
        if not office.parts.store.is_sqlite:
            take_time(office, lambda session: session.execute(text("ANALYZE")))
        report(f"answering over {scale.stored:,} answers")
        after = _answer(office, named, [next(asked) for _ in range(scale.answers // 2)])
    what = f"{scale.database}: one more answer over {scale.stored:,} stored, beside over {few:,}"
    yield Row(what, f"{after:.2f} ms", f"{before:.2f} ms", after / before, "0.80 to 1.20")


def _open(office: Office, flow: str) -> int:
    top, occurrence = find_top(office), Occurrence(at(12).date(), "09:00", "Europe/Oslo", at(12))
    _, runs = take_time(
        office, lambda session: open_runs_of(session, office.parts, office.flows[flow], top, occurrence)
    )
    return runs[0].id or 0


def _answer(office: Office, run_id: int, people: list[int]) -> float:
    """Milliseconds for each answer, in the median of the batches."""
    parts, took = office.parts, list[float]()

    def answer(session: Session, person: int) -> None:
        document = {"run": run_id, "person": person, "progress": BEFORE[NAMED].to_json()}
        form = {name: [value] for name, value in FORMS[NAMED].items()}
        visit = Visit(person, Purpose.run, run_id, "nb")
        interaction = Interaction(visit, "send", form, close_state(parts, document))
        finish(session, receive(session, parts, interaction, NOON))

    for start in range(0, len(people), CONNECTIONS):
        together = people[start : start + CONNECTIONS]
        began = perf_counter()

        def work(session: Session, together: list[int] = together) -> None:
            for person in together:
                with session.begin_nested():
                    answer(session, person)
                session.expunge_all()

        parts.writer.do_now(work)
        took.append(1_000 * (perf_counter() - began) / len(together))
    return median(took)
