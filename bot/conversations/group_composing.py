"""A poll is composed, looked at and sent by the group's coordinator, card after card."""

from collections.abc import Mapping
from typing import Any

from bot.cards import Card
from bot.conversations.group_list import SENT, list_polls
from bot.conversations.group_room import Room
from bot.conversations.poll_cards import NOTHING, SEARCHED, make_form_card, name_search
from bot.conversations.poll_places import LONGEST_SOUGHT
from bot.conversations.poll_preview import PREVIEW, make_preview_card
from bot.conversations.visit import close_state, open_state
from bot.polls.foreseeing import Foreseen, foresee
from bot.polls.sending import send_poll
from flows.model import digest_of
from flows.polls import FIELDS, LONGEST_TITLE, find_problems, read_begun, read_composed, read_draft
from flows.values import clean
from storage.polls import draft_of, keep_draft, places
from storage.tables import Person, Poll


def read_state(room: Room, state: str) -> dict[str, Any] | None:
    """What travelled with the card; None where it is not this person's, or of another group."""
    document = open_state(room.parts, state)
    if document is None or document.get("group") != room.group_id or document.get("person") != room.visit.person_id:
        return None
    return document


def gather(document: Mapping[str, Any] | None, form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Everything written so far: what travelled with the card, and what its own fields hold now."""
    raw: dict[str, list[str]] = dict(document["raw"]) if document and "raw" in document else {}
    card = document.get("card", "") if document else ""
    return raw | {name: [clean(one) for one in form.get(name, [])] for name in FIELDS.get(card, ())}


def read_sought(form: Mapping[str, list[str]]) -> dict[str, str]:
    """What somebody looks for, by the field that holds too little to choose among. The fields for it come back
    empty, so what stands in one has not been looked for yet, whichever button was pressed."""
    written = {name: clean("".join(form.get(name_search(name), [])[:1]))[:LONGEST_SOUGHT].strip() for name in SEARCHED}
    return {name: sought for name, sought in written.items() if sought}


def _close(room: Room, card: str, raw: Mapping[str, list[str]], **more: Any) -> str:
    """What travels with a card: all that was written so far, so that it may be looked at again."""
    document = {"group": room.group_id, "person": room.visit.person_id, "card": card, "raw": raw, **more}
    return close_state(room.parts, document)


def read_kept(room: Room) -> dict[str, list[str]]:
    """What was composed before, and in which language: a later look in another one does not change that."""
    draft = draft_of(room.session, room.group_id, room.visit.person_id)
    if draft is None:
        return {"language": [room.visit.language]}
    groups = {one.id for one in places(room.session) if one.is_group and one.id}
    return read_draft(draft.document).to_raw(groups) | {"language": [draft.language]}


def begin(room: Room, about: str = "") -> Card:
    """A new one, `about` what somebody wrote on the way here; or the draft, which that does not write over."""
    raw = read_kept(room)
    written = {"title": [clean(about)[:LONGEST_TITLE]]} if about else {}
    return show_form(room, "question", written | raw)


def go_on(room: Room) -> Card:
    """The draft where it was left: on the second card, or before sending."""
    raw = read_kept(room)
    if "title" not in raw:
        return show_form(room, "question", raw)
    return preview(room, raw) if "days" in raw else show_form(room, "audience", raw)


def show_again(room: Room, place: str) -> Card | None:
    """The card that stood at `place`, as it was: by what travelled with it, or else from the draft; None where there is
    neither. What would be sent is always the draft."""
    document, kept = read_state(room, room.visit.state), read_kept(room)
    if place in FIELDS and (document or "title" in kept):
        was_here = document is not None and document.get("card") == place
        own = document if document and was_here else {}
        raw = document["raw"] if document else kept
        return show_form(room, place, raw, is_mended=own.get("is_mended", False), sought=own.get("sought", NOTHING))
    poll = draft_of(room.session, room.group_id, room.visit.person_id)
    if place != PREVIEW or poll is None or any(find_problems(kept, card, _known(room)) for card in FIELDS):
        return None
    return _foresee(room, poll, kept)


def show_form(
    room: Room, card: str, raw: dict[str, list[str]], *, is_mended: bool = False, sought: Mapping[str, str] = NOTHING
) -> Card:
    """One card of the form, `card` of FIELDS, with what was written so far; where it was sent, with what to mend; and
    with what is found for the words `sought`, by field."""
    found = places(room.session)
    problems = find_problems(raw, card, _known(room)) if is_mended else {}
    state = _close(room, card, raw, is_mended=is_mended, sought=dict(sought))
    return make_form_card(card, raw, problems, room.visit.words, room.group, found, state, sought)


def go_to(room: Room, card: str, raw: dict[str, list[str]]) -> Card:
    """One of the two cards; to the second once nothing on the first needs mending. What needs none is kept."""
    if card == "audience" and find_problems(raw, "question"):
        return show_form(room, "question", raw, is_mended=True)
    _keep(room, raw)
    return show_form(room, card, raw)


def preview(room: Room, raw: dict[str, list[str]]) -> Card:
    """The draft is kept, and shown with what it would lead to; or the card on which something needs mending."""
    poll = _keep(room, raw)
    for card in FIELDS:
        if find_problems(raw, card, _known(room)):
            return show_form(room, card, raw, is_mended=True)
    assert poll is not None
    return _foresee(room, poll, raw)


def _foresee(room: Room, poll: Poll, raw: dict[str, list[str]]) -> Card:
    composed, person_id = read_composed(raw), room.visit.person_id
    foreseen = foresee(room.session, room.parts, room.group, person_id, poll.id or 0, composed, poll.language, room.at)
    return _show_preview(room, poll, foreseen, raw)


def _keep(room: Room, raw: Mapping[str, list[str]]) -> Poll | None:
    """Keep the cards on which nothing needs mending; nothing before the first is right."""
    if find_problems(raw, "question"):
        return None
    begun = read_begun(raw) if find_problems(raw, "audience", _known(room)) else read_composed(raw)
    return keep_draft(room.session, room.group_id, room.visit.person_id, begun, raw["language"][0], room.at)


def _known(room: Room) -> set[int]:
    return {one.id for one in places(room.session) if one.id}


def _show_preview(room: Room, poll: Poll, foreseen: Foreseen, raw: dict[str, list[str]]) -> Card:
    state = _close(room, PREVIEW, raw, poll=poll.id, hash=digest_of(poll.document))
    names = {one.id: one.name for one in places(room.session) if one.id is not None}
    reader = room.session.get_one(Person, room.visit.person_id).name
    return make_preview_card(foreseen, room.visit.words, room.group, names, reader, state)


def send(room: Room, document: Mapping[str, Any]) -> Card:
    """Send what was looked at, once. What has changed since, in another window, is looked at first."""
    poll = room.session.get(Poll, document.get("poll", 0))
    if poll is None or poll.composed_by != room.visit.person_id or poll.group_id != room.group_id:
        return list_polls(room, "problem.form_too_old")
    if poll.run_id is not None:
        return list_polls(room.at_place(SENT))
    if digest_of(poll.document) != document.get("hash"):
        return list_polls(room, "poll.changed_since")
    sent = send_poll(room.session, room.parts, room.group, room.visit.person_id, poll, room.at)
    if isinstance(sent, Foreseen):
        return _show_preview(room, poll, sent, dict(document["raw"]))
    return list_polls(room.at_place(SENT))
