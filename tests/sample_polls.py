"""The pages on which a poll is composed, as a coordinator sees them."""

from datetime import UTC, datetime

from bot.cards import Card
from bot.conversations.poll_cards import make_form_card
from bot.conversations.poll_preview import make_preview_card
from bot.polls.foreseeing import Foreseen
from bot.polls.making import make_flow
from bot.words import words_in
from flows.partition import divide
from flows.polls import find_problems, read_composed
from flows.prospects import find_prospects
from flows.questions import find_questions
from flows.schedule import Occurrence
from flows.values import Unreadable
from storage.tables import Unit

AT = datetime(2027, 4, 26, 8, tzinfo=UTC)
WORDS = words_in("nb")
TOP = Unit(id=1, path="Solvik kommune", name="Solvik kommune")
CARE = Unit(id=2, path="Solvik kommune / Helse og omsorg", name="Helse og omsorg", parent_id=1)
WARDS = [
    Unit(id=3 + i, path=f"{CARE.path} / {name}", name=name, parent_id=2)
    for i, name in enumerate(("Avdeling 1", "Avdeling 2", "Nattvakta", "Hjemmetjenesten i Ytre Solvik"))
]
GROUP = Unit(id=9, path=f"{CARE.path} / Ressursgruppe Demens", name="Ressursgruppe Demens", parent_id=2, is_group=True)
PLACES = [TOP, CARE, *WARDS, GROUP]
NAMES = {one.id or 0: one.name for one in PLACES}
RAW = {
    "title": ["Kveldsuro"],
    "question": ["Hva hjelper mest når beboere er urolige om kvelden?"],
    "answer": ["choose"],
    "options": ["Sang og musikk\nEn rolig samtale\nFrisk luft\nHar ikke hatt anledning"],
    "more": ["yes"],
    "units": ["3", "4", "5", "6"],
    "groups": ["9"],
    "days": ["11"],
}
WRONG = RAW | {"title": [""], "question": ["Hva hjelper? " * 40], "options": ["Sang"]}


def make_foreseen(*problems: Unreadable) -> Foreseen:
    """A poll to four units, of which one is small; some have an employer that has not discussed polls."""
    flow = make_flow(read_composed(RAW), 1, GROUP.name, [one.path for one in WARDS], "nb")
    sizes = {3: 14, 4: 22, 5: 4, 6: 31}
    partition = divide({one.id or 0: one.parent_id for one in PLACES}, 2, sizes)
    occurrence = Occurrence(AT.date(), "10:00", "Europe/Oslo", AT)
    prospects = find_prospects(partition, find_questions(flow))
    return Foreseen(flow, occurrence, problems, CARE, partition, prospects, declared=81, discussed=71, may_be_asked=71)


POLL_QUESTION: Card = make_form_card("question", RAW, {}, WORDS, GROUP, PLACES, "state")
POLL_MISTAKES: Card = make_form_card("question", WRONG, find_problems(WRONG, "question"), WORDS, GROUP, PLACES, "state")
POLL_AUDIENCE: Card = make_form_card("audience", RAW, {}, WORDS, GROUP, PLACES, "state")
MANY = [Unit(id=100 + i, path=f"{CARE.path} / Hjemmetjenesten / Sone {i}", name=f"Sone {i}") for i in range(60)]
POLL_MANY_UNITS: Card = make_form_card(
    "audience", RAW | {"units": ["2", "117"]}, {}, WORDS, GROUP, [*PLACES, *MANY], "state"
)
POLL_FOUND_UNITS: Card = make_form_card(
    "audience", RAW | {"units": ["2"]}, {}, WORDS, GROUP, [*PLACES, *MANY], "state", {"units": "sone 1"}
)
POLL_FOUND_NONE: Card = make_form_card(
    "audience", RAW | {"units": ["2"]}, {}, WORDS, GROUP, [*PLACES, *MANY], "state", {"units": "hjemetjeneste"}
)
POLL_PREVIEW: Card = make_preview_card(make_foreseen(), WORDS, GROUP, NAMES, "Samira Rezaei", "state")
POLL_REFUSED: Card = make_preview_card(
    make_foreseen(Unreadable("poll.problem.too_near", days=90)), WORDS, GROUP, NAMES, "Samira Rezaei", "state"
)
