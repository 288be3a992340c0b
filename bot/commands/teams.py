"""Commands about Teams."""

import click


@click.group()
def teams() -> None:
    """Microsoft Teams: make the app's package."""
