"""More than can be written: whoever comes too late hears it at once and kindly, and loses nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from bot.app import make_app
from bot.watching import readiness
from storage.store import Store
from storage.writer import Writer
from tests.browsing import Browser, answers, dump, home_of, link_to, make_noon
from tests.office import MakeOffice
from tests.test_writer import Hold, put


@contextmanager
def overloaded(writer: Writer) -> Iterator[None]:
    """The writer has its hands full, and nothing more can wait."""
    hold = Hold(writer)
    with ThreadPoolExecutor(1) as others:
        waiting = others.submit(writer.do_now, put("somebody else's"))
        while writer.takes_work:
            pass
        try:
            yield
        finally:
            hold.end()
            waiting.result(20)


def test_whoever_answers_is_asked_to_try_again_and_then_can(make_office: MakeOffice, store: Store) -> None:
    office = make_noon(make_office)
    narrow = Writer(store, most_queued=1)
    app = make_app(replace(office.parts, writer=narrow), office.world.clock, is_ticking=False)
    browser, other = Browser(office, app=app), Browser(office, app=app)
    browser.visit(link_to(office, "Ada", "pulse"))
    at_home = home_of(office, "Ada")
    before = dump(store)

    with overloaded(narrow):
        refused, told = browser.press("send", **answers()), browser.text
        home, looked = other.visit(at_home), other.text
        unchanged = dump(store) == before
        ready = other.ask("GET", "/readyz").json()
    browser.answers.append(browser.answers[1])  # back to the form
    stored = browser.press("send", **answers())
    narrow.close()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Mange svarer akkurat nå" in told
    assert "Vi fikk ikke lagret svaret" in told
    assert home.status_code == 503
    assert "Mange svarer akkurat nå" in looked
    assert unchanged
    assert readiness.NO_WRITER in ready["because"]
    assert stored.status_code == 200
    assert "Takk" in browser.text
