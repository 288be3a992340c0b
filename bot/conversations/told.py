"""What became of an action in a run, with an address of its own: a reload says it again, and does nothing anew."""

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.elsewhere import say_what_is_left
from bot.conversations.receipts import make_answered_card, make_regret_card
from bot.conversations.sitting import Sitting
from bot.conversations.stepping import keep_told, read_told

PLACE = "told"
SENTENCES = {
    "later": ("answer.later_title", "answer.later_text"),
    "deleted": ("answered.deleted_title", "answered.deleted_text"),
    "withdrawn": ("answered.withdrawn_title", "answered.withdrawn_text"),
    "taken_back": ("suggestions.withdrawn_title", "suggestions.can_suggest"),
}
GOES_ON = {"withdrawn": "question.answer", "taken_back": "receipt.more"}  # what is withdrawn; the button to begin again
UNKNOWN_CODE = "answered.code_unknown"
LEFT = "+left"  # after what is told: a platform keeps a copy


def tell(sitting: Sitting, told: str, *, has_copy: bool = False) -> Card:
    """The card that says what became of it: one of SENTENCES, or that nothing was found under a code. `has_copy`: a
    platform keeps one of what is withdrawn."""
    words, state = sitting.words, keep_told(sitting, told + LEFT if has_copy else told)
    if told == UNKNOWN_CODE:
        make_card = make_regret_card if sitting.visit.is_by_paper else make_answered_card
        return make_card(sitting, words(UNKNOWN_CODE), state=state, place=PLACE)
    title, text = SENTENCES[told]
    moment = words.moment(sitting.run.closes_at, sitting.run.zone)
    said = say_what_is_left(words, words(text, moment=moment), has_copy=has_copy)
    blocks: list[Block] = [Say(said)]
    if told in GOES_ON:
        blocks.append(Buttons((Button(words(GOES_ON[told]), "again"),)))
    return Card(words(title), tuple(blocks), words.language, state=state, place=PLACE)


def tell_again(sitting: Sitting) -> Card | None:
    """The same at its address; None where the visit is to another, or nothing is known there."""
    told = read_told(sitting, sitting.visit.state) if sitting.visit.place == PLACE else ""
    has_copy, told = told.endswith(LEFT), told.removesuffix(LEFT)
    return tell(sitting, told, has_copy=has_copy) if told in (*SENTENCES, UNKNOWN_CODE) else None
