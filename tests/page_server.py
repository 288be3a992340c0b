"""The sample pages over real HTTP on this machine, under the policy they must live with. Keeps what came."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from bot.pages.styles import read_style, style_url
from tests.sample_pages import PAGES

STYLES = ("style", "paper", "demo")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'; frame-src 'self'"
)


class PageServer(ThreadingHTTPServer):
    """Serves each sample page under its name. `received` are the forms that came in, oldest first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[dict[str, list[str]]] = []

    def address_of(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Handler(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        styles = {style_url(name): name for name in STYLES}
        if path in styles:
            self.send(200, "text/css", read_style(styles[path]))
        elif path.strip("/") in PAGES:
            self.send(200, "text/html; charset=utf-8", PAGES[path.strip("/")]().encode())
        else:
            self.send(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append(parse_qs(body, keep_blank_values=True))
        self.do_GET()

    def send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the library's
        """Nothing is logged."""


@contextmanager
def serve_pages() -> Iterator[PageServer]:
    with PageServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
