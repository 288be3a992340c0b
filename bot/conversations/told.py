"""What became of an action in a run, with an address of its own: a reload says it again, and does nothing anew."""

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.receipts import make_answered_card
from bot.conversations.sitting import Sitting
from bot.conversations.stepping import keep_told, read_told

PLACE = "told"
SENTENCES = {
    "later": ("answer.later_title", "answer.later_text"),
    "deleted": ("answered.deleted_title", "answered.deleted_text"),
    "withdrawn": ("answered.withdrawn_title", "answered.withdrawn_text"),
    "taken_back": ("suggestions.withdrawn_title", "suggestions.can_suggest"),
}
GOES_ON = {"withdrawn": "question.answer", "taken_back": "receipt.more"}  # where one may begin again, and its button
UNKNOWN_CODE = "answered.code_unknown"


def tell(sitting: Sitting, told: str) -> Card:
    """The card that says what became of it: one of SENTENCES, or that nothing was found under a code."""
    words, state = sitting.words, keep_told(sitting, told)
    if told == UNKNOWN_CODE:
        return make_answered_card(sitting, problem=words(UNKNOWN_CODE), state=state, place=PLACE)
    title, text = SENTENCES[told]
    moment = words.moment(sitting.run.closes_at, sitting.run.zone)
    blocks: list[Block] = [Say(words(text, moment=moment))]
    if told in GOES_ON:
        blocks.append(Buttons((Button(words(GOES_ON[told]), "again"),)))
    return Card(words(title), tuple(blocks), words.language, state=state, place=PLACE)


def tell_again(sitting: Sitting) -> Card | None:
    """The same at its address; None where the visit is to another, or nothing is known there."""
    told = read_told(sitting, sitting.visit.state) if sitting.visit.place == PLACE else ""
    return tell(sitting, told) if told in (*SENTENCES, UNKNOWN_CODE) else None
