"""The web channel's pages over HTTP: a personal link opens one, a form acts on it. No log-in, no JavaScript."""

import hmac
import logging
from collections.abc import Callable
from datetime import timedelta
from traceback import format_tb
from urllib.parse import parse_qs, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.body import read_body
from bot.cards import LONGEST_STATE
from bot.door import Door, View
from bot.pages.languages import LANGUAGE_COOKIE, chosen_language, language_for
from bot.pages.paper import render_sheet_page
from bot.pages.rendering import Shell, render_card_page, render_home_page, render_plain_page
from bot.pages.styles import style_route
from bot.paper.sheets import Sheet
from bot.personal import COPY_NAME
from bot.proof import ByLink
from bot.trouble import Trouble
from bot.words import OWN_NAMES, Words, words_in
from flows.text import LANGUAGES

COOKIE = "medvirk"
STATE_COOKIE = "medvirk-card"
LARGEST_FORM_BYTES = 128 * 1024
MOST_FIELDS = 1_000  # ticks in a poll's units among them
OWN_FIELDS = ("csrf", "action", "state")
GO_BY_THEMSELVES = (429, 503)  # and then the same can be tried again
SECONDS_TO_WAIT = "60"

log = logging.getLogger("medvirk.pages")


class Pages:
    """The routes of the web channel, for one door."""

    def __init__(self, door: Door, *, is_secure: bool) -> None:
        self.door = door
        self.is_secure = is_secure

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.tell_health),
            style_route("style"),
            Route(f"/l/{{link}}/{COPY_NAME}", self.send_copy),
            Route("/l/{link}/{secret}", self.open_link),
            Route("/l/{link}", self.show_page, methods=["GET"]),
            Route("/l/{link}", self.take_form, methods=["POST"]),
        ]

    async def tell_health(self, request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def open_link(self, request: Request) -> Response:
        """Put the secret into a cookie that only this link's page gets, and take it out of the address. Nothing is
        consumed: mail scanners open every link before people do."""
        link, secret = request.path_params["link"], request.path_params["secret"]
        view = await self.door.look(ByLink(link, secret), None)
        if isinstance(view, Trouble):
            return self.explain(view, request)
        place = request.query_params.get("at", "")
        response = RedirectResponse(_with_place(f"/l/{link}", place), status_code=303)
        self.set_cookie(response, COOKIE, secret, f"/l/{link}", view.kept_for)
        return response

    async def show_page(self, request: Request) -> Response:
        link, secret = request.path_params["link"], request.cookies.get(COOKIE)
        language = chosen_language(request)
        if not secret:
            return self.explain(Trouble("no_cookie", 403, language or ""), request)
        place, state = request.query_params.get("at", ""), request.cookies.get(STATE_COOKIE, "")
        view = await self.door.look(ByLink(link, secret), language, place, state)
        return self.explain(view, request) if isinstance(view, Trouble) else self._render(view, secret)

    async def send_copy(self, request: Request) -> Response:
        """Everything that is stored about the person, as a file."""
        secret, language = request.cookies.get(COOKIE), chosen_language(request)
        if not secret:
            return self.explain(Trouble("no_cookie", 403, language or ""), request)
        copy = await self.door.copy(ByLink(request.path_params["link"], secret), language)
        if isinstance(copy, Trouble):
            return self.explain(copy, request)
        headers = {"Content-Disposition": f'attachment; filename="{COPY_NAME}"', "Cache-Control": "no-store"}
        return Response(copy, media_type="application/json", headers=headers)

    async def take_form(self, request: Request) -> Response:
        link, secret = request.path_params["link"], request.cookies.get(COOKIE)
        language = chosen_language(request)
        if not secret:
            return self.explain(Trouble("no_cookie", 403, language or ""), request)
        form = await read_form(request)
        if form is None:
            return self.explain(Trouble("too_large", 413, language or ""), request)
        token = "".join(form.get("csrf", [])[:1])
        if not hmac.compare_digest(token.encode(), self.door.form_token(secret).encode()):
            return self.explain(Trouble("forged", 403, language or ""), request)
        action = next(iter(form.get("action", [])), "send")
        state = next(iter(form.get("state", [])), "")
        fields = {name: values for name, values in form.items() if name not in OWN_FIELDS}
        place = request.query_params.get("at", "")
        view = await self.door.act(ByLink(link, secret), language, action, fields, state, place)
        if isinstance(view, Trouble):
            return self.explain(view, request)
        response = self.show_after(view, f"/l/{link}", lambda shown: self._render(shown, secret))
        if action.startswith("language:"):
            self.set_cookie(response, LANGUAGE_COOKIE, view.language, f"/l/{link}")
        return response

    def show_after(
        self,
        view: View,
        path: str,
        render: Callable[[View], Response],
        scope: str = "",
        kept_for: timedelta | None = None,
    ) -> Response:
        """What is seen after a form was sent. A card that may be looked at again has an address of its own, so that
        Back and Reload send nothing anew; how far somebody has come waits in a cookie, encrypted, until all is said.
        The cookie is for the page at `path`, or for all below `scope`. A text too long for a cookie stays on the page
        alone."""
        card = view.cards[0]
        fits = len(card.state) <= LONGEST_STATE
        if card.place is None or not fits:
            response = render(view)
        else:
            response = RedirectResponse(_with_place(path, card.place), status_code=303)
        if card.state and fits:
            self.set_cookie(response, STATE_COOKIE, card.state, scope or path, kept_for)
        else:
            response.delete_cookie(STATE_COOKIE, path=scope or path)
        return response

    def _render(self, view: View, secret: str) -> Response:
        shell = self.make_shell(words_in(view.language), self.door.form_token(secret))
        if len(view.cards) > 1:
            return HTMLResponse(render_home_page(view.cards, shell))
        card = view.cards[0]
        return HTMLResponse(
            render_sheet_page(card, shell) if isinstance(card, Sheet) else render_card_page(card, shell)
        )

    def explain(self, trouble: Trouble, request: Request) -> Response:
        words = words_in(trouble.language or language_for(request))
        text = words(f"trouble.{trouble.key}", **(trouble.with_words or {}))
        title = words(f"trouble.{trouble.key}_title")
        headers = {"Retry-After": SECONDS_TO_WAIT} if trouble.status in GO_BY_THEMSELVES else None
        return HTMLResponse(render_plain_page(title, [text], self.make_shell(words)), trouble.status, headers)

    def make_shell(self, words: Words, csrf: str = "") -> Shell:
        """The frame of a page. Without a form there is no language switch either."""
        return Shell(
            organisation=self.door.organisation,
            language=words.language,
            languages=tuple((code, OWN_NAMES[code], code == words.language) for code in LANGUAGES) if csrf else (),
            csrf=csrf,
            words=words.section("page"),
        )

    def set_cookie(
        self, response: Response, name: str, value: str, path: str, kept_for: timedelta | None = None
    ) -> None:
        """A cookie that only the page at `path` gets, and nothing on that page can read; until the browser is closed,
        where nothing is said."""
        seconds = int(kept_for.total_seconds()) if kept_for else None
        response.set_cookie(
            name, value, path=path, max_age=seconds, httponly=True, samesite="lax", secure=self.is_secure
        )

    async def explain_http(self, request: Request, error: Exception) -> Response:
        """What Starlette itself refuses, such as an unknown path, in the same words as everything else."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self.explain(Trouble("not_found" if status < 500 else "broken", status), request)

    async def explain_failure(self, request: Request, error: Exception) -> Response:
        """Our own mistake: where it happened goes to the log, but neither the address nor what the error says, since
        both may hold what somebody wrote."""
        log.error("a page failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
        return self.explain(Trouble("broken", 500), request)


def _with_place(path: str, place: str) -> str:
    return f"{path}?{urlencode({'at': place})}" if place else path


async def read_form(request: Request) -> dict[str, list[str]] | None:
    """A form's fields with all their values; None where it is larger than any of our pages could send."""
    body = await read_body(request, LARGEST_FORM_BYTES)
    if body is None:
        return None
    try:
        return parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
