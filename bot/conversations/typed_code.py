"""The card for somebody who has a slip and types its code."""

from bot.cards import Ask, Button, Buttons, Card, Say
from bot.words import Words

LONGEST_CODE = 80


def make_code_card(words: Words, problem: str = "", written: str = "") -> Card:
    """One field; with a `problem`, what was written stands there still."""
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
    return Card(words("typed_code.title"), (Say(words("typed_code.intro")), ask, Buttons((button,))), words.language)
