"""The pages for those who come by paper: the field for a slip's code, and what stands behind a poster."""

import hmac
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.door import View
from bot.pages.languages import LANGUAGE_COOKIE, chosen_language, language_for
from bot.pages.rendering import render_card_page
from bot.pages.serving import COOKIE, OWN_FIELDS, STATE_COOKIE, Pages, read_form
from bot.pages.styles import style_route
from bot.paper.door import PaperDoor
from bot.trouble import Trouble
from bot.words import words_in
from flows.text import LANGUAGES

CODE_PATH = "/k"
POSTERS_PATH = (
    "/p"  # of all posters: the path of a cookie must be written as browsers write addresses, and codes aren't
)
TYPED_WAITS = timedelta(minutes=10)


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
        return self._render(self.door.ask_for_code(language_for(request), state), self._code_token(), request)

    async def take_code(self, request: Request) -> Response:
        """Open the page that the code leads to, with the cookie set. The token only shows that the form is ours: the
        code itself is the proof, and whoever wants to lead others to their own page can hand on the link."""
        form = await self._read_form(request, self._code_token())
        if isinstance(form, Response):
            return form
        action, language = _first(form, "action"), language_for(request)
        if action.startswith("language:"):
            view = self.door.ask_for_code(action.removeprefix("language:"))
            return self._remember_language(RedirectResponse(CODE_PATH, status_code=303), view.language, CODE_PATH)
        entered = await self.door.enter(_first(form, "code"), language)
        if isinstance(entered, Trouble):
            return self._render(entered, self._code_token(), request)
        if isinstance(entered, View):
            return self._show_after(entered, CODE_PATH, self._code_token(), request)
        path = f"/l/{entered.link_id}"
        response = RedirectResponse(path, status_code=303)
        response.delete_cookie(STATE_COOKIE, path=CODE_PATH)
        self.pages.set_cookie(response, COOKIE, entered.secret, path)
        chosen = chosen_language(request)  # on their own page people read their own language, unless they chose another
        return self._remember_language(response, chosen, path) if chosen in LANGUAGES else response

    async def show_poster(self, request: Request) -> Response:
        code = request.path_params["code"]
        place, state = request.query_params.get("at", ""), request.cookies.get(STATE_COOKIE, "")
        view = await self.door.look_at_poster(code, language_for(request), place, state)
        return self._render(view, self.door.form_token(code), request)

    async def take_suggestion(self, request: Request) -> Response:
        code = request.path_params["code"]
        form = await self._read_form(request, self.door.form_token(code))
        if isinstance(form, Response):
            return form
        action, state = _first(form, "action") or "send", _first(form, "state")
        fields = {name: values for name, values in form.items() if name not in OWN_FIELDS}
        view = await self.door.act_at_poster(code, language_for(request), action, fields, state)
        if isinstance(view, Trouble):
            return self._render(view, "", request)
        response = self._show_after(view, request.url.path, self.door.form_token(code), request, POSTERS_PATH)
        if action.startswith("language:"):
            return self._remember_language(response, view.language, POSTERS_PATH)
        return response

    def _show_after(self, view: View, path: str, token: str, request: Request, scope: str = "") -> Response:
        """What was typed waits in its cookie for minutes only: others may use the same machine."""
        return self.pages.show_after(view, path, lambda shown: self._render(shown, token, request), scope, TYPED_WAITS)

    def _code_token(self) -> str:
        return self.door.door.form_token(CODE_PATH)

    async def _read_form(self, request: Request, token: str) -> dict[str, list[str]] | Response:
        language = language_for(request)
        form = await read_form(request)
        if form is None:
            return self.pages.explain(Trouble("too_large", 413, language), request)
        if not hmac.compare_digest(_first(form, "csrf").encode(), token.encode()):
            return self.pages.explain(Trouble("forged_paper", 403, language), request)
        return form

    def _render(self, view: View | Trouble, token: str, request: Request) -> Response:
        if isinstance(view, Trouble):
            return self.pages.explain(view, request)
        return HTMLResponse(render_card_page(view.cards[0], self.pages.make_shell(words_in(view.language), token)))

    def _remember_language(self, response: Response, language: str, path: str) -> Response:
        self.pages.set_cookie(response, LANGUAGE_COOKIE, language, path)
        return response


def _first(form: dict[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, [])), "")
