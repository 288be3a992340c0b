"""The words that Teams needs beside the cards: labels, and what is said to somebody who writes to us there."""

from bot.cards import Button, Buttons, Card, Say
from bot.channels.teams.cards import Labels
from bot.rooms import HOME, SUGGEST
from bot.words import words_in


def labels_in(language: str) -> Labels:
    words = words_in(language)
    return Labels(words("problem.required"), words("teams.back"), words("teams.more"), words("teams.open"))


def make_help(language: str, *, is_answer: bool = False) -> Card:
    """What can be done here; as an `answer`, to words that ask for nothing of it."""
    words = words_in(language)
    kind = "answer" if is_answer else "help"
    buttons = (
        Button(words("teams.to_page"), style="primary", room=HOME),
        Button(words("teams.suggest"), room=SUGGEST),
        Button(words("home.pause"), "pause"),
    )
    said = Say(words(f"teams.{kind}")), Say(words("teams.words"), "note")
    return Card(words(f"teams.{kind}_title"), (*said, Buttons(buttons)), words.language)
