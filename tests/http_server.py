"""A real HTTP server on this machine: gives the answers it was told, one after another, and keeps what came."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

HANGS_UP, SAYS_NOTHING = 0, -1


@dataclass(frozen=True)
class Received:
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answers:
    """(status, body) for each request; the last for all that follow. Bodies that are no text are sent as JSON."""

    answers: list[tuple[int, object]]
    headers: Mapping[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    silent_seconds: float = 1

    def next(self) -> tuple[int, object]:
        return self.answers[min(len(self.received), len(self.answers)) - 1]


class Speaking(BaseHTTPRequestHandler):
    """Answers, and logs nothing."""

    def say(self, status: int, told: object, headers: Mapping[str, str] | None = None) -> None:
        """`told` as JSON; nothing where it is None, and as it is where it is bytes."""
        content = told if isinstance(told, bytes) else b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the library's
        """Nothing is logged."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on this machine; its address without a path."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def http_server(answers: Answers) -> Iterator[str]:
    """Its address."""

    class Handler(Speaking):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answers.received.append(Received(dict(self.headers), body))
            status, said = answers.next()
            if status == SAYS_NOTHING:
                time.sleep(answers.silent_seconds)
            if status in (HANGS_UP, SAYS_NOTHING):
                self.close_connection = True
            else:
                self.say(status, said.encode() if isinstance(said, str) else said, answers.headers)

    with listening(Handler) as url:
        yield f"{url}/"
