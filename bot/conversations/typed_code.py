"""The card for somebody who has a slip and types its code."""

from bot.cards import Ask, Button, Buttons, Card, Say
from bot.words import Words

LONGEST_CODE = 80
WRONG = "wrong"  # the place where what is wrong may be read again


def make_code_card(words: Words, problem: str = "", written: str = "", state: str = "") -> Card:
    """One field; with a `problem`, what was written stands there still, and travels in the `state`."""
    ask = Ask(
        "code",
        "text",
        words("typed_code.label"),
        words("typed_code.hint"),
        required=True,
        written=(written,) if written else (),
        problem=problem,
    )
    button = Button(words("typed_code.open"), "send", style="primary")
    blocks = (Say(words("typed_code.intro")), ask, Buttons((button,)))
    place = WRONG if problem else ""
    return Card(words("typed_code.title"), blocks, words.language, state=state, place=place)
