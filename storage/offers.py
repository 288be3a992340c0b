"""Offers: what people have told by name that they can or would like to do, until it ends.

An offer is read by the leader it was promised to, and by nobody after that one but whom the person has said yes to:
the rights come from the roles as they are now. It ends on a day of its own, and may be renewed before that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, delete, select

from storage.people import home_memberships
from storage.polls import coordinators_by_run
from storage.readers import nearest_leaders
from storage.tables import Answer, Delivery, Run
from storage.tables.sending import DeliveryKind

TOLD_BEFORE = timedelta(days=30)  # how long before its end the person is asked whether it shall go on
ABOUT_OFFERS = (DeliveryKind.consent, DeliveryKind.renewal)


@dataclass(frozen=True)
class Standing:
    """Who may see a named answer now. `new_leader_id` is a leader who may not see it yet."""

    answer: Answer
    reader_id: int | None
    new_leader_id: int | None

    @property
    def may_be_asked(self) -> bool:
        """Whether the person has not been asked about this new leader."""
        return self.new_leader_id is not None and self.answer.asked_reader_id != self.new_leader_id

    @property
    def waits_for_consent(self) -> bool:
        """Whether the person has been asked about the new leader and has not answered."""
        is_asked = self.new_leader_id is not None and self.answer.asked_reader_id == self.new_leader_id
        return is_asked and not self.answer.consent_refused

    def waits_for_renewal(self, on: date) -> bool:
        """Whether it ends soon. What nobody sees any more is left to end."""
        answer = self.answer
        is_soon = answer.ends_on is not None and on >= answer.ends_on - TOLD_BEFORE
        return answer.is_offer and is_soon and self.reader_id is not None


def live(on: date) -> ColumnElement[bool]:
    """The condition that an answer has not ended on that day."""
    return or_(col(Answer.ends_on).is_(None), col(Answer.ends_on) > on)


@dataclass(frozen=True)
class Entitled:
    """Who may see named answers as the roles are now: the nearest leaders by person; the coordinators by poll."""

    leaders: Mapping[int, list[int]]
    coordinators: Mapping[int, set[int]]

    def may_see(self, run_id: int, person_id: int, reader_id: int | None) -> bool:
        """Whether the one who was promised to still is entitled. A poll is read by the coordinator who sent it, while
        that is their role, and never by another."""
        by_poll = self.coordinators.get(run_id)
        return reader_id in (self.leaders.get(person_id, ()) if by_poll is None else by_poll)


def find_entitled(session: Session, answers: Collection[tuple[int, int]], on: date) -> Entitled:
    """Who may see these answers, (run, person), on that day."""
    people = {person_id for _, person_id in answers}
    homes = {home.person_id: home for home in home_memberships(session, on) if home.person_id in people}
    return Entitled(nearest_leaders(session, homes), coordinators_by_run(session, {run_id for run_id, _ in answers}))


def standing_of(session: Session, answers: Collection[Answer], on: date) -> list[Standing]:
    """How it stands with these named answers on that day, in the same order."""
    entitled = find_entitled(session, {(one.run_id, one.person_id or 0) for one in answers}, on)
    standings = []
    for answer in answers:
        leaders = entitled.leaders.get(answer.person_id or 0, [])
        sees = entitled.may_see(answer.run_id, answer.person_id or 0, answer.reader_id)
        if answer.run_id in entitled.coordinators:
            standings.append(Standing(answer, answer.reader_id if sees else None, None))
            continue
        # What offers nothing is not worth a question: it stays unseen until it ends.
        new = leaders[0] if leaders and not sees and answer.is_offer else None
        standings.append(Standing(answer, answer.reader_id if sees else None, new))
    return standings


def named_answers_by(session: Session, person_id: int, on: date) -> list[tuple[Answer, Run]]:
    """The person's own named answers that are still kept, the newest first."""
    rows = session.exec(
        select(Answer, Run)
        .join(Run, col(Run.id) == col(Answer.run_id))
        .where(Answer.person_id == person_id, live(on))
        .order_by(col(Answer.given_on).desc(), col(Answer.run_id).desc())
    )
    return list(rows)


def live_offers(session: Session, on: date) -> list[Answer]:
    """Every offer of a closed run that has not ended."""
    closed = col(Run.closed_at).is_not(None)
    query = select(Answer).join(Run, col(Run.id) == col(Answer.run_id)).where(closed, col(Answer.is_offer), live(on))
    return list(session.exec(query.where(col(Answer.person_id).is_not(None)).order_by(col(Answer.id))))


def mark_asked(session: Session, answer: Answer, leader_id: int) -> None:
    """Remember about which new leader the person is asked; what was said about another no longer counts."""
    answer.asked_reader_id = leader_id
    answer.consent_refused = False
    session.add(answer)


def say_yes(session: Session, answer: Answer, leader_id: int, on: date) -> None:
    """From now on this leader sees it, and nobody else."""
    answer.reader_id = leader_id
    answer.shown_from = on
    answer.asked_reader_id = None
    answer.consent_refused = False
    session.add(answer)
    session.flush()


def say_no(session: Session, answer: Answer) -> None:
    answer.consent_refused = True
    session.add(answer)
    session.flush()


def renew(session: Session, answer: Answer, ends_on: date) -> None:
    """Let it stand until that day."""
    answer.ends_on = ends_on
    session.add(answer)
    session.flush()


def end_offer(session: Session, answer: Answer) -> None:
    """Delete it, with the messages that asked about it."""
    session.exec(
        delete(Delivery).where(
            col(Delivery.about) == f"run:{answer.run_id}",
            col(Delivery.person_id) == answer.person_id,
            col(Delivery.kind).in_(ABOUT_OFFERS),
        )
    )
    session.delete(answer)
    session.flush()


def ended(session: Session, on: date) -> list[Answer]:
    """The named answers whose time is over on that day."""
    return list(session.exec(select(Answer).where(col(Answer.ends_on) <= on).order_by(col(Answer.run_id))))
