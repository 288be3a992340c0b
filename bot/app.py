"""The app puts the parts together; nothing else constructs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute

from bot.beat import do_what_is_due, empty_journal
from bot.channels.contract import Channel, Closing
from bot.channels.listening import Listening
from bot.channels.web import WebChannel
from bot.door import Door
from bot.outbox.lanes import keep_draining
from bot.outbox.whereabouts import Whereabouts
from bot.outcomes import find_outcome_mistakes
from bot.pages.headers import StrictHeaders
from bot.pages.paper_serving import PaperPages
from bot.pages.serving import Pages
from bot.paper.door import PaperDoor
from bot.parts import Parts
from bot.settings.channels import MailSettings, SlackSettings
from bot.settings.product import Settings
from bot.watching.logs import log_failure
from bot.watching.metrics import Metrics
from bot.watching.serving import WatchPages
from flows.loading import Judge, find_flows
from flows.model import Flow
from flows.yaml_file import Problem
from storage.directory.natural import TEAMS
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.store import Store
from storage.writer import Writer

TICK_SECONDS = 60

log = logging.getLogger("medvirk")


def find_all_flows(settings: Settings, judge: Judge = find_outcome_mistakes) -> tuple[dict[str, Flow], list[Problem]]:
    """Every flow that can be used, and every problem, also those that only an outcome can see."""
    return find_flows(*settings.flows_dir, judge=judge)


def build_parts(settings: Settings, flows: Mapping[str, Flow]) -> Parts:
    """All parts of an installation that runs these flows."""
    store = Store(settings.database_url.get_secret_value())
    keys = KeyFolder(settings.keys_dir)
    metrics = Metrics()
    read_pool, writer = ReadPool(store), Writer(store, tell_batch=metrics.count_batch)
    channels = make_channels(settings, keys, read_pool, writer)
    return Parts(settings, flows, keys, store, read_pool, writer, channels, metrics)


def make_channels(settings: Settings, keys: KeyFolder, read_pool: ReadPool, writer: Writer) -> dict[str, Channel]:
    """The channels that are on, by name. One that is off is not even imported. The web is always there: what went out
    by any of them stands on the own page too."""
    channels: list[Channel] = [WebChannel()]
    if settings.mail:
        channels.append(make_mail_channel(settings.mail, settings.organisation, keys))
    if settings.sms:
        from bot.channels.sms import SmsChannel

        channels.append(SmsChannel(settings.sms, settings.organisation, keys.server_secret("sms")))
    if settings.slack:
        channels.append(make_slack_channel(settings.slack, keys, read_pool, writer))
    if settings.teams:
        from bot.channels.teams.channel import TeamsChannel

        channels.append(TeamsChannel(settings.teams, Whereabouts(read_pool, writer, TEAMS)))
    return {one.name: one for one in channels}


def make_mail_channel(mail: MailSettings, organisation: str, keys: KeyFolder) -> Channel:
    from bot.channels.mail.channel import MailChannel

    return MailChannel(mail, organisation, keys.server_secret("mail"))


def make_slack_channel(slack: SlackSettings, keys: KeyFolder, read_pool: ReadPool, writer: Writer) -> Channel:
    """In several workspaces it is handed where its tokens are kept, since it never reads the store itself."""
    from bot.channels.slack.channel import SlackChannel

    if not slack.is_for_several:
        return SlackChannel(slack)
    from bot.channels.slack.several import Several
    from bot.installations.slack import Installations

    return SlackChannel(slack, Several(Installations(read_pool, writer, keys), keys.server_secret("invitations")))


def close_parts(parts: Parts) -> None:
    """Finish what is in the hand, then let go of the database."""
    parts.writer.close()
    parts.read_pool.close()
    parts.store.close()


def make_app(
    parts: Parts,
    clock: Callable[[], datetime],
    *,
    is_ticking: bool = True,
    tick_seconds: float = TICK_SECONDS,
    more_routes: Sequence[BaseRoute] = (),
    framed_by: str = "'none'",
) -> Starlette:
    """The ASGI app. `clock` tells the time; with `is_ticking` off, somebody else moves it (the demo, a test)."""

    beating = asyncio.Lock()
    door = Door(parts, clock)
    listening = [one for one in parts.channels.values() if isinstance(one, Listening)]
    closing = [one for one in parts.channels.values() if isinstance(one, Closing)]

    async def tick_now() -> None:
        try:
            async with beating:
                if not parts.stopping.is_asked:
                    await do_what_is_due(parts, clock())
                    await empty_journal(parts)
        except Exception as error:
            log_failure(log, "a tick failed; the next one makes up for it", error=error)

    async def close_all() -> None:
        for one in closing:
            await one.close()

    @asynccontextmanager
    async def live(_app: Starlette) -> AsyncIterator[None]:
        if not is_ticking:
            try:
                yield
            finally:
                await close_all()
            return
        draining = asyncio.create_task(keep_draining(parts, clock))
        scheduler = AsyncIOScheduler(timezone="UTC")
        # What is due is computed from the table since the last look, so a missed call loses nothing.
        scheduler.add_job(tick_now, "interval", seconds=tick_seconds, coalesce=True, misfire_grace_time=None)
        scheduler.start()
        await tick_now()
        try:
            async with AsyncExitStack() as hearing:
                for one in listening:
                    await hearing.enter_async_context(one.listen(door))
                yield
        finally:
            parts.stopping.ask()
            async with beating:  # what is in the hand is finished: the scheduler would break off in the middle
                scheduler.shutdown(wait=True)
            await draining  # and the lanes are let go
            await close_all()

    heard = [route for one in listening for route in one.routes(door)]
    pages = Pages(door, is_secure=parts.settings.is_secure)
    paper = PaperPages(pages, PaperDoor(door))
    headers = Middleware(StrictHeaders, is_secure=parts.settings.is_secure, framed_by=framed_by)
    # Inside the headers: as a handler of the app's own, failures would be answered outside them, and raised again for
    # the server to log with all that they say.
    failures = Middleware(ExceptionMiddleware, handlers={Exception: pages.explain_failure})
    app = Starlette(
        routes=[*pages.routes(), *paper.routes(), *heard, *WatchPages(parts, clock).routes(), *more_routes],
        middleware=[headers, failures],
        lifespan=live,
        exception_handlers={HTTPException: pages.explain_http},
    )
    app.router.redirect_slashes = False  # it would make a whole address out of the Host header
    return app
