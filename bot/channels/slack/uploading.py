"""The pictures of a card's charts, brought to Slack before the message that shows them. One that cannot be brought is
left out: its figures stand in the text as well."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, Chart
from bot.channels.slack.blocks import Pictures
from bot.outbox.pacing import Pace
from bot.pictures import draw, is_worth_drawing

BEGIN, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
LONGEST_ALT = 1_000
NAME = "medvirk.png"  # people search among files: nothing of what it shows is in the name

log = logging.getLogger("medvirk.slack")


async def bring_pictures(client: AsyncWebClient, token: str, card: Card, pace: Pace) -> Pictures:
    """Each lies in Slack as a file of the app's own, that nobody sees before a message shows it."""
    charts = [one for one in card.blocks if isinstance(one, Chart) and is_worth_drawing(one)]
    brought: dict[Chart, tuple[str, str]] = {}
    for chart in dict.fromkeys(charts if card.has_pictures else ()):
        try:
            picture = await asyncio.to_thread(draw, chart)
            await pace(BEGIN)
            await pace(COMPLETE)
            answer = await client.files_upload_v2(
                content=picture.png, filename=NAME, title=NAME, alt_txt=picture.alt[:LONGEST_ALT], token=token
            )
            brought[chart] = answer["files"][0]["id"], picture.alt
        except SlackApiError as error:
            log.warning("a picture was not taken (%s); the message goes without it", error.response.get("error"))
        except (ValueError, SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a picture could not be brought (%s); the message goes without it", type(error).__name__)
    return brought
