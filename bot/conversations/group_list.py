"""The group's polls, as its coordinator finds them: the draft, those that are open, those whose figures have come."""

from collections.abc import Iterator

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.group_room import Room
from bot.polls.turns import find_wait
from flows.schedule import local_day
from storage.polls import draft_of, polls_of
from storage.runs import flow_of
from storage.tables import Run
from storage.tables.asking import RunState

SENT = "sent"  # the place where it is said that a poll was sent
RESULTS = "results"


def list_polls(room: Room, problem: str = "") -> Card:
    """The page of the group; `problem` is the key of a sentence about what could not be done."""
    words = room.visit.words
    blocks: list[Block] = [Say(words(problem), "warning")] if problem else []
    if room.visit.place == SENT:
        blocks.append(Say(words("poll.sent"), "lead"))
    else:
        blocks.append(Say(words("poll.intro", group=room.group.name)))
    blocks += _say_wait_and_draft(room)
    for _, run in polls_of(room.session, room.group_id):
        blocks += _say_poll(room, run)
    place = None if problem else (SENT if room.visit.place == SENT else "")
    return Card(words("poll.title", group=room.group.name), tuple(blocks), words.language, place=place)


def _say_wait_and_draft(room: Room) -> Iterator[Block]:
    """When the next may be sent, where that is not now, and the draft; or the way to a new one, which may be written
    while one waits."""
    words = room.visit.words
    draft = draft_of(room.session, room.group_id, room.visit.person_id)
    wait = find_wait(room.session, room.group_id, room.at)
    if wait is not None:
        moment = words.moment(wait.until, room.group.zone or room.parts.settings.zone)
        meanwhile = "" if draft else f" {words('poll.meanwhile')}"
        yield Say(words("poll.next_at", moment=moment) + meanwhile, "note")
    if draft is not None:
        yield Heading(words("poll.draft", title=draft.document["title"]))
        drop = Button(words("poll.drop"), "drop", style="quiet")
        yield Buttons((Button(words("poll.go_on"), "go_on", style="primary"), drop))
    elif wait is not None:
        yield Buttons((Button(words("poll.new_draft"), "new"),))
    else:
        yield Buttons((Button(words("poll.new"), "new", style="primary"),))


def _say_poll(room: Room, run: Run) -> list[Block]:
    words, flow = room.visit.words, flow_of(run)
    title = Heading(flow.title.to(words.language))
    if run.state == RunState.open:
        return [title, Say(words("poll.is_open", moment=words.moment(run.closes_at, run.zone)), "note")]
    day = words.day(local_day(run.closed_at or run.closes_at, run.zone))
    see = Buttons((Button(words("poll.see"), f"{RESULTS}:{run.id}"),))
    return [title, Say(words("poll.is_closed", day=day), "note"), see]
