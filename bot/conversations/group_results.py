"""What came of a group's poll: figures, and behind a logged opening what was said by name or in words."""

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.group_list import RESULTS
from bot.conversations.group_room import Room
from bot.conversations.receipts import say_values
from bot.reports.polls import find_texts, say_parts, say_whole
from storage import log
from storage.answers import named_answers_for
from storage.polls import polls_of
from storage.runs import flow_of
from storage.tables import Person, Poll, Run
from storage.tables.asking import RunState


def find_poll(room: Room, target: str) -> tuple[Poll, Run] | None:
    """A poll of this very group whose round is over."""
    found = (one for one in polls_of(room.session, room.group_id) if str(one[1].id) == target)
    return next((one for one in found if one[1].state == RunState.closed), None)


def show_results(room: Room, poll: Poll, run: Run) -> Card:
    """The figures for all and for each part, or the way to what was said by name."""
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


def open_answers(room: Room, what: str, run: Run) -> Card:
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
