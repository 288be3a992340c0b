"""What a printed slip opens. Others may have held it in their hands, so it shows what waits and what everybody was
told, and nothing that the person has said, chosen or answered; and whatever it leads to ends with the slip."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.cards import Block, Card, Say
from bot.conversations import answering, own_settings
from bot.conversations.messages import has_only_been_greeted, list_messages, put_in_order, under
from bot.conversations.visit import Interaction, Reply, Visit, change, read_number
from bot.messages.asking import write_waiting
from bot.messages.links import Way
from bot.parts import Parts
from storage.links import Purpose
from storage.runs import questions_waiting
from storage.tables import Person
from storage.tables.sending import DeliveryKind

TOLD_TO_EVERYBODY = (DeliveryKind.welcome, DeliveryKind.result, DeliveryKind.decision)
QUESTION = "run"


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """The page; or at a place such as run:12 a card of that question, blank also where it was answered, so that
    looking tells nobody whether it was."""
    question = _find_question(visit, visit.place)
    if question is not None:
        return _keep_below(question, answering.show(session, parts, question, at))
    return _show_page(session, parts, visit, at)


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    """Take an answer, or a choice about being asked. What the person said before can neither be seen nor undone."""
    question = _find_question(interaction.visit, interaction.place)
    if question is not None:
        sent = replace(interaction, visit=question)
        return change(answering.receive(session, parts, sent, at), partial(_keep_below, question))
    return lambda writing: _act(writing, parts, interaction, at)


def _act(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    person = session.get_one(Person, interaction.visit.person_id)
    said = own_settings.act_on_paper(session, person, interaction, at)
    return _show_page(session, parts, interaction.visit, at, said)


def _find_question(visit: Visit, place: str) -> Visit | None:
    """The visit to a question that a place of the page leads to; None where it leads to none."""
    kind, _, rest = place.partition(":")
    written, _, step = rest.partition(":")
    number = read_number(written)
    if kind != QUESTION or number is None:
        return None
    return replace(visit, purpose=Purpose.run, target=number, place=step, is_by_paper=True)


def _keep_below(question: Visit, cards: list[Card]) -> list[Card]:
    """The cards of a question with their places below the page of the slip: no link is made that could outlive it."""
    own = f"{QUESTION}:{question.target}"
    return [
        card if card.place is None else replace(card, place=f"{own}:{card.place}" if card.place else own)
        for card in cards
    ]


def _show_page(session: Session, parts: Parts, visit: Visit, at: datetime, said: str = "") -> list[Card]:
    words = visit.words
    person = session.get_one(Person, visit.person_id)
    waiting = [
        write_waiting(run, words, way=Way(f"?at={QUESTION}:{run.id}"))
        for run, _ in questions_waiting(session, visit.person_id, at)
    ]
    told = [one.card for one in list_messages(session, parts, person, visit, at, TOLD_TO_EVERYBODY)]
    is_new = has_only_been_greeted(session, visit.person_id, TOLD_TO_EVERYBODY)
    blocks: list[Block] = [Say(said, "lead")] if said else []
    if not waiting:
        blocks.append(Say(words("home.nothing_waits" if told else "home.nothing")))
    blocks.append(Say(words("slips.by_paper"), "note"))
    title = words("home.title", name=person.name.split()[0])
    return [
        Card(title, tuple(blocks), words.language, place=None if said else ""),
        *put_in_order(words, waiting, told, is_new=is_new),
        *under(words("home.settings"), own_settings.list_settings_on_paper(words)),
    ]
