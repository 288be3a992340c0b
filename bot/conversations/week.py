"""A week's page: for the leader to decide, and to see named answers behind a logged opening; for others to read."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Card, Say, act_here
from bot.conversations import course, deciding, slips
from bot.conversations.elsewhere import show_elsewhere
from bot.conversations.names import show_names
from bot.conversations.visit import Interaction, Reply, Visit
from bot.parts import Parts
from bot.reports import courses, weekly
from storage.digests import find_digest
from storage.outbox.edits import queue_edits
from storage.tables import Digest, Theme, Unit
from storage.tables.answering import ThemeState
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryPriority
from storage.tables.telling import Verdict

OFF_RECORD = ("names", "course_answers", "slips", "print_slips")  # what names people


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    digest = find_digest(session, visit.target, visit.person_id)
    if digest is None:
        return [_gone(visit)]
    is_leader = _is_leader(digest)
    verdict, _, target = visit.place.partition(":")
    if is_leader and verdict in list(Verdict) and (theme := _find_theme(session, digest, target)):
        if theme.state == ThemeState.waiting:
            return [deciding.ask_why(visit, theme, Verdict(verdict), {})]
        verdict = deciding.ALREADY  # by a button of an old message
    if verdict == "course":
        return [course.show(session, parts, visit, digest, target, at)]
    if visit.place == courses.PLACE:
        return [course.show_all(session, parts, visit, digest, at)]
    if is_leader and visit.place in (slips.PLACE, slips.MADE) and not visit.is_on_record:
        return [slips.ask_for_whom(session, parts, visit, digest.unit_id, at)]
    shows_all = visit.place == weekly.ALL_THEMES
    week = weekly.figures(session, digest)
    card = weekly.words_of(week, visit.words, acting=act_here if is_leader else None, is_open=True, shows_all=shows_all)
    card = replace(card, blocks=(*card.blocks, *course.offer_all(session, visit, digest)))
    if is_leader:
        card = replace(card, blocks=(*card.blocks, *slips.offer_slips(visit.words)))
    if verdict in (deciding.SAVED, deciding.ALREADY) and (decided := _find_theme(session, digest, target)):
        unit = session.get_one(Unit, decided.unit_id).name
        said = Say(visit.words(f"decision.done_{verdict}", text=decided.text, unit=unit), "lead")
        return [replace(card, blocks=(said, *card.blocks), place=visit.place)]
    return [replace(card, place=visit.place if shows_all else "")]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    return lambda writing: _act(writing, parts, interaction, at)


def _act(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    visit = interaction.visit
    digest = find_digest(session, visit.target, visit.person_id)
    if digest is None:
        return [_gone(visit)]
    action, _, target = interaction.action.partition(":")
    if action in ("course", courses.PLACE):
        return show(session, parts, replace(visit, place=interaction.action), at)
    if action == "language" and not interaction.state:
        return show(session, parts, replace(visit, place=interaction.place), at)
    if not _is_leader(digest):
        return show(session, parts, visit, at)
    if action == "language" and interaction.state:
        action, _, target = interaction.state.partition(":")
    if visit.is_on_record and action in OFF_RECORD:
        return [show_elsewhere(session, parts, visit, at)]
    match action:
        case weekly.ALL_THEMES:
            return show(session, parts, replace(visit, place=weekly.ALL_THEMES), at)
        case "names":
            return [show_names(session, visit, at, f"digest:{digest.id}")]
        case "course_answers":
            return [course.show_leaders_answers(session, visit, at)]
        case "slips":
            return [slips.ask_for_whom(session, parts, visit, digest.unit_id, at)]
        case "print_slips":
            return [slips.print_slips(session, parts, interaction, digest.unit_id, at)]
        case "taken_in" | "not_now" if theme := _find_theme(session, digest, target):
            if theme.state != ThemeState.waiting:
                return show(session, parts, replace(visit, place=f"{action}:{target}"), at)
            return [deciding.ask_why(visit, theme, Verdict(action), interaction.form)]
        case "look_taken_in" | "look_not_now" if theme := _find_theme(session, digest, target):
            return [deciding.look(session, interaction, theme, Verdict(action.removeprefix("look_")))]
        case "save_taken_in" | "save_not_now" if theme := _find_theme(session, digest, target):
            saved = deciding.save(session, parts, interaction, theme, Verdict(action.removeprefix("save_")), at)
            if isinstance(saved, Card):
                return [saved]
            queue_edits(session, f"digest:{digest.id}", parts.editing, at, priority=DeliveryPriority.reply)
            return show(session, parts, replace(visit, place=saved), at)
    return show(session, parts, visit, at)


def _gone(visit: Visit) -> Card:
    return Card(visit.words("trouble.run_gone_title"), (Say(visit.words("trouble.run_gone")),), visit.language)


def _is_leader(digest: Digest) -> bool:
    """Whether the digest was made for the unit's leader."""
    return bool(digest.facts["role"] == RoleName.leader)


def _find_theme(session: Session, digest: Digest, target: str) -> Theme | None:
    """A theme that this digest put before this leader, and no other."""
    theme_ids = {str(one["id"]) for one in digest.facts["themes"]}
    return session.get(Theme, int(target)) if target in theme_ids else None
