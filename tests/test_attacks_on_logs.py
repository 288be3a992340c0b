"""Attacks on the logs: whoever reads them learns nothing of who was there, by which link, and what they said."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.app import make_app
from storage.links import Purpose, ensure_link
from tests.browsing import Browser, answers, find_codes, home_of, link_to, make_noon
from tests.office import ADA, PEOPLE, Office
from tests.reading_pages import find

MakeOffice = Callable[..., Office]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked all three things."""
    return make_noon(make_office)


def read_log(caplog: pytest.LogCaptureFixture) -> str:
    """What the product and its libraries have logged at INFO or above; the tests' own browser is left out."""
    ours = [one for one in caplog.records if not one.name.startswith("http") and one.levelno >= logging.INFO]
    return "\n".join(f"{one.name} {one.getMessage()} {one.exc_text or ''}" for one in ours)


class Broken(Exception):
    """A mistake of ours."""


def test_a_page_that_fails_says_so_in_words_and_tells_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    link = link_to(office, "Ada", "pulse")
    says = f"{ADA.split(';')[1]} wrote something at {link}"

    def broken_clock() -> datetime:
        raise Broken(says)

    browser = Browser(office, app=make_app(office.parts, broken_clock, is_ticking=False))
    with caplog.at_level(logging.INFO):
        answer = browser.ask("GET", link)

    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in browser.text
    assert not any(word in answer.text for word in ("Broken", "Traceback", "Ada", "clock"))
    told = read_log(caplog)
    assert "Broken" in told
    assert Path(__file__).name in told  # where it happened is kept
    assert not any(word in told for word in (*says.split(), link.split("/")[2], link.split("/")[3]) if len(word) > 3)


def test_the_logs_tell_nothing_of_who_was_there_and_what_they_said(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = Browser(office)
        links = [link_to(office, "Ada", flow) for flow in office.flows] + [home_of(office, "Ada")]
        codes = []
        for link in links:
            browser.visit(link)
            for _ in range(3):
                if "send" in browser.actions:
                    browser.press("send", suggestion="Sårstell", has_more="yes", competence="Tegnspråk", **answers())
                    codes += find_codes(browser.page.text)
        browser.visit(home_of(office, "Ada"))
        browser.press("decline")
        for path in ("/nowhere", links[0][:-1], f"{links[0]}/x", "/l/%00/%00"):
            browser.ask("GET", path)
        office.pass_time("2027-01-18 12:00")

    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore", "hypothesis"))]
    told = "\n".join(
        f"{one.name} {one.getMessage()} {one.exc_text or ''}" for one in ours if one.levelno >= logging.INFO
    )
    secrets = [part for link in links for part in link.split("/")[2:]]
    names = [one.split(";")[1] for one in PEOPLE]
    assert codes
    for word in [*secrets, *names, *codes, "Sårstell", "Tegnspråk", "solvik.example"]:
        assert word not in told


@contextmanager
def served(office: Office, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The real command in a process of its own, on the office's database: its address, and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            "MEDVIRK_DATABASE_URL": office.parts.store.url.render_as_string(hide_password=False),
            "MEDVIRK_KEYS_DIR": str(office.parts.keys.folder),
            "MEDVIRK_BASE_URL": address,
            **more,
        },
    )
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/healthz")
                break
            except httpx.ConnectError:
                assert process.poll() is None
        yield address, process
    finally:
        process.kill()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_running_server_writes_no_link_no_name_and_no_text_anywhere(make_office: MakeOffice, form: str) -> None:
    office = make_office()
    ada, key = office.id_of("Ada"), office.parts.keys.server_secret("links")
    until = datetime.now(UTC) + timedelta(days=30)
    link = office.parts.writer.do_now(lambda session: ensure_link(session, key, ada, Purpose.home, 0, until))
    _, _, link_id, secret = link.split("/")

    far_away = httpx.HTTPTransport(local_address="127.0.0.77")
    with (
        served(office, MEDVIRK_LOG=form, MEDVIRK_BASE_URL="http://localhost") as (address, process),
        httpx.Client(base_url=address, follow_redirects=True, transport=far_away) as client,
    ):
        page = client.get(link)
        token = find(page.text, "input", name="csrf")[0]["value"]
        sent = client.post(f"/l/{link_id}", data={"csrf": str(token), "action": "decline", "x": "Sårstell"})
        client.get(f"{link}x")
        client.get("/l/%00/%00")
        client.post(f"/l/{link_id}", content=b"x" * 300_000)
        host, port = address.removeprefix("http://").split(":")
        for rough in (f"GET {link} HTTP/9.9\r\n\r\n", f"POST /l/{link_id} HTTP/1.1\r\nContent-Length: 99\r\n\r\nx"):
            with socket.create_connection((host, int(port))) as raw:
                raw.sendall(rough.encode())
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=30)

    assert (page.status_code, sent.status_code) == (200, 200)
    assert "Ada" in page.text
    assert "server" not in page.headers
    assert "Medvirk for" in told
    secrets = (link_id, secret, str(token), "Ada", "Berg", "Sårstell", "Traceback", "127.0.0.")
    assert not any(word in told for word in secrets)
    if form == "json":
        assert {"time", "level", "where", "what"} <= set.intersection(
            *(set(json.loads(one)) for one in told.splitlines())
        )
