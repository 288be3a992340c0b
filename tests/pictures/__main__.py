"""Pictures of cards as platforms show them, in build/pictures: `make pictures`, to be looked at."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.pictures.chosen import choose
from tests.pictures.slack import make_pages
from tests.scanning import CHROMIUM

FOLDER = Path(__file__).parents[2] / "build" / "pictures" / "slack"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 720, "height": 400}, java_script_enabled=False)
        for name, html in make_pages(choose()):
            page.set_content(html)
            page.locator(".surface").screenshot(path=FOLDER / f"{name}.png")
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
