"""Stylesheets: one for every page, one more for what few pages need, each served under a name of its content."""

import hashlib
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEEP_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # the address changes with the content


@lru_cache
def read_style(name: str = "style") -> bytes:
    """The stylesheet `name`.css of this folder."""
    return Path(__file__).with_name(f"{name}.css").read_bytes()


@lru_cache
def style_url(name: str = "style") -> str:
    """Where it is served."""
    return f"/{name}-{hashlib.sha256(read_style(name)).hexdigest()[:16]}.css"


def style_inside(*names: str) -> Markup:
    """The same to stand within a file that is handed on and has nothing beside it."""
    return Markup("\n".join(read_style(name).decode() for name in names))  # noqa: S704  the project's own files


def style_route(name: str) -> Route:
    """Serves one stylesheet."""

    async def send_style(request: Request) -> Response:
        return Response(read_style(name), media_type="text/css", headers=KEEP_FOR_EVER)

    return Route(f"/{name}-{{version}}.css", send_style)
