"""A sitting: one person answering in one open run, with all that the cards need."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import defer
from sqlmodel import Session, col

from bot.cards import Card, Say
from bot.conversations.visit import Visit
from bot.parts import Parts
from bot.promises import find_leader_name
from bot.words import Words
from flows.model import Flow
from storage.runs import flow_of, participation_of
from storage.tables import Participation, Run
from storage.tables.asking import RunState


@dataclass(frozen=True)
class Sitting:
    session: Session
    parts: Parts
    visit: Visit
    run: Run
    run_id: int
    flow: Flow
    participation: Participation
    leader: str | None  # the name of the leader who reads, as of the run's snapshot
    at: datetime

    @property
    def words(self) -> Words:
        return self.visit.words


def sit_down(session: Session, parts: Parts, visit: Visit, at: datetime) -> Sitting | Card:
    """The sitting; or a card that says why there is none. Everybody who was asked reads the same words when a run
    has closed, whether or not they answered."""
    # How the run is parted concerns its close alone, and grows with the organisation.
    run = session.get(Run, visit.target, options=[defer(col(Run.partition))])  # type: ignore[arg-type]
    words = visit.words
    if run is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), visit.language)
    flow = flow_of(run)
    participation = participation_of(session, visit.target, visit.person_id)
    if run.state != RunState.open or at >= run.closes_at or participation is None:
        return Card(flow.title.to(visit.language), (Say(words("question.closed_thanks")),), visit.language)
    leader = find_leader_name(session, participation)
    return Sitting(session, parts, visit, run, visit.target, flow, participation, leader, at)
