"""The pages for those who come by paper: the field for a slip's code, and what stands behind a poster."""

import hmac
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.door import Trouble, View
from bot.pages.rendering import render_card_page
from bot.pages.serving import COOKIE, LANGUAGE_COOKIE, OWN_FIELDS, STATE_COOKIE, Pages, read_form
from bot.pages.styles import style_route
from bot.paper_door import PaperDoor
from bot.words import words_in
from flows.text import LANGUAGES

CODE_PATH = "/k"
POSTERS_PATH = (
    "/p"  # of all posters: the path of a cookie must be written as browsers write addresses, and codes aren't
)
TYPED_WAITS = timedelta(minutes=10)
SECONDS_TO_WAIT = "60"


class PaperPages:
    """The routes of paper, beside those of personal links."""

    def __init__(self, pages: Pages, door: PaperDoor) -> None:
        self.pages = pages
        self.door = door

    def routes(self) -> list[Route]:
        return [
            style_route("paper"),
            Route(CODE_PATH, self.ask_for_code, methods=["GET"]),
            Route(CODE_PATH, self.take_code, methods=["POST"]),
            Route("/p/{code}", self.show_poster, methods=["GET"]),
            Route("/p/{code}", self.take_suggestion, methods=["POST"]),
        ]

    async def ask_for_code(self, request: Request) -> Response:
        state = request.cookies.get(STATE_COOKIE, "") if request.query_params.get("at") else ""
        return self._render(self.door.ask_for_code(_language_of(request), state), self._code_token())

    async def take_code(self, request: Request) -> Response:
        """Open the page that the code leads to, with the cookie set. The token only shows that the form is ours: the
        code itself is the proof, and whoever wants to lead others to their own page can hand on the link."""
        form = await self._read_form(request, self._code_token())
        if isinstance(form, Response):
            return form
        action, language = _first(form, "action"), _language_of(request)
        if action.startswith("language:"):
            view = self.door.ask_for_code(action.removeprefix("language:"))
            return self._remember_language(RedirectResponse(CODE_PATH, status_code=303), view.language, CODE_PATH)
        entered = await self.door.enter(_first(form, "code"), language)
        if isinstance(entered, Trouble):
            return self._render(entered, self._code_token())
        if isinstance(entered, View):
            return self._show_what_is_wrong(entered)
        path = f"/l/{entered.link_id}"
        response = RedirectResponse(path, status_code=303)
        response.delete_cookie(STATE_COOKIE, path=CODE_PATH)
        self.pages.set_cookie(response, COOKIE, entered.secret, path)
        return self._remember_language(response, language, path) if language in LANGUAGES else response

    def _show_what_is_wrong(self, view: View) -> Response:
        """At an address of its own, so that Back and Reload send nothing anew. What was typed may be nearly right, so
        it waits in a cookie, encrypted and for minutes, and stands in no address."""
        card = view.cards[0]
        response = RedirectResponse(f"{CODE_PATH}?{urlencode({'at': card.place})}", status_code=303)
        self.pages.set_cookie(response, STATE_COOKIE, card.state, CODE_PATH, TYPED_WAITS)
        return response

    async def show_poster(self, request: Request) -> Response:
        code = request.path_params["code"]
        view = await self.door.look_at_poster(code, _language_of(request))
        return self._render(view, self.door.form_token(code))

    async def take_suggestion(self, request: Request) -> Response:
        code = request.path_params["code"]
        form = await self._read_form(request, self.door.form_token(code))
        if isinstance(form, Response):
            return form
        action, state = _first(form, "action") or "send", _first(form, "state")
        fields = {name: values for name, values in form.items() if name not in OWN_FIELDS}
        view = await self.door.act_at_poster(code, _language_of(request), action, fields, state)
        response = self._render(view, self.door.form_token(code))
        if action.startswith("language:") and isinstance(view, View):
            return self._remember_language(response, view.language, POSTERS_PATH)
        return response

    def _code_token(self) -> str:
        return self.door.door.form_token(CODE_PATH)

    async def _read_form(self, request: Request, token: str) -> dict[str, list[str]] | Response:
        language = _language_of(request) or "nb"
        form = await read_form(request)
        if form is None:
            return self.pages.explain(Trouble("too_large", 413, language))
        if not hmac.compare_digest(_first(form, "csrf").encode(), token.encode()):
            return self.pages.explain(Trouble("forged_paper", 403, language))
        return form

    def _render(self, view: View | Trouble, token: str) -> Response:
        if isinstance(view, Trouble):
            response = self.pages.explain(view)
            if view.status == 429:
                response.headers["Retry-After"] = SECONDS_TO_WAIT
            return response
        return HTMLResponse(render_card_page(view.cards[0], self.pages.make_shell(words_in(view.language), token)))

    def _remember_language(self, response: Response, language: str, path: str) -> Response:
        self.pages.set_cookie(response, LANGUAGE_COOKIE, language, path)
        return response


def _language_of(request: Request) -> str | None:
    return request.cookies.get(LANGUAGE_COOKIE)


def _first(form: dict[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, [])), "")
