"""What was decided on a theme, to those who stand behind it: you said, we do; or not now, and why."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Card, Say
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
    verdict = Verdict(decision.verdict)
    said = say_decision(verdict, theme.text, decision.reason, leader.name if leader else "", words)
    return Card(words(f"decision.told_title_{verdict}"), said, words.language)


def say_decision(verdict: Verdict, text: str, reason: str, leader: str, words: Words) -> tuple[Say, ...]:
    """What the unit reads: the theme and the decision on it, what happens or why not, and whose decision it is. Whoever
    was erased has no name."""
    said = [Say(words(f"decision.told_{verdict}", text=text), "lead")]
    if reason:
        key = "decision.told_what" if verdict is Verdict.taken_in else "decision.told_why"
        said.append(Say(words(key, reason=say_reason(reason, words))))
    if leader:
        said.append(Say(words("decision.told_by", leader=leader), "note"))
    return tuple(said)


def say_reason(reason: str, words: Words) -> str:
    """A chosen reason in the reader's language, and the leader's own words as they are."""
    chosen, _, own = reason.partition("|")
    said = words(f"decision.{chosen}") if chosen else ""
    return ". ".join(part for part in (said, own) if part)
