"""A real mail server on this machine: takes mail over SMTP as it is told, and keeps what came."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from queue import Queue
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from bot.settings.channels import MailSettings

USER, PASSWORD, TOKEN = "medvirk@solvik.example", "made-up-password", "made-up-token"
SENDER = "medvirk@solvik.example"


@dataclass
class Box:
    """What came, and what the server shall say. An empty answer means that it hangs up instead."""

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)  # passwords and tokens that were shown
    was_encrypted: list[bool] = field(default_factory=list)
    to_sender: str = "250 OK"
    to_recipient: str = "250 OK"
    to_mail: str = "250 2.0.0 Queued"
    takes_tokens: bool = True
    refused: tuple[str, ...] = ()  # recipients that are nobody's

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return _say(server, self.to_sender)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "550 5.1.1 Unknown: " + address if address in self.refused else _say(server, self.to_recipient)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append(envelope)
        assert server.transport is not None
        self.was_encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return _say(server, self.to_mail)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        self.secrets.append(args[1])
        if self.takes_tokens:
            return AuthResult(success=True, auth_data=USER)
        await server.push("535 5.7.8 The token is not good")
        return AuthResult(success=False, handled=True)

    def check_password(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.secrets.append(data.password.decode())
        is_right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=is_right, handled=False)


def _say(server: SMTP, answer: str) -> str:
    if not answer:
        assert server.transport is not None
        server.transport.abort()  # type: ignore[attr-defined]
    return answer


@contextmanager
def mail_server(
    box: Box, *, security: str = "none", certificate: Path | None = None, asks: bool = False
) -> Iterator[int]:
    """The server, on a port of its own; `asks` for a password or a token."""
    context = None
    if certificate is not None:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    options: dict[str, Any] = {}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if asks:
        must_encrypt = security == "starttls"  # the library warns of asking for passwords in the open
        options |= {"authenticator": box.check_password, "auth_exclude_mechanism": ["LOGIN"]}
        options |= {"auth_required": must_encrypt, "auth_require_tls": must_encrypt}
    ports: Queue[int] = Queue()
    loops: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Queue()

    async def serve() -> None:
        loop, is_over = asyncio.get_running_loop(), asyncio.Event()
        made: list[SMTP] = []

        def answer() -> SMTP:
            made.append(SMTP(box, loop=loop, **options))
            return made[-1]

        server = await loop.create_server(answer, "127.0.0.1", 0, ssl=context if security == "tls" else None)
        ports.put(server.sockets[0].getsockname()[1])
        loops.put((loop, is_over))
        await is_over.wait()
        server.close()
        for one in made:
            for transport in (one.transport, one._original_transport):
                if transport is not None:
                    transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0.02)  # so that no connection is left half closed

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    loop, is_over = loops.get(timeout=10)
    try:
        yield ports.get()
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join()


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself, with its key, in one file."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


def mail_settings(port: int, **chosen: Any) -> MailSettings:
    usual = {"host": "127.0.0.1", "port": port, "security": "none", "sender": SENDER, "timeout_seconds": 5}
    return MailSettings(**{**usual, **chosen})


def with_password() -> dict[str, Any]:
    return {"user": USER, "password": SecretStr(PASSWORD)}
