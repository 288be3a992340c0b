"""What goes wrong while a command asks Slack, told as the command's own error."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def asking_slack() -> Iterator[None]:
    from slack_sdk.errors import SlackApiError

    try:
        yield
    except SlackApiError as error:
        said = error.response.get("error", "")
        raise click.ClickException(
            f"Slack refuses the app ({said}); medvirk doctor slack says what is missing."
        ) from None
    except OSError as error:
        raise click.ClickException(f"Slack cannot be reached ({type(error).__name__}). Nothing was stored.") from None
