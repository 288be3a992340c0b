"""The token by which Microsoft knows our app: what opens Teams for us."""

from bot.channels.tokens import Grant, Token
from bot.settings.channels import TeamsSettings

SCOPE = "https://api.botframework.com/.default"


def make_token(settings: TeamsSettings) -> Token:
    secret, variable = settings.app_secret, "MEDVIRK_TEAMS_TOKEN_URL"
    return Token(Grant(settings.whose_tokens, settings.app_id, secret, SCOPE, settings.timeout_seconds, variable))
