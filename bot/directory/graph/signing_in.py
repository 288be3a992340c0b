"""Who asks for a token for Microsoft Graph, and where."""

from urllib.parse import urlsplit

from bot.channels.tokens import Grant
from bot.settings.graph import GraphSettings

SECONDS = 30


def grant_of(settings: GraphSettings) -> Grant:
    """For everything that the app was granted in this cloud."""
    parts = urlsplit(settings.url)
    scope = f"{parts.scheme}://{parts.netloc}/.default"
    return Grant(
        settings.token_url, settings.client_id, settings.client_secret, scope, SECONDS, "MEDVIRK_GRAPH_LOGIN_URL"
    )
