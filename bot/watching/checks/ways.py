"""Checks of the ways to people: the pages' address and who logs it, the mail server, the SMS service."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bot.channels.contract import DeliveryError
from bot.watching.findings import Finding, Ground, look, ok, wrong

SECONDS = 5
LOG_FOLDERS = ("nginx", "apache2", "httpd", "caddy", "traefik", "haproxy", "lighttpd")
MOST_READ = 256 * 1024  # bytes at the end of a log


def check_address(ground: Ground) -> Iterator[Finding]:
    """The pages as people reach them: from here, so a firewall between may still keep others out."""
    base_url = ground.settings.base_url
    if not ground.settings.is_secure:
        yield look(
            "address", f"{base_url} is reached on this machine only; for people write https://… in MEDVIRK_BASE_URL"
        )
    try:
        answer = httpx.get(f"{base_url}/readyz", timeout=SECONDS)
        said = answer.json()
        is_ready, because = bool(said["ready"]), said.get("because", [])
    except httpx.HTTPError as error:
        about_it = "is medvirk serve running, and does the proxy lead to it?"
        yield wrong("address", f"nothing answers at {base_url} ({type(error).__name__}); {about_it}")
    except (ValueError, KeyError, TypeError, AttributeError):
        yield wrong("address", f"what answers at {base_url} is not Medvirk; look at the proxy and MEDVIRK_BASE_URL")
    else:
        if is_ready:
            yield ok("address", f"{base_url} answers and is ready")
        else:
            yield wrong("address", f"{base_url} answers, but is not ready: {'; '.join(map(str, because))}")


def _open_page(url: str) -> None:
    httpx.get(url, timeout=SECONDS)


def check_access_log(
    ground: Ground, logs: Path = Path("/var/log"), open_page: Callable[[str], None] = _open_page
) -> Iterator[Finding]:
    """Whether a reverse proxy on this machine writes down personal links: a made-up one is opened and looked for."""
    if urlsplit(ground.settings.base_url).scheme != "https":
        yield ok("access log", "no reverse proxy: Medvirk's own server keeps none")
        return
    mark = secrets.token_hex(8)
    try:
        open_page(f"{ground.settings.base_url}/l/{mark}/{mark}")
    except httpx.HTTPError:
        yield look("access log", "could not be tried, since nothing answers")
        return
    telling = [str(one) for one in _find_logs(logs) if mark in _read_end(one)]
    if telling:
        yield wrong("access log", f"{', '.join(telling)} keeps personal links; switch it off for /l/, /k and /p/")
    else:
        yield look(
            "access log",
            "no log that can be read here keeps personal links; whether another one does cannot be seen from here: "
            "switch it off for /l/, /k and /p/ wherever the proxy runs",
        )


def _find_logs(logs: Path) -> Iterator[Path]:
    for folder in LOG_FOLDERS:
        yield from (one for one in sorted((logs / folder).glob("**/*.log")) if one.is_file())


def _read_end(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MOST_READ))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def check_mail(ground: Ground) -> Iterator[Finding]:
    """Connects and signs in; sends nothing."""
    mail = ground.settings.mail
    if mail is None:
        yield ok("mail", "off; set MEDVIRK_MAIL_HOST and MEDVIRK_MAIL_SENDER to switch it on")
        return
    from bot.channels.mail.channel import MailChannel

    try:
        asyncio.run(MailChannel(mail, ground.settings.organisation, key=b"").knock())
    except DeliveryError as error:
        yield wrong("mail", f"{error}")
        return
    yield ok("mail", f"{mail.host} lets us in; whether it sends is shown by medvirk mail try ADDRESS")


def check_sms(ground: Ground) -> Iterator[Finding]:
    sms = ground.settings.sms
    if sms is None:
        yield ok("SMS", "off; set MEDVIRK_SMS_URL and MEDVIRK_SMS_TOKEN to switch it on")
        return
    yield ok("SMS", f"goes to {urlsplit(sms.url).hostname}; not tried, since a trial would send one")
