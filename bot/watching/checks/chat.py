"""What no check can see from here: chat platforms."""

from collections.abc import Iterator

from bot.watching.findings import Finding, Ground, ok


def check_chat(ground: Ground) -> Iterator[Finding]:
    yield ok(
        "chat",
        "Slack and Teams are not part of this release; and whether they work can only be tried in a real Slack "
        "workspace and a real Teams tenant",
    )
