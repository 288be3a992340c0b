"""What the person has said by name, on the own page: who can see it, until when; the questions about it; its end."""

from datetime import date, datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.elsewhere import say_what_is_left
from bot.conversations.receipts import say_values
from bot.conversations.visit import Interaction, Visit
from bot.messages.links import way_to_home, way_to_run
from bot.messages.offering import ask_about
from bot.offers import find_end, find_standing
from bot.parts import Parts
from bot.words import Words
from flows.schedule import local_day
from storage import log
from storage.offers import Standing, end_offer, named_answers_by, renew, say_no, say_yes, standing_of
from storage.retention import months_later
from storage.runs import flow_of
from storage.tables import Answer, Person, Run
from storage.tables.asking import RunState

LEADERS_ACTIONS = ("consent_yes", "consent_no")
LOGGED = {
    "consent_yes": "named answer shown to new leader",
    "consent_no": "named answer not shown to new leader",
    "offer_keep": "named answer renewed",
    "offer_end": "named answer ended",
}


def list_questions(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """What waits about the person's offers: may a new leader see it, shall it go on."""
    cards = []
    for standing, run in _find_standings(session, visit, at):
        title, text = ask_about(session, run, standing, visit.words, at)
        if title and run.state == RunState.closed:
            blocks: list[Block] = [Say(text), *_say_answer(run, standing.answer, visit)]
            choice = (*_make_choice(run, standing, visit.words), *_offer_to_see(session, parts, visit, at))
            cards.append(Card(title, (*blocks, Buttons(choice)), visit.language))
    return cards


def list_said(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """The person's own answers by name that are still kept, the newest first."""
    standings = _find_standings(session, visit, at)
    return [_show_said(session, parts, visit, run, standing, at) for standing, run in standings]


def act(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> str:
    """Do what was asked for with an offer, and say what became of it; nothing where nothing was done."""
    action, _, target = interaction.action.partition(":")
    run_id, _, leader_id = target.partition("-")
    if not (run_id.isdecimal() and run_id.isascii() and len(run_id) < 10):
        return ""
    standing = find_standing(session, int(run_id), interaction.visit.person_id, at)
    run = session.get(Run, int(run_id))
    if standing is None or run is None or run.state != RunState.closed:
        return ""
    # A yes holds for the leader who was named, not for one who has come since.
    if action in LEADERS_ACTIONS and leader_id != str(standing.new_leader_id):
        return ""
    said = _do(session, action, standing, run, interaction.visit, at.date())
    if said:
        about = f"run:{run_id} person:{leader_id}" if action in LEADERS_ACTIONS else f"run:{run_id}"
        log.append(session, at, f"person:{interaction.visit.person_id}", LOGGED[action], about)
    return said


def _do(session: Session, action: str, standing: Standing, run: Run, visit: Visit, on: date) -> str:
    words, answer, leader = visit.words, standing.answer, session.get(Person, standing.new_leader_id or 0)
    match action:
        case "consent_yes" if leader and leader.id:
            say_yes(session, answer, leader.id, on)
            return words("offers.shown", leader=leader.name, day=_say_end(run, answer, words))
        case "consent_no" if leader:
            say_no(session, answer)
            return words("offers.not_shown", leader=leader.name, day=_say_end(run, answer, words))
        case "offer_keep" if standing.waits_for_renewal(on) and answer.ends_on:
            renew(session, answer, months_later(answer.ends_on, flow_of(run).retention_months))
            return words("offers.kept", day=_say_end(run, answer, words))
        case "offer_end":
            end_offer(session, answer)
            return say_what_is_left(words, words("offers.ended"), has_copy=answer.has_copy)
    return ""


def _find_standings(session: Session, visit: Visit, at: datetime) -> list[tuple[Standing, Run]]:
    kept = named_answers_by(session, visit.person_id, at.date())
    standings = standing_of(session, [answer for answer, _ in kept], at.date())
    return list(zip(standings, (run for _, run in kept), strict=True))


def _show_said(session: Session, parts: Parts, visit: Visit, run: Run, standing: Standing, at: datetime) -> Card:
    words, answer = visit.words, standing.answer
    reader = session.get(Person, standing.reader_id or 0)
    end = _say_end(run, answer, words)
    seen = words("offers.seen_by", leader=reader.name, day=end) if reader else words("offers.seen_by_nobody", day=end)
    blocks: list[Block] = [*_say_answer(run, answer, visit), Say(seen, "note")]
    if run.state == RunState.open:
        person = session.get_one(Person, visit.person_id)
        buttons = [way_to_run(session, parts, person, run).button(words("question.see_answer"), is_off_record=True)]
    else:
        buttons = [Button(words("offers.end"), f"offer_end:{run.id}")]
        leader = session.get(Person, standing.new_leader_id or 0)
        if leader and not standing.waits_for_consent:
            label = words("offers.show_to", leader=leader.name.split()[0])
            buttons.append(Button(label, f"consent_yes:{run.id}-{leader.id}", style="quiet"))
        buttons += _offer_to_see(session, parts, visit, at)
    blocks.append(Buttons(tuple(buttons)))
    given_on = words("names.answered_on", day=words.day_and_year(answer.given_on or local_day(run.opens_at, run.zone)))
    return Card(flow_of(run).title.to(words.language), tuple(blocks), words.language, kicker=given_on)


def _make_choice(run: Run, standing: Standing, words: Words) -> tuple[Button, ...]:
    if standing.waits_for_consent:
        target = f"{run.id}-{standing.new_leader_id}"
        yes = Button(words("offers.yes"), f"consent_yes:{target}", style="primary")
        return yes, Button(words("offers.no"), f"consent_no:{target}")
    keep = words("offers.keep", count=flow_of(run).retention_months)
    keep_it = Button(keep, f"offer_keep:{run.id}", style="primary")
    return keep_it, Button(words("offers.let_end"), f"offer_end:{run.id}")


def _offer_to_see(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Button]:
    """The way to the answer, where it is not shown."""
    if not visit.is_lasting:
        return []
    person = session.get_one(Person, visit.person_id)
    return [way_to_home(session, parts, person, at).button(visit.words("offers.see"), is_off_record=True)]


def _say_answer(run: Run, answer: Answer, visit: Visit) -> list[Say]:
    """What was answered; that it must be opened, where it would stay."""
    if visit.is_lasting:
        return [Say(visit.words("elsewhere.answer"), "note")]
    return say_values(flow_of(run), answer.values, visit.language)


def _say_end(run: Run, answer: Answer, words: Words) -> str:
    return words.day_and_year(find_end(run, flow_of(run), answer))
