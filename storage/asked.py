"""Asked: a person in a run's frozen audience, and the marks that their submission has come or not. Whatever is shown of
a question or done with it begins with this, so it is one question."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, exists, select, update
from sqlmodel import Session

from flows.model import Flow
from storage.directory.natural import table_of
from storage.people import leader_name_of
from storage.runs import thaw
from storage.tables import Participation, Person, Run
from storage.tables.asking import RunState

RUN, ASKED, READER = table_of(Run), table_of(Participation), table_of(Person).alias("reader")


class Asking(NamedTuple):
    """What is needed of a run to ask in it."""

    id: int
    slot: str
    zone: str
    kind: str
    state: str
    opens_at: datetime
    closes_at: datetime
    reminders_sent: int
    public_key: bytes | None
    flow: Flow

    def is_open(self, at: datetime) -> bool:
        """Whether people may answer."""
        return self.state == RunState.open and at < self.closes_at


class Asked(NamedTuple):
    """A person in its audience. `leader` is the name of the reader frozen with the run, or of the nearest leader of the
    person's unit; None where there is none."""

    run_id: int
    person_id: int
    unit_id: int
    bucket: int | None
    reader_id: int | None
    answered: bool
    leader: str | None


OF_RUN = [RUN.c[name] for name in Asking._fields[:-1]]
OF_PERSON = [ASKED.c[name] for name in Asked._fields[:-1]]
# Building a statement anew takes several times as long as running it.
FIND = (
    select(
        RUN.c.flow_hash,
        *OF_RUN,
        *OF_PERSON,
        case((ASKED.c.reader_id.is_not(None), READER.c.name), else_=leader_name_of(ASKED.c.unit_id)),
    )
    .select_from(
        RUN.outerjoin(ASKED, (ASKED.c.run_id == RUN.c.id) & (ASKED.c.person_id == bindparam("of_person"))).outerjoin(
            READER, READER.c.id == ASKED.c.reader_id
        )
    )
    .where(RUN.c.id == bindparam("in_run"))
)
IN_AN_OPEN_RUN = (
    update(ASKED)
    .where(ASKED.c.run_id == bindparam("in_run"), ASKED.c.person_id == bindparam("of_person"))
    .where(exists().where(RUN.c.id == ASKED.c.run_id, RUN.c.state == RunState.open.value))
)
MARK = IN_AN_OPEN_RUN.values(answered=True)
MARK_ONCE = MARK.where(ASKED.c.answered.is_(False))
UNMARK = IN_AN_OPEN_RUN.values(answered=False)


def find_asked(session: Session, run_id: int, person_id: int) -> tuple[Asking, Asked | None] | None:
    """The run, and the person in its audience; None in place of whom is not in it; None where the run is gone."""
    row = session.connection().execute(FIND, {"in_run": run_id, "of_person": person_id}).first()
    if row is None:
        return None
    flow_hash, of_run, of_person = row[0], row[1 : 1 + len(OF_RUN)], row[1 + len(OF_RUN) :]
    asked = Asked._make(of_person) if of_person[0] is not None else None
    return Asking._make((*of_run, thaw(session, flow_hash, run_id))), asked


def mark_answered(session: Session, run_id: int, person_id: int, *, once: bool) -> bool:
    """Mark the person's submission as come; False where the run is not open any more, where the person is not among
    those asked, and, with `once`, where one has come before."""
    statement = MARK_ONCE if once else MARK
    return bool(session.connection().execute(statement, {"in_run": run_id, "of_person": person_id}).rowcount)


def unmark_answered(session: Session, run_id: int, person_id: int) -> bool:
    """Take the mark away again; False where the run is not open any more, or the person was not asked."""
    return bool(session.connection().execute(UNMARK, {"in_run": run_id, "of_person": person_id}).rowcount)
