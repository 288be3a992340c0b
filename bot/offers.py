"""Offers over time: a new leader sees nothing before the person was asked, and nothing stands for ever unasked."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from flows.model import Flow
from flows.schedule import local_day
from storage.answers import named_answer
from storage.asked import Asking
from storage.offers import Standing, live_offers, mark_asked, standing_of
from storage.outbox.planning import enqueue
from storage.retention import months_later
from storage.tables import Answer, Delivery, Run
from storage.tables.sending import DeliveryKind

ASKED_WITHIN = timedelta(days=60)


def ask_about_offers(session: Session, parts: Parts, at: datetime) -> None:
    """Queue the question whether a new leader may see an offer, once a leader, and the one whether an offer that ends
    soon shall go on, once an end. Safe to repeat every night."""
    on = at.date()
    asked: dict[tuple[int, DeliveryKind, int], list[int]] = {}
    for standing in standing_of(session, live_offers(session, on), on):
        answer = standing.answer
        if standing.may_be_asked and standing.new_leader_id is not None:
            mark_asked(session, answer, standing.new_leader_id)
            key = (answer.run_id, DeliveryKind.consent, standing.new_leader_id)
        elif standing.waits_for_renewal(on) and answer.ends_on is not None:
            key = (answer.run_id, DeliveryKind.renewal, answer.ends_on.toordinal())
        else:
            continue
        asked.setdefault(key, []).append(answer.person_id or 0)
    session.flush()
    for (run_id, kind, ordinal), people in asked.items():
        moments = find_working_moments(session, people, kind, at, at + ASKED_WITHIN)
        enqueue(session, f"run:{run_id}", kind, moments, parts.channels, ordinal)


def find_standing(session: Session, run_id: int, person_id: int, at: datetime) -> Standing | None:
    """How it stands with one person's named answer in a run; None where there is none that has not ended."""
    answer = named_answer(session, run_id, person_id)
    if answer is None or (answer.ends_on is not None and answer.ends_on <= at.date()):
        return None
    return standing_of(session, [answer], at.date())[0]


def find_end(run: Run | Asking, flow: Flow, answer: Answer | None = None) -> date:
    """The day on which a named answer is no longer there: its own, or, as the receipt says, so many months after the
    day on which its round closes."""
    end = answer.ends_on if answer else None
    return end or months_later(local_day(run.closes_at, run.zone), flow.retention_months)


def is_still_asked(session: Session, delivery: Delivery, at: datetime) -> bool:
    """Whether the question of a delivery about an offer is still open: not where it was answered meanwhile, the offer
    has ended, or the leader is another again."""
    standing = find_standing(session, int(delivery.about.partition(":")[2]), delivery.person_id, at)
    if standing is None:
        return False
    if delivery.kind == DeliveryKind.renewal:
        ends_on = standing.answer.ends_on
        return standing.waits_for_renewal(at.date()) and ends_on is not None and ends_on.toordinal() == delivery.ordinal
    return standing.waits_for_consent and standing.new_leader_id == delivery.ordinal
