"""A rehearsal as a page to bring to the discussion: what is asked, for what, of whom, and who would see what."""

from bot.cards import Block, Card, Heading, Say
from bot.conversations.question_cards import make_question_card
from bot.pages.rehearsal_rendering import Part, render_rehearsal_page
from bot.pages.rendering import Shell
from bot.rehearsal.facts import Rehearsal
from bot.rehearsal.telling import say_asked, say_circumstances, say_left_alone, say_sights
from bot.rounds.preview import say_condition, say_readers
from bot.rounds.promises import threshold_of
from bot.words import Words
from flows.engine import is_last
from flows.model import Flow

NOTES = ("invited", "held_on", "views", "disagreement", "decision")


def make_page(rehearsal: Rehearsal, organisation: str, words: Words) -> str:
    """The page as one file of HTML. No employee's name stands in it."""
    flow = rehearsal.play.flow
    shown: list[Block] = [Say(words("rehearsal.made_up_note"), "warning"), *say_sights(rehearsal, words)]
    never = words(f"rehearsal.never.{flow.kind}", minimum=threshold_of(flow).respondents)
    kept = [words(f"promise.{flow.kind}"), words(f"rehearsal.kept.{flow.kind}")]
    if flow.kind.is_sealed:
        kept.append(words("rehearsal.while_open"))
    asked = [*say_asked(rehearsal, words), *say_left_alone(rehearsal, words)]
    parts = [
        Part(words("rehearsal.what_for"), (Say(flow.purpose.to(words.language)), Say(_not_for(flow, words), "lead"))),
        Part(words("rehearsal.questions"), cards=_preview(flow, words)),
        Part(words("rehearsal.who"), tuple(asked)),
        Part(words("rehearsal.kept_title"), tuple(Say(one) for one in [*kept, _kept_until(flow, words)])),
        Part(words("preview.readers"), tuple(Say(one) for one in say_readers(flow, words))),
        Part(words("rehearsal.never_title"), (Say(never),)),
        Part(words("rehearsal.shown"), tuple(shown)),
    ]
    circumstances = say_circumstances(rehearsal, organisation, words)
    intro = Card(
        words("rehearsal.page_title", title=flow.title.to(words.language)),
        (Say(words("rehearsal.page_lead")), *circumstances, Say(words("rehearsal.page_no_names"), "note")),
        words.language,
        kicker=organisation,
    )
    notes = tuple(words(f"rehearsal.note.{one}") for one in NOTES)
    shell = Shell(organisation, words.language, (), "", words.section("page"))
    return render_rehearsal_page(intro, parts, words("rehearsal.notes"), notes, shell)


def _preview(flow: Flow, words: Words) -> tuple[Card, ...]:
    """Every card as people will see it; one that only some see says for whom. The promise stands on its own here."""
    cards = []
    for number, step in enumerate(flow.steps, 1):
        last = is_last(flow, step, {})
        card = make_question_card(flow, step, words, leader=None, is_first=False, is_last=last)
        head = words("preview.card", number=number, total=len(flow.steps))
        condition = say_condition(flow, step, words)
        blocks = (Heading(head), *((Say(condition, "note"),) if condition else ()), *card.blocks)
        cards.append(Card(card.title, blocks, card.language))
    return tuple(cards)


def _not_for(flow: Flow, words: Words) -> str:
    return flow.not_used_for.to(words.language)


def _kept_until(flow: Flow, words: Words) -> str:
    return words("promise.kept", count=flow.retention_months)
