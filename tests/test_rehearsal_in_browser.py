"""The page for the discussion in a real browser: read on a phone, printed, without barriers, nothing from outside."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.test_pages_in_browser import AXE, CHROMIUM, NARROWEST, WCAG_2_1_AA
from tests.test_rehearsal import NOBODY, run, told

pytestmark = [pytest.mark.chromium, pytest.mark.slow]
FLOWS = ("pulse", "unused_competence", "theme_suggestion")
A4_LINES = (b"/Type /Page\n", b"/Type /Page ", b"/Type /Page/")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each flow that comes with Medvirk, on the made-up municipality."""
    folder = tmp_path_factory.mktemp("pages")
    for name in FLOWS:
        told(run(NOBODY, name, "--page", str(folder / f"{name}.html")))
    return {name: folder / f"{name}.html" for name in FLOWS}


@pytest.fixture(scope="module")
def window(files: dict[str, Path]) -> Iterator[Page]:
    """A window, opened when the pages are made: the browser's own loop leaves no room for another."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"there is no browser at {CHROMIUM}; install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(bypass_csp=True)  # or axe itself could not be put in
        yield context.new_page()
        browser.close()


@pytest.mark.node
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", FLOWS)
def test_axe_finds_no_barrier(
    window: Page, files: dict[str, Path], name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci in tests/")
    window.set_viewport_size({"width": width, "height": 800})
    window.emulate_media(color_scheme=scheme)
    window.goto(files[name].as_uri())
    window.evaluate(AXE.read_text(encoding="utf-8"))
    options = json.dumps({"runOnly": WCAG_2_1_AA, "resultTypes": ["violations"]})

    found = window.evaluate(f"axe.run({options}).then(result => result)")

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 10


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_runs_out_of_the_narrowest_screen_and_nothing_is_fetched(
    window: Page, files: dict[str, Path], name: str
) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.set_viewport_size({"width": NARROWEST, "height": 800})
    window.goto(files[name].as_uri())

    assert window.evaluate("document.documentElement.scrollWidth") == NARROWEST
    assert window.evaluate("getComputedStyle(document.body).margin") == "0px"  # the stylesheet stands in the file
    assert [url for url in asked if url != files[name].as_uri()] == []


def test_it_is_printed_on_a_few_sheets_of_a4(window: Page, files: dict[str, Path]) -> None:
    window.goto(files["pulse"].as_uri())

    printed = window.pdf(prefer_css_page_size=True)

    assert 2 <= sum(printed.count(mark) for mark in A4_LINES) <= 6
    assert b"/MediaBox [0 0 594.95" in printed or b"/MediaBox [0 0 595" in printed
