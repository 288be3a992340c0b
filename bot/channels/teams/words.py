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
    title = words("teams.answer_title") if is_answer else words("teams.help_title")
    text = words("teams.answer") if is_answer else words("teams.help")
    buttons = (
        Button(words("teams.to_page"), style="primary", room=HOME),
        Button(words("teams.suggest"), room=SUGGEST),
        Button(words("home.pause"), "pause"),
    )
    return Card(title, (Say(text), Say(words("teams.words"), "note"), Buttons(buttons)), words.language)
