"""A week's page: for the leader to decide, and to see named answers behind a logged opening; for others to read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Ask, Block, Button, Buttons, Card, Choice, Heading, Say
from bot.conversations import course, slips
from bot.conversations.receipts import say_values
from bot.conversations.visit import Interaction, Visit
from bot.moments import find_working_moments
from bot.parts import Parts
from bot.reports import weekly
from flows.values import clean
from storage import log
from storage.answers import named_answers_for
from storage.courses import course_of
from storage.people import has_role, home_memberships
from storage.planning import enqueue
from storage.runs import flow_of
from storage.tables import Answer, Digest, Person, Run, Theme
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind
from storage.tables.telling import Verdict
from storage.themes import decide, forget_people_behind, people_behind

REASONS = ("reason_money", "reason_time", "reason_covered", "reason_later")
TOLD_WITHIN = timedelta(days=60)
LONGEST_REASON = 300
SAID = ("saved", "already")  # what a decision is answered with, and the place where that may be read again


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    digest = _find_digest(session, visit)
    if digest is None:
        return [_gone(visit)]
    is_leader = _is_leader(session, digest)
    verdict, _, target = visit.place.partition(":")
    if is_leader and verdict in list(Verdict) and (theme := _find_theme(session, digest, target)):
        return [_ask_why(visit, theme, Verdict(verdict), {})]
    if verdict == "course":
        return [course.show(session, visit, digest, target)]
    if is_leader and visit.place == slips.PLACE:
        return [slips.ask_for_whom(session, parts, visit, digest.unit_id, at)]
    card = weekly.words_of(weekly.figures(session, digest), visit.words, acting=is_leader, is_open=True)
    if is_leader:
        card = replace(card, blocks=(*card.blocks, *slips.offer_slips(visit.words)))
    if visit.place in SAID:
        card = replace(card, blocks=(Say(visit.words(f"decision.{visit.place}"), "lead"), *card.blocks))
    return [replace(card, place=visit.place if visit.place in SAID else "")]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    visit = interaction.visit
    digest = _find_digest(session, visit)
    if digest is None:
        return [_gone(visit)]
    action, _, target = interaction.action.partition(":")
    if action == "course":
        return [course.show(session, visit, digest, target)]
    if not _is_leader(session, digest):
        return show(session, parts, visit, at)
    if action == "language" and interaction.state:
        action, _, target = interaction.state.partition(":")
    match action:
        case "names":
            return [_show_names(session, visit, at)]
        case "course_answers":
            return [course.show_leaders_answers(session, visit, at)]
        case "slips":
            return [slips.ask_for_whom(session, parts, visit, digest.unit_id, at)]
        case "print_slips":
            return [slips.print_slips(session, parts, interaction, digest.unit_id, at)]
        case "taken_in" | "not_now" if theme := _find_theme(session, digest, target):
            return [_ask_why(visit, theme, Verdict(action), interaction.form)]
        case "save_taken_in" | "save_not_now" if theme := _find_theme(session, digest, target):
            return _save(session, parts, interaction, theme, Verdict(action.removeprefix("save_")), at)
    return show(session, parts, visit, at)


def _find_digest(session: Session, visit: Visit) -> Digest | None:
    digest = session.get(Digest, visit.target)
    return digest if digest is not None and digest.person_id == visit.person_id else None


def _gone(visit: Visit) -> Card:
    return Card(visit.words("trouble.run_gone_title"), (Say(visit.words("trouble.run_gone")),), visit.language)


def _is_leader(session: Session, digest: Digest) -> bool:
    """Whether the digest was made for the unit's leader, and its reader is that still: rights come from the roles as
    they are now."""
    return digest.facts["role"] == RoleName.leader and has_role(
        session, digest.person_id, digest.unit_id, RoleName.leader
    )


def _find_theme(session: Session, digest: Digest, target: str) -> Theme | None:
    """A theme that this digest put before this leader, and no other."""
    theme_ids = {str(one["id"]) for one in digest.facts["themes"]}
    return session.get(Theme, int(target)) if target in theme_ids else None


def _ask_why(visit: Visit, theme: Theme, verdict: Verdict, form: Mapping[str, list[str]], problem: str = "") -> Card:
    """One card more before a decision: what happens now, or why not; those concerned will read it."""
    words = visit.words
    own = tuple(form.get("own", []))
    blocks: list[Block] = []
    if verdict is Verdict.not_now:
        reasons = tuple(Choice(one, words(f"decision.{one}")) for one in REASONS)
        reason, hint = words("decision.reason"), words("decision.reason_hint")
        blocks.append(Ask("reason", "choose", reason, hint, True, reasons, tuple(form.get("reason", [])), problem))
        blocks.append(Ask("own", "text", words("decision.own_words"), written=own, max_length=LONGEST_REASON, rows=2))
    else:
        happens, hint = words("decision.what_happens"), words("decision.what_happens_hint")
        blocks.append(Ask("own", "text", happens, hint, written=own, max_length=LONGEST_REASON, rows=2))
    save = Button(words("decision.save"), f"save_{verdict}:{theme.id}", style="primary")
    blocks.append(Buttons((save, Button(words("decision.cancel"), "back", style="quiet"))))
    title = words(f"decision.title_{verdict}", text=theme.text)
    place = f"{verdict}:{theme.id}"
    return Card(title, tuple(blocks), words.language, state=place, place=None if problem or form else place)


def _save(
    session: Session, parts: Parts, interaction: Interaction, theme: Theme, verdict: Verdict, at: datetime
) -> list[Card]:
    visit, form = interaction.visit, interaction.form
    chosen = next((one for one in form.get("reason", []) if one in REASONS), "")
    own = " ".join(clean("".join(form.get("own", []))).split())[:LONGEST_REASON]
    if verdict is Verdict.not_now and not (chosen or own):
        return [_ask_why(visit, theme, verdict, form, visit.words("problem.required"))]
    decision = decide(session, theme, verdict, f"{chosen}|{own}" if chosen or own else "", visit.person_id, at)
    said = "already" if decision is None else "saved"
    if decision is not None:
        assert theme.id is not None
        log.append(session, at, f"person:{visit.person_id}", f"theme {verdict}", f"theme:{theme.id}")
        _tell_the_unit(session, parts, theme, at)
    return show(session, parts, replace(visit, place=said), at)


def _tell_the_unit(session: Session, parts: Parts, theme: Theme, at: datetime) -> None:
    """Tell the whole unit what was decided, and those who stand behind the theme wherever they are now: told alone,
    the outbox would name them. With that the period is over for this theme, and they are forgotten."""
    assert theme.id is not None
    people = {one.person_id for one in home_memberships(session, at.date()) if one.unit_id == theme.unit_id}
    people |= set(people_behind(session, theme.id))
    moments = find_working_moments(session, people, DeliveryKind.decision, at, at + TOLD_WITHIN)
    enqueue(session, f"theme:{theme.id}", DeliveryKind.decision, moments, parts.channels)
    forget_people_behind(session, [theme.id])


def _is_about_course(session: Session, answer: Answer) -> bool:
    """What leaders answered about a course has a page of its own."""
    run = session.get(Run, answer.run_id)
    return run is not None and course_of(run) is not None


def _show_names(session: Session, visit: Visit, at: datetime) -> Card:
    """The named answers this leader was promised to; each opening is logged."""
    words = visit.words
    log.append(session, at, f"person:{visit.person_id}", "named answers opened", f"digest:{visit.target}")
    blocks: list[Block] = [Say(words("names.intro"), "note")]
    given = named_answers_for(session, visit.person_id, at.date())
    # What was answered to a group was given for its field; its coordinator reads it there, also if she is a leader.
    to_leader = [one for one in given if flow_of(session.get_one(Run, one.run_id)).asked_by is None]
    answers = [one for one in to_leader if not _is_about_course(session, one)]
    if not answers:
        blocks.append(Say(words("names.nobody")))
    for answer in answers:
        person, run = session.get(Person, answer.person_id), session.get(Run, answer.run_id)
        if person is None or run is None:
            continue
        blocks.append(Heading(person.name))
        if answer.given_on:
            blocks.append(Say(words("names.answered_on", day=words.day(answer.given_on)), "note"))
        blocks += say_values(flow_of(run), answer.values, words.language)
    blocks.append(Buttons((Button(words("names.back"), "back"),)))
    return Card(words("names.title"), tuple(blocks), words.language, state="names")
