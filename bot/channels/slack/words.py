"""The few words that Slack's surfaces need beside the cards."""

from bot.channels.slack.views import Labels
from bot.words import words_in


def labels_in(language: str) -> Labels:
    words = words_in(language)
    return Labels(words("slack.close"), words("slack.more"), words("slack.too_long"))
