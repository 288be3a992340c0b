"""A poll has closed: what came of it, to the group that asked; the coordinator gets the way to the rest."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Buttons, Card, Say
from bot.messages.links import way_to_group
from bot.parts import Parts
from bot.reports.polls import say_parts, say_whole
from bot.words import Words
from storage.people import has_role
from storage.polls import poll_of_run
from storage.runs import flow_of
from storage.tables import Person, Run
from storage.tables.organisation import RoleName


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    run, poll = session.get(Run, target), poll_of_run(session, target)
    if run is None or poll is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    flow = flow_of(run)
    blocks: list[Block] = [Say(words("poll.closed_for_group", group=flow.asked_by))]
    if flow.kind.is_sealed:
        blocks += [*say_whole(session, run, words), *say_parts(session, run, words)]
    else:
        blocks.append(Say(words("poll.named_for_group"), "note"))
    if has_role(session, person.id or 0, poll.group_id, RoleName.group_coordinator):
        way = way_to_group(session, parts, person, poll.group_id, run.closed_at or run.closes_at)
        blocks.append(Buttons((way.button(words("poll.to_group"), "primary"),)))
    return Card(words("result.title", title=flow.title.to(words.language)), tuple(blocks), words.language)
