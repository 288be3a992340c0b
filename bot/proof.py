"""By what somebody comes, and the visit that it opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.conversations import Visit
from bot.rooms import SUGGEST, read_room
from bot.trouble import Trouble
from bot.words import Words, words_in
from flows.schedule import read_local
from flows.text import LANGUAGES
from storage.arrivals import LinkArrival, find_by_address, find_by_link
from storage.links import Purpose, is_live
from storage.people import leader_of_person
from storage.runs import find_open_contribution


@dataclass(frozen=True)
class ByLink:
    """Whoever has a personal link and its secret."""

    link_id: str
    secret: str


@dataclass(frozen=True)
class ByAddress:
    """Whom a channel knows, by the address that it has proven; to the room of a button. What may be seen and done
    there is judged by the room: by roles, and by whether one was asked. `is_on_record`: the platform keeps what is
    shown and filled in there. `is_lasting`: what is shown stays there until it is asked for anew."""

    channel: str
    address: str
    room: str
    is_on_record: bool = False
    is_lasting: bool = False


Proof = ByLink | ByAddress


def find_visit(session: Session, proof: Proof, language: str | None, at: datetime, zone: str) -> Visit | Trouble:
    """Who comes by this, and to which room; or why nobody is let in. `language` where one was chosen; `zone` is
    where times are told."""
    if isinstance(proof, ByLink):
        return _find_visit_by_link(session, proof, language, at, zone)
    found = find_by_address(session, proof.channel, proof.address, at)
    if found is None:
        return Trouble("unknown_address", 403, language or "")
    spoken = language if language in LANGUAGES else found.language
    room = read_room(proof.room)
    if proof.room == SUGGEST:
        run_id = find_open_contribution(session, found.person_id, at)
        if run_id is None:
            return Trouble("no_round", 404, spoken)
        room = Purpose.run, run_id
    if room is None or room[0] is Purpose.paper:
        return Trouble("unknown_link", 404, spoken)
    return Visit(
        found.person_id,
        *room,
        spoken,
        home_link=found.home_link,
        is_in_chat=True,
        is_on_record=proof.is_on_record,
        is_lasting=proof.is_lasting or proof.is_on_record,
    )


def _find_visit_by_link(
    session: Session, proof: ByLink, language: str | None, at: datetime, zone: str
) -> Visit | Trouble:
    link = find_by_link(session, proof.link_id, proof.secret, at)
    if link is None:
        return Trouble("unknown_link", 404, language or "")
    comes = link.arrival
    spoken = language if language in LANGUAGES else comes.language
    if link.revoked_at is not None or not comes.is_active:
        return Trouble("closed", 410, spoken)
    if not is_live(link, at):
        return Trouble("expired", 410, spoken, _say_expired(session, link, words_in(spoken), zone))
    return Visit(comes.person_id, link.purpose, link.target, spoken, home_link=comes.home_link, ends_at=link.expires_at)


def _say_expired(session: Session, link: LinkArrival, words: Words, zone: str) -> dict[str, Any]:
    leader = leader_of_person(session, link.arrival.person_id, link.expires_at.date())
    return {
        "day": words.day(read_local(link.expires_at, zone).date()),
        "whom": leader.name if leader else words("trouble.expired_whom"),
    }
