"""A page that does not know who comes speaks as was chosen there, or as the browser asks."""

import httpx
import pytest
from starlette.requests import Request

from bot.app import make_app
from bot.pages.languages import LANGUAGE_COOKIE, language_for
from tests.office import MakeOffice, said

ANYTHING = ("/l/nobody", "/l/nobody/knows", "/nothing/here", "/k")


def ask(accept: str = "", cookie: str = "") -> Request:
    headers = [(b"accept-language", accept.encode("latin-1"))] if accept else []
    if cookie:
        headers.append((b"cookie", f"{LANGUAGE_COOKIE}={cookie}".encode()))
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("nn-NO,nn;q=0.9,nb;q=0.8,en;q=0.7", "nn"),
        ("nb-NO,nb;q=0.9,no;q=0.8,nn;q=0.6", "nb"),
        ("no-NO, en;q=0.9", "nb"),
        ("en;q=0.3, nn;q=0.7", "nn"),
        ("EN-gb", "en"),
        ("pl,de;q=0.9,en;q=0.1", "en"),
        ("pl, uk;q=0.9", "nb"),
        ("*", "nb"),
        ("en;q=0, nn;q=0.1", "nn"),
        ("en;q=0", "nb"),
        ("en;q=often, nn;q=0.2", "nn"),
        (";;,,q=1;en, nn;level=1;q=0.4, en", "en"),
        ("", "nb"),
    ],
)
def test_the_first_of_ours_that_a_browser_asks_for_is_spoken_else_bokmal(accept: str, language: str) -> None:
    assert language_for(ask(accept)) == language


def test_what_was_chosen_on_the_page_comes_before_what_the_browser_asks_for() -> None:
    assert language_for(ask("en", cookie="nn")) == "nn"
    assert language_for(ask("en", cookie="xx")) == "en"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("path", ANYTHING)
def test_a_page_for_somebody_unknown_speaks_as_their_browser_asks(
    make_office: MakeOffice, path: str, language: str
) -> None:
    office = make_office()
    transport = httpx.ASGITransport(make_app(office.parts, office.world.clock, is_ticking=False))

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="https://medvirk.example") as client:
            return await client.get(path, headers={"Accept-Language": language})

    page: httpx.Response = office.run(get())

    assert f'<html lang="{language}">' in page.text
    assert said("page.skip_to_content", language) in page.text
