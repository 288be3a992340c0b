"""A way to a server that can be broken off and mended: a TCP forwarder on this machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 65_536


class Forwarder:
    """Listens on a port of its own, as long as it is not broken off, and passes everything on to a server and back."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._lock = threading.Lock()
        self._open_ones: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.mend()

    def break_off(self) -> None:
        """Whoever is connected is cut off, and nobody can connect."""
        with self._lock:
            listener, self._listener = self._listener, None
            cut, self._open_ones = self._open_ones, set()
        for one in [*cut, *([listener] if listener else [])]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def mend(self) -> None:
        """Nobody notices that it ever was broken off, but for what was lost."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        with self._lock:
            self._listener = listener
        threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._server)
                with self._lock:
                    is_open = self._listener is listener
                    if is_open:
                        self._open_ones |= {near, far}
                if not is_open:
                    near.close()
                    far.close()
                    return
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._open_ones.discard(one)
            one.close()


@contextmanager
def forward(host: str, port: int) -> Iterator[Forwarder]:
    """A forwarder that goes away at the end."""
    forwarder = Forwarder(host, port)
    try:
        yield forwarder
    finally:
        forwarder.break_off()
