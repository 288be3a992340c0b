"""The headers every page carries: nothing runs, nothing is framed, nothing is kept, nothing is told on."""

from collections.abc import Awaitable, Callable

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

STRICT = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class StrictHeaders(BaseHTTPMiddleware):
    """Sets the headers. `framed_by` is 'none', but for the demo, which shows a person's page inside its own."""

    def __init__(self, app: Callable[..., Awaitable[None]], *, is_secure: bool, framed_by: str = "'none'") -> None:
        super().__init__(app)
        frames = "; frame-src 'self'" if framed_by == "'self'" else ""
        self.policy = f"{STRICT}; frame-ancestors {framed_by}{frames}"
        self.is_secure = is_secure

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = self.policy
        response.headers.setdefault("Cache-Control", "no-store")
        if self.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
