"""Leaders on whom nothing calls, listed to the coordinator: who, where and why, as things stand now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.cards import Block, Heading, Say
from bot.words import Words
from storage.tables import Digest, Person, Unit

MOST_LISTED = 20  # a digest is one screen; with more, something is wrong with the file as a whole


@dataclass(frozen=True)
class NotReachedLeader:
    name: str
    unit: str
    why: str  # a storage.addresses.NotReached


def find_unreached(session: Session, digest: Digest) -> list[NotReachedLeader]:
    """Those whom the digest's facts point to. Who has been deleted or has left since is left out."""
    found = []
    for fact in digest.facts.get("unreached", ()):
        person, unit = session.get(Person, fact["person_id"]), session.get(Unit, fact["unit_id"])
        if person is not None and unit is not None and person.active:
            found.append(NotReachedLeader(person.name, unit.name, fact["why"]))
    return found


def say_unreached(leaders: Sequence[NotReachedLeader], words: Words) -> list[Block]:
    """The list and what to do about it; nothing where everybody is reached."""
    if not leaders:
        return []
    listed: list[Block] = [
        Say(words(f"unreached.{one.why}", name=one.name, unit=one.unit)) for one in leaders[:MOST_LISTED]
    ]
    if len(leaders) > MOST_LISTED:
        listed.append(Say(words("unreached.more", count=len(leaders) - MOST_LISTED)))
    about: list[Block] = [Heading(words("unreached.title")), Say(words("unreached.intro"))]
    return [*about, *listed, Say(words("unreached.what_to_do"), "note")]
