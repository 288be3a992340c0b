"""Deciding on a theme: what happens now or why not, a look at the message, and then the unit is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Say
from bot.conversations.visit import Interaction, Visit
from bot.messages.deciding import say_decision
from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from bot.words import Words
from flows.values import clean
from storage import log
from storage.outbox.planning import enqueue
from storage.people import home_memberships
from storage.tables import Person, Theme, Unit
from storage.tables.sending import DeliveryKind
from storage.tables.telling import Verdict
from storage.themes import decide, forget_people_behind

REASONS = ("reason_money", "reason_time", "reason_covered", "reason_later")
TOLD_WITHIN = timedelta(days=60)
LONGEST_REASON = 300
SAVED, ALREADY = "saved", "already"  # what a decision is answered with, and where that may be read again


def ask_why(
    visit: Visit,
    theme: Theme,
    verdict: Verdict,
    form: Mapping[str, list[str]],
    problems: Mapping[str, str] | None = None,
    preview: Sequence[Block] = (),
) -> Card:
    """One card more before a decision: what happens now, or why not; those concerned will read it. Before it is sent,
    the leader sees the message."""
    words, problems = visit.words, problems or {}
    own, wrong = tuple(form.get("own", [])), problems.get("own", "")
    blocks: list[Block] = list(preview)
    if verdict is Verdict.not_now:
        reasons = tuple(Choice(one, words(f"decision.{one}")) for one in REASONS)
        reason, hint, chosen = words("decision.reason"), words("decision.reason_hint"), tuple(form.get("reason", []))
        # Own words do instead, so it is not required: a channel may hold back a form where something required is empty.
        blocks.append(Ask("reason", "choose", reason, hint, False, reasons, chosen, problems.get("reason", "")))
        own_words = words("decision.own_words")
        blocks.append(Ask("own", "text", own_words, "", False, (), own, wrong, LONGEST_REASON, 2))
    else:
        happens, hint = words("decision.what_happens"), words("decision.what_happens_hint")
        blocks.append(Ask("own", "text", happens, hint, True, (), own, wrong, LONGEST_REASON, 2))
    action, label = ("save", "decision.save") if preview else ("look", "decision.look")
    send = Button(words(label), f"{action}_{verdict}:{theme.id}", style="primary")
    blocks.append(Buttons((send, Button(words("decision.cancel"), "back", style="quiet"))))
    title = words(f"decision.title_{verdict}", text=theme.text)
    place = f"{verdict}:{theme.id}"
    return Card(title, tuple(blocks), words.language, state=place, place=None if problems or form else place)


def read_reason(form: Mapping[str, list[str]], verdict: Verdict, words: Words) -> tuple[str, dict[str, str]]:
    """What is told as the reason, or as what happens; and what is wrong with it, field by field."""
    chosen = next((one for one in form.get("reason", []) if one in REASONS), "")
    own = " ".join(clean("".join(form.get("own", []))).split())
    problems = {}
    if verdict is Verdict.not_now and not (chosen or own):
        problems["reason"] = words("problem.required")
    if verdict is Verdict.taken_in and not own:
        problems["own"] = words("problem.required")
    if len(own) > LONGEST_REASON:
        problems["own"] = words("problem.too_long", length=len(own), most=LONGEST_REASON)
    return f"{chosen}|{own}", problems


def look(session: Session, interaction: Interaction, theme: Theme, verdict: Verdict) -> Card:
    """The decision as the unit will read it, to send or to change."""
    visit, words = interaction.visit, interaction.visit.words
    reason, problems = read_reason(interaction.form, verdict, words)
    preview: Sequence[Block] = ()
    if not problems:
        leader = session.get_one(Person, visit.person_id).name
        unit = session.get_one(Unit, theme.unit_id).name
        preview = preview_of(verdict, theme, reason, leader, unit, words)
    return ask_why(visit, theme, verdict, interaction.form, problems, preview)


def preview_of(verdict: Verdict, theme: Theme, reason: str, leader: str, unit: str, words: Words) -> Sequence[Block]:
    """What the unit will read."""
    told = say_decision(verdict, theme.text, reason, leader, words)
    return [Say(words("decision.preview", unit=unit), "lead"), *(replace(one, style="quote") for one in told)]


def save(
    session: Session, parts: Parts, interaction: Interaction, theme: Theme, verdict: Verdict, at: datetime
) -> Card | str:
    """Decide, and tell the unit: the place where that stands comes back; or the card with what is to be mended."""
    visit, form = interaction.visit, interaction.form
    reason, problems = read_reason(form, verdict, visit.words)
    if problems:
        return ask_why(visit, theme, verdict, form, problems)
    decision = decide(session, theme, verdict, reason, visit.person_id, at)
    said = f"{ALREADY if decision is None else SAVED}:{theme.id}"
    if decision is not None:
        assert theme.id is not None
        log.append(session, at, f"person:{visit.person_id}", f"theme {verdict}", f"theme:{theme.id}")
        _tell_the_unit(session, parts, theme, at)
    return said


def _tell_the_unit(session: Session, parts: Parts, theme: Theme, at: datetime) -> None:
    """Tell the whole unit what was decided. Who stood behind it and works elsewhere now is not told: a message to them
    alone would name them in the outbox. With that the period is over for this theme, and they are forgotten."""
    assert theme.id is not None
    people = {one.person_id for one in home_memberships(session, at.date()) if one.unit_id == theme.unit_id}
    moments = find_working_moments(session, people, DeliveryKind.decision, at, at + TOLD_WITHIN)
    enqueue(session, f"theme:{theme.id}", DeliveryKind.decision, moments, parts.channels)
    forget_people_behind(session, [theme.id])
