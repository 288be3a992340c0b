"""Scanning what was printed, as a phone would: a real browser lays the paper out, and the codes are read from it."""

import io
import os
from collections.abc import Mapping

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Route, sync_playwright

CHROMIUM = "/usr/bin/chromium"
A4_IN_PIXELS = {"width": 794, "height": 1123}  # 96 to the inch


def scan(url: str, files: Mapping[str, tuple[str, bytes]] | None = None) -> tuple[list[str], list[str]]:
    """What the codes say on the page at `url` as it is printed, and what the browser complained about.

    `files` answers for the network: path -> (content type, content); without it, the browser opens the address itself.
    """
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"there is no browser at {CHROMIUM}; install Debian's package chromium")
    complaints: list[str] = []

    def answer(route: Route) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        kind, content = (files or {}).get(path, ("text/plain", b""))
        route.fulfill(status=200 if path in (files or {}) else 404, content_type=kind, body=content)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": A4_IN_PIXELS["width"], "height": A4_IN_PIXELS["height"]})
        page.on("console", lambda message: complaints.append(message.text))
        if files is not None:
            page.route("**/*", answer)
        page.goto(url)
        page.emulate_media(media="print")
        picture = page.screenshot(full_page=True)
        browser.close()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return [one.text for one in found], [one for one in complaints if "404" not in one]
