"""A group's room: its polls with what came of them, and a new one composed, looked at and sent by its coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.poll_cards import make_form_card, make_preview_card
from bot.conversations.receipts import say_values
from bot.conversations.visit import Interaction, Visit, close_state, open_state
from bot.parts import Parts
from bot.polls.foreseeing import Foreseen, foresee
from bot.polls.sending import send_poll
from bot.reports.polls import find_texts, say_parts, say_whole
from flows.model import digest_of
from flows.polls import FIELDS, Composed, find_problems, read_composed
from flows.schedule import local_day
from flows.values import clean
from storage import log
from storage.answers import named_answers_for
from storage.people import has_role
from storage.polls import draft_of, drop_draft, keep_draft, places, polls_of
from storage.runs import flow_of
from storage.tables import Person, Poll, Run, Unit
from storage.tables.asking import RunState
from storage.tables.organisation import RoleName

SENT = "sent"
RESULTS = "results"


@dataclass(frozen=True)
class Room:
    """One visit of a coordinator to the group."""

    session: Session
    parts: Parts
    visit: Visit
    group: Unit
    at: datetime

    @property
    def group_id(self) -> int:
        assert self.group.id is not None
        return self.group.id


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    room = _enter(session, parts, visit, at)
    if isinstance(room, Card):
        return [room]
    what, _, target = visit.place.partition(":")
    if what == RESULTS and (found := _find_poll(room, target)):
        return [_show_results(room, *found)]
    return [_list_polls(room)]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    room = _enter(session, parts, interaction.visit, at)
    if isinstance(room, Card):
        return [room]
    action, _, target = interaction.action.partition(":")
    document = _read_state(room, interaction.state)
    raw = _gather(document, interaction.form)
    match action:
        case "new":
            return [_show_form(room, "question", _read_draft(room))]
        case "to_audience" | "to_question" | "preview" if document is None:
            return [_list_polls(room, "problem.form_too_old")]
        case "to_audience":
            return [_go_to_audience(room, raw)]
        case "to_question":
            return [_show_form(room, "question", raw)]
        case "preview":
            return [_preview(room, raw)]
        case "send":
            return [_send(room, document or {})]
        case "drop":
            drop_draft(session, room.group_id, room.visit.person_id)
        case "names" | "texts" if found := _find_poll(room, target):
            return [_open_answers(room, action, found[1])]
        case "results" if found := _find_poll(room, target):
            return [_show_results(room, *found)]
        case "language" if document and document["card"] in FIELDS:
            return [_show_form(room, document["card"], raw)]
        case "language" if document and document["card"] == "preview":
            return [_preview(room, raw)]
    return [_list_polls(room)]


def _enter(session: Session, parts: Parts, visit: Visit, at: datetime) -> Room | Card:
    """The room, for who coordinates the group today: rights come from the roles, not from the link."""
    words, group = visit.words, session.get(Unit, visit.target)
    is_coordinator = has_role(session, visit.person_id, visit.target, RoleName.group_coordinator)
    if group is None or not group.active or not group.is_group or not is_coordinator:
        return Card(words("poll.not_yours_title"), (Say(words("poll.not_yours")),), visit.language)
    return Room(session, parts, visit, group, at)


# Composing


def _read_state(room: Room, state: str) -> dict[str, Any] | None:
    """What travelled with the card; None where it is not this person's, or of another group."""
    document = open_state(room.parts, state)
    if document is None or document.get("group") != room.group_id or document.get("person") != room.visit.person_id:
        return None
    return document


def _gather(document: Mapping[str, Any] | None, form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Everything written so far: what travelled with the card, and what its own fields hold now."""
    raw: dict[str, list[str]] = dict(document["raw"]) if document and "raw" in document else {}
    card = document.get("card", "") if document else ""
    return raw | {name: [clean(one) for one in form.get(name, [])] for name in FIELDS.get(card, ())}


def _close(room: Room, card: str, raw: Mapping[str, list[str]], **more: Any) -> str:
    document = {"group": room.group_id, "person": room.visit.person_id, "card": card, "raw": dict(raw), **more}
    return close_state(room.parts, document)


def _read_draft(room: Room) -> dict[str, list[str]]:
    """What was composed before, and in which language: a later look in another one does not change that."""
    draft = draft_of(room.session, room.group_id, room.visit.person_id)
    if draft is None:
        return {"language": [room.visit.language]}
    groups = {one.id for one in places(room.session) if one.is_group and one.id}
    return Composed.model_validate(draft.document).to_raw(groups) | {"language": [draft.language]}


def _show_form(room: Room, card: str, raw: dict[str, list[str]], *, is_mended: bool = False) -> Card:
    found = places(room.session)
    known = {one.id for one in found if one.id}
    problems = find_problems(raw, card, known) if is_mended else {}
    return make_form_card(card, raw, problems, room.visit.words, room.group, found, _close(room, card, raw))


def _go_to_audience(room: Room, raw: dict[str, list[str]]) -> Card:
    if find_problems(raw, "question"):
        return _show_form(room, "question", raw, is_mended=True)
    return _show_form(room, "audience", raw)


def _preview(room: Room, raw: dict[str, list[str]]) -> Card:
    known = {one.id for one in places(room.session) if one.id}
    for card in FIELDS:
        if find_problems(raw, card, known):
            return _show_form(room, card, raw, is_mended=True)
    person_id, language = room.visit.person_id, raw["language"][0]
    composed = read_composed(raw)
    poll = keep_draft(room.session, room.group_id, person_id, composed, language, room.at)
    foreseen = foresee(room.session, room.parts, room.group, person_id, poll.id or 0, composed, poll.language, room.at)
    return _show_preview(room, poll, foreseen, raw)


def _show_preview(room: Room, poll: Poll, foreseen: Foreseen, raw: dict[str, list[str]]) -> Card:
    state = _close(room, "preview", raw, poll=poll.id, hash=digest_of(poll.document))
    names = {one.id: one.name for one in places(room.session) if one.id is not None}
    reader = room.session.get_one(Person, room.visit.person_id).name
    return make_preview_card(foreseen, room.visit.words, room.group, names, reader, state)


def _send(room: Room, document: Mapping[str, Any]) -> Card:
    """Send what was looked at, once. What has changed since, in another window, is looked at first."""
    poll = room.session.get(Poll, document.get("poll", 0))
    if poll is None or poll.composed_by != room.visit.person_id or poll.group_id != room.group_id:
        return _list_polls(room, "problem.form_too_old")
    if poll.run_id is not None:
        return _list_polls(_at_place(room, SENT))
    if digest_of(poll.document) != document.get("hash"):
        return _list_polls(room, "poll.changed_since")
    sent = send_poll(room.session, room.parts, room.group, room.visit.person_id, poll, room.at)
    if isinstance(sent, Foreseen):
        return _show_preview(room, poll, sent, dict(document["raw"]))
    return _list_polls(_at_place(room, SENT))


def _at_place(room: Room, place: str) -> Room:
    return replace(room, visit=replace(room.visit, place=place))


# Looking


def _list_polls(room: Room, problem: str = "") -> Card:
    words = room.visit.words
    blocks: list[Block] = [Say(words(problem), "warning")] if problem else []
    if room.visit.place == SENT:
        blocks.append(Say(words("poll.sent"), "lead"))
    else:
        blocks.append(Say(words("poll.intro", group=room.group.name)))
    blocks.append(Buttons((Button(words("poll.new"), "new", style="primary"),)))
    draft = draft_of(room.session, room.group_id, room.visit.person_id)
    if draft is not None:
        blocks += [
            Heading(words("poll.draft", title=draft.document["title"])),
            Buttons((Button(words("poll.go_on"), "new"), Button(words("poll.drop"), "drop", style="quiet"))),
        ]
    for _, run in polls_of(room.session, room.group_id):
        blocks += _say_poll(room, run)
    place = None if problem else (SENT if room.visit.place == SENT else "")
    return Card(words("poll.title", group=room.group.name), tuple(blocks), words.language, place=place)


def _say_poll(room: Room, run: Run) -> list[Block]:
    words, flow = room.visit.words, flow_of(run)
    title = Heading(flow.title.to(words.language))
    if run.state == RunState.open:
        return [title, Say(words("poll.is_open", moment=words.moment(run.closes_at, run.zone)), "note")]
    day = words.day(local_day(run.closed_at or run.closes_at, run.zone))
    see = Buttons((Button(words("poll.see"), f"{RESULTS}:{run.id}"),))
    return [title, Say(words("poll.is_closed", day=day), "note"), see]


def _find_poll(room: Room, target: str) -> tuple[Poll, Run] | None:
    """A poll of this very group whose round is over."""
    found = (one for one in polls_of(room.session, room.group_id) if str(one[1].id) == target)
    return next((one for one in found if one[1].state == RunState.closed), None)


def _show_results(room: Room, poll: Poll, run: Run) -> Card:
    words, flow = room.visit.words, flow_of(run)
    label = flow.find_field("answer")[1].label
    blocks: list[Block] = [Say(label.to(words.language), "quote")]
    back = Button(words("poll.back_to_group"), "leave")
    if flow.kind.is_sealed:
        blocks += [*say_whole(room.session, run, words), *say_parts(room.session, run, words)]
        texts = find_texts(room.session, run)
        more = (Button(words("poll.read_texts", count=len(texts)), f"texts:{run.id}"),) if texts else ()
    else:
        is_reader = poll.composed_by == room.visit.person_id
        blocks.append(Say(words("poll.names_are_yours" if is_reader else "poll.names_are_not_yours")))
        more = (Button(words("poll.read_names"), f"names:{run.id}"),) if is_reader else ()
    blocks.append(Buttons((*more, back)))
    title = words("result.title", title=flow.title.to(words.language))
    return Card(title, tuple(blocks), words.language, room.group.name, place=f"{RESULTS}:{run.id}")


def _open_answers(room: Room, what: str, run: Run) -> Card:
    """Answers with names, or texts: only here, and each opening is logged."""
    words, flow = room.visit.words, flow_of(run)
    opened = "named answers opened" if what == "names" else "texts opened"
    log.append(room.session, room.at, f"person:{room.visit.person_id}", opened, f"run:{run.id}")
    blocks: list[Block] = [Say(words(f"poll.{what}_intro"), "note")]
    if what == "names":
        shown = _show_names(room, run)
    else:
        shown = [Say(text, "quote") for _, text in find_texts(room.session, run)]
    blocks += shown or [Say(words("names.nobody"))]
    blocks.append(Buttons((Button(words("poll.back_to_group"), "leave"),)))
    return Card(flow.title.to(words.language), tuple(blocks), words.language, room.group.name)


def _show_names(room: Room, run: Run) -> list[Block]:
    """Only what was promised to this very person; a later coordinator sees none of it."""
    blocks: list[Block] = []
    for answer in named_answers_for(room.session, room.visit.person_id, room.at.date()):
        person = room.session.get(Person, answer.person_id)
        if answer.run_id == run.id and person is not None:
            blocks += [Heading(person.name), *say_values(flow_of(run), answer.values, room.visit.language)]
    return blocks
