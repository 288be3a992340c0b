"""Cards as Microsoft's own renderer shows them in Chromium, with the settings that Teams has: what it makes of them,
and pictures to look at."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.slack_server import MODULES
from tests.teams_oracle import HOST

CHROMIUM = "/usr/bin/chromium"
RENDERER, MARKDOWN = (
    MODULES / "adaptivecards" / "dist" / "adaptivecards.js",
    MODULES / "markdown-it" / "dist" / "markdown-it.js",
)
PAGE = '<html lang="nb"><body style="margin:0"><div id="card" style="padding:12px"></div></body></html>'
# Teams' client reads markup with markdown-it, and gives labels to fields by itself.
PREPARE = """host => {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = window.markdownit().render(text); result.didProcess = true;
  };
  window.host = new AdaptiveCards.HostConfig(JSON.parse(host));
}"""
RENDER = """async given => {
  const card = new AdaptiveCards.AdaptiveCard(), context = new AdaptiveCards.SerializationContext();
  card.hostConfig = window.host;
  card.parse(given, context);
  const shown = card.render(), place = document.getElementById('card'), events = [];
  for (let i = 0; i < context.eventCount; i++) events.push(context.getEventAt(i).message);
  place.replaceChildren(shown);
  const fields = [...place.querySelectorAll('input, textarea, select')];
  const named = one => one.labels?.length || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby');
  const unnamed = fields.filter(one => !named(one)).length, links = place.querySelectorAll('a').length;
  const pictures = [...place.querySelectorAll('img')], seen = one => one.decode().then(() => one.alt, () => '');
  const unseen = (await Promise.all(pictures.map(seen))).filter(alt => !alt).length;
  const edge = shown.getBoundingClientRect().right;
  const beside = [...place.querySelectorAll('.ac-actionSet button')].filter(one => one.previousElementSibling);
  const cut = beside.filter(one => one.getBoundingClientRect().right > edge + 1).length;
  return {events, unnamed, unseen, cut, links, text: place.innerText};
}"""
NARROW = 420  # of the chat beside a list of chats
PICTURES = os.environ.get("MEDVIRK_TEST_PICTURES", "")


def what_is_missing() -> str:
    """Why nothing can be rendered here; empty where it can."""
    if not os.access(CHROMIUM, os.X_OK):
        return f"there is no browser at {CHROMIUM}; install Debian's package chromium"
    if not RENDERER.exists():
        return "the packages from npm are not there; run npm ci --prefix tests"
    return "" if HOST.exists() else f"Teams' settings of its cards are not at {HOST.parent}"


class Renderer:
    """Shows one card at a time."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_content(PAGE)
        page.add_script_tag(path=str(MARKDOWN))
        page.add_script_tag(path=str(RENDERER))
        page.evaluate(PREPARE, HOST.read_text())

    def render(self, card: Mapping[str, Any]) -> dict[str, Any]:
        """`events` that tell of trouble, how many fields have no name, how many pictures are broken or without
        words for them, how many buttons beside others are `cut` off, and the `text` that is seen."""
        return dict(self.page.evaluate(RENDER, card))

    def find_problems(self, card: Mapping[str, Any]) -> list[str]:
        """A sentence for each; none where all is shown, and can be found by a screen reader."""
        seen = self.render(card)
        counted = {
            "fields without a name": seen["unnamed"],
            "pictures that are not seen or not told": seen["unseen"],
            "buttons that are cut off beside others": seen["cut"],
        }
        return [*seen["events"], *(f"{number} {what}" for what, number in counted.items() if number)]

    def draw(self, name: str, card: Mapping[str, Any], width: int = NARROW) -> None:
        """Keep a picture, where pictures are wanted."""
        if PICTURES:
            self.page.set_viewport_size({"width": width, "height": 200})
            self.render(card)
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@contextmanager
def open_renderer() -> Iterator[Renderer]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Renderer(browser.new_page(viewport={"width": NARROW, "height": 800}))
        browser.close()
