"""The headers every page carries: nothing runs, nothing is framed, nothing is kept, nothing is told on."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class StrictHeaders:
    """Sets the headers. `framed_by` is 'none', but for the demo, which shows a person's page inside its own."""

    def __init__(self, app: ASGIApp, *, is_secure: bool, framed_by: str = "'none'") -> None:
        self._app = app
        frames = "; frame-src 'self'" if framed_by == "'self'" else ""
        self._headers = {**HEADERS, "Content-Security-Policy": f"{STRICT}; frame-ancestors {framed_by}{frames}"}
        if is_secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
