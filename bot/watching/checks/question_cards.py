"""The cards that a platform is asked about: every question of every flow, in every language."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.app import find_all_flows
from bot.cards import Card
from bot.conversations.question_cards import make_question_card
from bot.settings.product import Settings
from bot.words import words_in
from flows.engine import is_last
from flows.model import Flow
from flows.text import LANGUAGES


class QuestionCard(NamedTuple):
    flow: Flow
    where: str  # for whoever mends it: step, flow and language
    card: Card


def every_question_card(settings: Settings) -> Iterator[QuestionCard]:
    flows, _ = find_all_flows(settings)
    for flow in flows.values():
        for step in flow.steps:
            ends = is_last(flow, step, {})
            for language in LANGUAGES:
                words = words_in(language)
                card = make_question_card(flow, step, words, leader=None, is_first=step is flow.steps[0], is_last=ends)
                yield QuestionCard(flow, f"step {step.id} of {flow.name} in {language}", card)
