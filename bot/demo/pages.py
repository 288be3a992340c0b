"""The demo's page over HTTP: choose somebody to be, move time, see what the bot did."""

import asyncio
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.demo.story import find_people, tell_done, tell_left_alone
from bot.demo.world import World
from bot.messages.links import way_to_home
from bot.pages.demo_rendering import DemoPerson, DemoView, render_demo_page
from bot.pages.languages import LANGUAGE_COOKIE
from bot.pages.rendering import Shell
from bot.pages.serving import read_form
from bot.pages.styles import style_route
from bot.words import OWN_NAMES, Words, words_in
from flows.text import LANGUAGES
from storage.tables import Person

STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}


class DemoPages:
    """Routes that exist in the demo alone."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.token = secrets.token_urlsafe(16)
        self.moving = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [
            style_route("demo"),
            Route("/", self.show, methods=["GET"]),
            Route("/", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        words = words_in(request.cookies.get(LANGUAGE_COOKIE, "nb"))
        chosen = request.query_params.get("person", "")
        view = await self.world.parts.writer.do(lambda session: self._look(session, words, chosen))
        return HTMLResponse(render_demo_page(view))

    async def act(self, request: Request) -> Response:
        """Move time, or change the language of the demo's own words."""
        form = await read_form(request) or {}
        if not hmac.compare_digest("".join(form.get("csrf", [])).encode(), self.token.encode()):
            return RedirectResponse("/", status_code=303)
        action, person = "".join(form.get("action", [])), "".join(form.get("person", []))
        back = RedirectResponse(f"/?{urlencode({'person': person})}" if person else "/", status_code=303)
        if action.startswith("language:"):
            back.set_cookie(LANGUAGE_COOKIE, action.removeprefix("language:"), samesite="lax", httponly=True)
        else:
            async with self.moving:
                await self._move(action)
        return back

    async def _move(self, action: str) -> None:
        if action in STEPS:
            await self.world.move_to(self.world.at + STEPS[action])
        elif action == "to_next" and (moment := self.world.next_moment()) is not None:
            await self.world.move_to(moment)

    def _look(self, session: Session, words: Words, chosen: str) -> DemoView:
        parts, zone = self.world.parts, self.world.parts.settings.zone
        by_role, by_unit = find_people(session, words)
        person = next((one for group in by_unit for one in group.people if one.id == chosen), None)
        left_alone = tell_left_alone(session, words)
        moment = self.world.next_moment()
        demo_words = {**words.section("demo"), "left_alone": words("demo.left_alone_title", count="{count}")}
        return DemoView(
            shell=Shell(
                organisation=parts.settings.organisation,
                language=words.language,
                languages=tuple((code, OWN_NAMES[code], code == words.language) for code in LANGUAGES),
                csrf=self.token,
                words=words.section("page"),
            ),
            words=demo_words,
            now=_capital(words.moment(self.world.at, zone)),
            what_is_next=_say_next(moment, words, zone),
            by_role=by_role,
            by_unit=by_unit,
            chosen=person,
            frame_url=self._play(session, person) if person else "",
            done=tell_done(session, words, zone),
            left_alone=left_alone,
        )

    def _play(self, session: Session, chosen: DemoPerson) -> str:
        """From now on the viewer answers for this person."""
        person = session.get(Person, int(chosen.id))
        assert person is not None
        self.world.played.add(int(chosen.id))
        url = way_to_home(session, self.world.parts, person, self.world.at).url
        return url.removeprefix(self.world.parts.settings.base_url)


def _say_next(moment: datetime | None, words: Words, zone: str) -> str:
    return words("demo.next", moment=words.moment(moment, zone)) if moment else words("demo.nothing_next")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
