"""A group's room: its polls with what came of them, and a new one, for its coordinator."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Card, Choice
from bot.conversations import group_composing as composing
from bot.conversations.elsewhere import show_elsewhere
from bot.conversations.group_list import RESULTS, list_polls
from bot.conversations.group_results import find_poll, open_answers, show_results
from bot.conversations.group_room import enter
from bot.conversations.poll_places import MOST_WHILE_WRITING, as_choice, find_units
from bot.conversations.poll_preview import PREVIEW
from bot.conversations.visit import Interaction, Reply, Visit
from bot.parts import Parts
from flows.polls import FIELDS
from storage.polls import drop_draft, places


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    room = enter(session, parts, visit, at)
    if isinstance(room, Card):
        return [room]
    what, _, target = visit.place.partition(":")
    if what == RESULTS and (found := find_poll(room, target)):
        return [show_results(room, *found)]
    return [composing.show_again(room, visit.place) or list_polls(room)]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    return lambda writing: _act(writing, parts, interaction, at)


def _act(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    room = enter(session, parts, interaction.visit, at, interaction.action)
    if isinstance(room, Card):
        return [room]
    action, _, target = interaction.action.partition(":")
    document = composing.read_state(room, interaction.state)
    raw = composing.gather(document, interaction.form)
    match action:
        case "new":
            return [composing.begin(room, target)]
        case "go_on":
            return [composing.go_on(room)]
        case "to_audience" | "to_question" | "preview" | "find" if document is None:
            return [list_polls(room, "problem.form_too_old")]
        case "preview" | "find" if sought := composing.read_sought(interaction.form):
            return [composing.show_form(room, "audience", raw, sought=sought)]
        case "find":
            return [composing.show_form(room, "audience", raw)]
        case "to_audience":
            return [composing.go_to(room, "audience", raw)]
        case "to_question":
            return [composing.go_to(room, "question", raw)]
        case "preview":
            return [composing.preview(room, raw)]
        case "send":
            return [composing.send(room, document or {})]
        case "drop":
            drop_draft(session, room.group_id, room.visit.person_id)
        case "names" | "texts" if room.visit.is_on_record:
            return [show_elsewhere(session, parts, room.visit, at)]
        case "names" | "texts" if found := find_poll(room, target):
            return [open_answers(room, action, found[1])]
        case "results" if found := find_poll(room, target):
            return [show_results(room, *found)]
        case "language" if document and document["card"] in FIELDS:
            return [composing.show_form(room, document["card"], raw)]
        case "language" if document and document["card"] == PREVIEW:
            return [composing.preview(room, raw)]
    return [list_polls(room)]


def find(session: Session, parts: Parts, visit: Visit, field: str, words: str, at: datetime) -> list[Choice]:
    """The units or groups that somebody who writes these words may mean; none for who may not ask any."""
    if field not in ("units", "groups") or isinstance(enter(session, parts, visit, at), Card):
        return []
    among = [one for one in places(session) if one.is_group == (field == "groups")]
    return [as_choice(one) for one in find_units(among, words)[:MOST_WHILE_WRITING]]
