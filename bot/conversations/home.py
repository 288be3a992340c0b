"""A person's own page: what waits, what has come, what one has said and what became of it, and what one decides."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations import offers, own_settings, own_week, stored, suggestions
from bot.conversations.elsewhere import show_elsewhere
from bot.conversations.messages import has_only_been_greeted, list_messages, put_in_order, under
from bot.conversations.names import show_names, told_to_leader
from bot.conversations.visit import Interaction, Reply, Visit, close_state, open_state
from bot.messages.asking import was_reminded, write_contributed, write_waiting
from bot.messages.groups import make_group_buttons
from bot.messages.links import way_to_run
from bot.parts import Parts
from flows.model import Kind
from storage.runs import flow_of, questions_waiting, reasons_left_alone
from storage.slips import has_live_slip
from storage.tables import Person
from storage.themes import themes_behind

SHOWN_IN_FULL = 2
NAMES = "names"  # of the button, and of the page behind it
TOLD = "told"  # the place where what became of an action stands above the page


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """The cards of the page: the greeting first, then section by section. All that is older or seldom wanted is folded
    away, so that a phone shows first what waits."""
    told = open_state(parts, visit.state) if visit.place == TOLD else None
    is_own = told is not None and told.get("person") == visit.person_id
    return _show(session, parts, visit, at, str(told.get("said", "")) if told and is_own else "")


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    return lambda writing: _act(writing, parts, interaction, at)


def _act(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    """Do what was asked for, and say at the top of the page what became of it."""
    visit, person = interaction.visit, session.get_one(Person, interaction.visit.person_id)
    is_at_names = interaction.state == NAMES and interaction.action.startswith("language:")
    if (interaction.action == NAMES or is_at_names) and told_to_leader(session, visit.person_id, at.date()):
        if visit.is_on_record:
            return [show_elsewhere(session, parts, visit, at)]
        return [show_names(session, visit, at, f"person:{visit.person_id}")]
    said = (
        own_settings.act(session, person, interaction, at)
        or offers.act(session, parts, interaction, at)
        or suggestions.act(session, interaction, at)
    )
    return _show(session, parts, visit, at, said)


def _show(session: Session, parts: Parts, visit: Visit, at: datetime, said: str = "") -> list[Card]:
    words = visit.words
    person = session.get_one(Person, visit.person_id)
    waiting = [*_list_waiting(session, parts, person, visit, at), *offers.list_questions(session, parts, visit, at)]
    messages = list_messages(session, parts, person, visit, at)
    weeks = own_week.pick(messages, at)
    others = [one.card for one in messages if one not in weeks]
    newest, older = others[:SHOWN_IN_FULL], others[SHOWN_IN_FULL:]
    if visit.is_in_chat:  # all that has come lies in the conversation beside the page, where there is more room
        newest, older = [], []
    settings = own_settings.list_settings(session, person, visit, at)
    return [
        _greet(session, parts, person, visit, at, said, bool(waiting or weeks), bool(others)),
        *under(
            words("home.week"),
            [*own_week.show(session, parts, person, visit, weeks), *_list_told(session, visit, at)],
        ),
        *put_in_order(words, waiting, newest, is_new=_is_new(session, visit, at)),
        *under(words("home.older", count=len(older)), older, is_folded=True),
        *under(words("home.more"), _list_contributed(session, parts, person, visit, at)),
        *under(words("home.not_asked"), _say_why_not_asked(session, visit, person, at)),
        *_list_own(session, parts, visit, person, at),
        *under(words("home.settings"), settings),
    ]


def _list_told(session: Session, visit: Visit, at: datetime) -> list[Card]:
    """For a leader, the way to what people have offered by name, as long as it stands."""
    words, told = visit.words, told_to_leader(session, visit.person_id, at.date())
    offers_told = sum(one.is_offer for one in told)
    if not offers_told:
        return []
    see = Buttons((Button(words("digest.see_who"), NAMES),))
    return [Card(words("names.title"), (Say(words("names.stand", count=offers_told)), see), words.language)]


def _is_new(session: Session, visit: Visit, at: datetime) -> bool:
    """Whether the person has only been greeted and asked, and has not answered yet."""
    has_answered = any(one.answered for _, one in questions_waiting(session, visit.person_id, at))
    return not has_answered and has_only_been_greeted(session, visit.person_id)


def _list_own(session: Session, parts: Parts, visit: Visit, person: Person, at: datetime) -> list[Card]:
    """What the person has said, what became of it, and what is stored."""
    words = visit.words
    said = offers.list_said(session, parts, visit, at)
    became = suggestions.list_suggestions(session, parts, visit, person, at)
    return [
        *under(words("home.said"), said, is_folded=True),
        *under(words("home.became"), became, is_folded=True),
        *under(words("home.stored"), [stored.show_stored(session, parts, visit, at)], is_folded=True),
    ]


def _greet(
    session: Session,
    parts: Parts,
    person: Person,
    visit: Visit,
    at: datetime,
    said: str,
    anything_waits: bool,
    has_messages: bool,
) -> Card:
    words = visit.words
    blocks: list[Block] = [Say(said, "lead")] if said else []
    standing = own_settings.say_standing(person, words, at)
    if standing:
        blocks += [Say(standing, "lead"), Buttons((Button(words("home.resume"), "resume"),))]
    elif not anything_waits:
        blocks.append(Say(words("home.nothing_waits" if has_messages else "home.nothing")))
    if has_live_slip(session, visit.person_id, at):
        blocks.append(Say(words("slips.exists"), "note"))
    if groups := make_group_buttons(session, parts, person, words, at):
        blocks.append(Buttons(groups))
    title = words("home.title", name=person.name.split()[0])
    # What became of an action is read again after a reload, from the card's own state: nothing is stored for it.
    state = close_state(parts, {"person": visit.person_id, "said": said}) if said else ""
    return Card(title, tuple(blocks), words.language, state=state, place=TOLD if said else "")


def _list_waiting(session: Session, parts: Parts, person: Person, visit: Visit, at: datetime) -> list[Card]:
    """The open questions that nothing has come to yet."""
    return [
        write_waiting(
            run,
            visit.words,
            way=way_to_run(session, parts, person, run),
            was_reminded=was_reminded(session, run, flow_of(run), visit.person_id),
        )
        for run, participation in questions_waiting(session, visit.person_id, at)
        if not participation.answered
    ]


def _list_contributed(session: Session, parts: Parts, person: Person, visit: Visit, at: datetime) -> list[Card]:
    """The open questions to which one has contributed, and may again."""
    behind = {theme.run_id for themes in themes_behind(session, visit.person_id) for theme in themes}
    return [
        write_contributed(run, visit.words, way=way_to_run(session, parts, person, run), is_behind=run.id in behind)
        for run, participation in questions_waiting(session, visit.person_id, at)
        if participation.answered and run.kind == Kind.contribution
    ]


def _say_why_not_asked(session: Session, visit: Visit, person: Person, at: datetime) -> list[Card]:
    """For each open run in whose audience the person was left alone, the reason. What they chose themselves stands at
    the top already."""
    words, rows = visit.words, reasons_left_alone(session, visit.person_id)
    if not rows or own_settings.say_standing(person, words, at):
        return []
    said = [
        words("home.left_alone", title=flow_of(run).title.to(visit.language), reason=words(f"left_alone.{reason}"))
        for run, reason in rows
    ]
    return [Card(words("home.why"), tuple(Say(one) for one in said), words.language)]
