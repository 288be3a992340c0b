"""What was decided on a theme, to those who stand behind it: you said, we do; or not now, and why."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Card, Say
from bot.parts import Parts
from bot.words import Words
from storage.tables import Person, Theme
from storage.tables.telling import Verdict
from storage.themes import decision_on


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    theme = session.get(Theme, target)
    decision = decision_on(session, target)
    if theme is None or decision is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    leader = session.get(Person, decision.decided_by)
    blocks: list[Block] = [Say(words(f"decision.told_{decision.verdict}", text=theme.text), "lead")]
    if decision.reason:
        key = "decision.told_what" if decision.verdict == Verdict.taken_in else "decision.told_why"
        blocks.append(Say(words(key, reason=say_reason(decision.reason, words))))
    if leader and leader.name:  # whoever was erased has none
        blocks.append(Say(words("decision.told_by", leader=leader.name), "note"))
    return Card(words(f"decision.told_title_{decision.verdict}"), tuple(blocks), words.language)


def say_reason(reason: str, words: Words) -> str:
    """A chosen reason in the reader's language, and the leader's own words as they are."""
    chosen, _, own = reason.partition("|")
    said = words(f"decision.{chosen}") if chosen else ""
    return ". ".join(part for part in (said, own) if part)
