"""A running office on a fresh database with a made-up municipality let in, for measuring what concerns everybody."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import Session, select

from bot.directory import csv
from flows.model import Flow
from storage.directory import storing as directory
from storage.directory.difference import find_difference
from storage.tables import Unit
from tests.bench.databases import fresh_store
from tests.bench.municipality import make_lines
from tests.office import Office, oslo

TOP = "Storvik kommune"
BEGINS = "2027-01-04 06:00"
T = TypeVar("T")


@contextmanager
def fresh_office(people: int, flows: list[Flow]) -> Iterator[Office]:
    """The municipality with so many people, and a discussion recorded for each of the flows."""
    with fresh_store() as (store, folder):
        office = Office(store, folder, flows=flows, people=(), discussed_by=(), begins=BEGINS)
        try:
            report(f"letting in {people} people")
            organisation = csv.read("storvik.csv", list(make_lines(people))).organisation
            with store.writing() as session:
                directory.apply(session, find_difference(session, organisation, office.at.date()), office.at)
            if not store.is_sqlite:  # within a minute the server does so by itself
                with store.writing() as session:
                    session.execute(text("ANALYZE"))
            for flow in flows:
                office.record_discussion(flow.name, TOP, unit=TOP)
            gc.collect()
            gc.freeze()  # as medvirk serve does
            yield office
        finally:
            office.close()


def find_top(office: Office) -> Unit:
    """The unit that has all others below it."""
    with office.reading() as session:
        return session.exec(select(Unit).where(Unit.path == TOP)).one()


def take_time(office: Office, work: Callable[[Session], T]) -> tuple[float, T]:
    """Seconds for a transaction of its own, from the lock to the commit, and what came out."""
    start = perf_counter()
    with office.parts.store.writing() as session:
        result = work(session)
    return perf_counter() - start, result


def report(doing: str) -> None:
    print(doing, "...", file=sys.stderr, flush=True)


def at(day: int, clock: str = "09:00", month: int = 1) -> datetime:
    """A moment of the spring of 2027 in Oslo."""
    return oslo(f"2027-{month:02}-{day:02} {clock}")
