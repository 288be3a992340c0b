"""Attacks on the pages with odd requests: addresses, bodies, headers, failures; and what the logs tell.

Whatever comes in, the answer is words, with the strict headers, and nothing is stored that no form could have sent.
"""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.app import make_app
from bot.pages.styles import read_style, style_url
from storage.store import Store
from tests.browsing import Browser, answers, dump, home_of, link_to, make_noon, suggest, week_of
from tests.office import Office
from tests.reading_pages import find

MakeOffice = Callable[..., Office]

HTTPS = "https://medvirk.solvik.example"
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
LARGEST_PAGE_BYTES = 30_000  # with the stylesheet

ODD_PATHS = (
    "/",
    "/l",
    "/l/",
    "/l//",
    "/l/x/y/z",
    "/l/%00/%00",
    "/l/AAAAAAAAAAA%00/x",
    "/l/..%2f..%2fetc%2fpasswd",
    "/l/../../etc/passwd",
    "/style-../../settings.css",
    "/static/../bot/settings.py",
    "/l/%ff%fe/%c0%ae",
    "/l/%F0%9F%A6%84/%E2%80%AE",
    "/l/%zz/%",
    "/l/" + "a" * 30_000,
    "/l/" + "a" * 30_000 + "/" + "b" * 30_000,
    "/l/%27%20OR%201%3D1%20--/x",
    "/l/{{7*7}}/{leader}",
    "/metrics",
    "/docs",
    "/openapi.json",
    "/.env",
    "//evil.example/l/x",
    "/l/x?" + "q=1&" * 5_000,
)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked all three things."""
    return make_noon(make_office)


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office)


def assert_is_strict(browser: Browser) -> None:
    """Every answer that came carries the headers, but for the stylesheet, which may be kept."""
    for answer in browser.answers:
        wanted = dict(HEADERS)
        if answer.headers.get("content-type", "").startswith("text/css"):
            del wanted["cache-control"]
        assert wanted.items() <= dict(answer.headers).items(), (answer.status_code, answer.request.url.path[:80])
        assert set(answer.headers["content-security-policy"].split("; ")) == POLICY


def test_whatever_address_is_asked_for_the_answer_is_words(office: Office, browser: Browser, store: Store) -> None:
    before = dump(store)

    for path in ODD_PATHS:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
            answer = browser.ask(method, path)
            assert answer.status_code in (403, 404, 405), (method, path[:80], answer.status_code)
        if not path.startswith("/style"):
            assert "Medvirk" in browser.ask("GET", path).text

    assert_is_strict(browser)
    assert dump(store) == before


def test_the_demos_pages_do_not_exist_in_what_is_served(browser: Browser) -> None:
    assert browser.ask("GET", "/").status_code == 404
    assert browser.ask("GET", "/?person=1").status_code == 404
    assert browser.send({"action": "week"}, "/").status_code == 404


ODD_BODIES = (
    b"",
    b"&&&&====&=&",
    b"%zz=%&%=%zz&csrf=%",
    b"\xff\xfe\x00\x01" * 100,
    b"csrf=%ff%fe&action=%00",
    b'{"csrf": "x", "action": "send"}',
    b"--x\r\nContent-Disposition: form-data; name=csrf\r\n\r\nx\r\n--x--\r\n",
    b"a" * 1_000_000,
    b"x=1&" * 10_000,
    b"looked_forward=" + b"%F0%9F%A6%84" * 3_000,
)


def test_whatever_body_is_sent_nothing_is_stored_and_nothing_breaks(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    csrf, page = browser.read_form()["csrf"].encode(), browser.page.url.path
    before = dump(store)

    for body in ODD_BODIES:
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""):
            for sent in (body, b"csrf=" + csrf + b"&action=send&" + body):
                answer = browser.send_raw(sent, page, headers={"Content-Type": kind})
                assert answer.status_code in (200, 403, 413), (body[:40], answer.status_code)

    assert_is_strict(browser)
    assert dump(store) == before


def test_a_form_of_a_megabyte_or_ten_thousand_fields_is_refused_in_words(office: Office, browser: Browser) -> None:
    browser.visit(link_to(office, "Ada", "pulse"))
    form = browser.read_form()

    for large in ({**form, "x": "a" * 1_000_000}, {**form, "x": ["1"] * 10_000}):
        answer = browser.send(large)
        assert answer.status_code == 413
        assert "større enn vi kan ta imot" in browser.text


ODD_TEXTS = (
    "\x00",
    "Sår\x00stell",
    "\ud800".encode("utf-8", "surrogatepass"),
    "\u202eStell",
    "\r\n\r\n",
    "%s%n",
    "\u200b",
)


def test_odd_signs_in_what_is_written_break_nothing_and_are_stored_clean(
    office: Office, browser: Browser, store: Store
) -> None:
    """A null byte is refused by PostgreSQL, half a pair by any encoder, a turning mark turns a colleague's page."""
    browser.visit(link_to(office, "Ada", "theme_suggestion"))
    form = browser.read_form()

    for odd in ODD_TEXTS:
        assert browser.send({**form, "suggestion": odd, "nearest": odd, "action": "send"}).status_code == 200
    theme_id = suggest(office, "Ada", "Bruk av heisen")
    browser.visit(week_of(office, "Grace"))
    for odd in ODD_TEXTS:
        for action in (f"not_now:{theme_id}", f"save_not_now:{theme_id}"):
            assert browser.press(action, own=odd, reason=odd).status_code == 200

    kept = dump(store)
    stored = "".join([*kept["theme"], *kept["decision"]])
    assert "|Sårstell" in stored
    assert not any(sign in stored for sign in ("\\x00", "\\u202e", "\\ud800"))


def test_no_address_follows_the_host_header(office: Office, browser: Browser) -> None:
    link = link_to(office, "Ada", "pulse")
    page = link.rsplit("/", 1)[0]

    for host in ("evil.example", "evil.example:80@solvik.example", "127.0.0.1\tevil.example"):
        for path in (link, page, f"{link}/", f"{page}/", "/healthz/", "//evil.example/", "/nowhere/"):
            answer = browser.ask("GET", path, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
            assert "evil.example" not in str(dict(answer.headers)) + answer.text


def test_nothing_leads_out_of_the_house(office: Office, browser: Browser) -> None:
    """No open redirect: the one redirect there is leads to a page of ours, whatever the link looks like."""
    for path in ("//evil.example", "/\\evil.example", "/l/https:%2f%2fevil.example/x", "/l//evil.example"):
        assert "location" not in browser.ask("GET", path).headers
    answer = browser.ask("GET", link_to(office, "Ada", "pulse"))
    assert answer.headers["location"].startswith("/l/")


ODD_LANGUAGES = ("../../x", "nb%0d%0aSet-Cookie:%20a=b", 'nb"><script>', "xx", "x" * 5_000, "{7*7}", "NB")


def test_a_language_that_is_none_gets_into_no_header_and_no_page(office: Office, browser: Browser) -> None:
    browser.visit(link_to(office, "Ada", "pulse"))
    page, csrf = browser.page.url.path, browser.read_form()["csrf"]
    secret = browser.client.cookies["medvirk"]

    for odd in ODD_LANGUAGES:
        cookie = {"Cookie": f"medvirk={secret}; medvirk-language={odd}"}
        looked = browser.ask("GET", page, headers=cookie)
        sent = browser.send({"csrf": csrf, "action": f"language:{odd}"}, page)
        refused = browser.ask("GET", "/l/AAAAAAAAAAAA", headers=cookie)

        assert (looked.status_code, sent.status_code, refused.status_code) == (200, 200, 404)
        for answer in (looked, sent, refused):
            assert find(answer.text, "html") == [{"lang": "nb"}]
            assert odd not in answer.headers.get("set-cookie", "")
            assert "script" not in answer.headers.get("set-cookie", "")


def test_a_chosen_language_stays_with_its_page(office: Office, browser: Browser) -> None:
    browser.visit(link_to(office, "Ada", "pulse"))

    answer = browser.press("language:nn")

    assert find(answer.text, "html") == [{"lang": "nn"}]
    assert f"Path={browser.page.url.path}" in answer.history[0].headers["set-cookie"]
    assert find(browser.ask("GET", browser.page.url.path).text, "html") == [{"lang": "nn"}]


def test_behind_https_cookies_are_secure_and_browsers_are_told_to_stay(make_office: MakeOffice) -> None:
    office = make_noon(make_office, base_url=HTTPS)
    browser = Browser(office)

    browser.visit(link_to(office, "Ada", "pulse"))
    browser.press("language:en")
    browser.ask("GET", "/nowhere")

    assert_is_strict(browser)
    assert {answer.headers["strict-transport-security"] for answer in browser.answers} == {"max-age=31536000"}
    cookies = [answer.headers["set-cookie"] for answer in browser.answers if "set-cookie" in answer.headers]
    assert len(cookies) == 2
    assert all({"Secure", "HttpOnly"} <= set(cookie.split("; ")) for cookie in cookies)


def test_without_https_there_is_no_promise_of_it(browser: Browser) -> None:
    assert "strict-transport-security" not in browser.ask("GET", "/nowhere").headers


def test_every_answer_has_the_strict_headers(office: Office, browser: Browser) -> None:
    """From 200 to 500; see the others in this file for 403, 404, 405 and 413."""
    browser.visit(link_to(office, "Ada", "pulse"))
    browser.press("send", **answers())
    browser.visit(home_of(office, "Ada"))
    browser.ask("GET", style_url())
    browser.ask("GET", "/healthz")

    def broken_clock() -> datetime:
        raise ZeroDivisionError

    broken = Browser(office, app=make_app(office.parts, broken_clock, is_ticking=False))
    assert broken.ask("GET", browser.answers[0].request.url.path).status_code == 500

    assert_is_strict(browser)
    assert_is_strict(broken)


def test_when_nothing_can_be_stored_people_read_it_at_once(office: Office, store: Store) -> None:
    browser, home = Browser(office), home_of(office, "Ada")
    browser.visit(link_to(office, "Ada", "pulse"))
    before = dump(store)
    office.parts.writer.close()

    sent = browser.press("send", **answers())
    looked = browser.visit(home)

    assert sent.status_code == 503
    assert "Vent et minutt" in sent.text
    assert looked.status_code in (200, 503)
    assert_is_strict(browser)
    assert dump(store) == before


def test_no_page_to_answer_on_is_larger_than_thirty_kilobytes_with_its_style(office: Office) -> None:
    office.pass_time("2027-01-11 12:00")
    for name, flow in (("Ada", "pulse"), ("Eldbjørg", "theme_suggestion"), ("Pawel", "unused_competence")):
        browser = Browser(office)
        browser.visit(link_to(office, name, flow))
        browser.press("send", suggestion="æ" * 5_000, competence="æ" * 5_000, has_more="yes", looked_forward="forged")
        browser.press("send", suggestion="å" * 300, competence="å" * 500, has_more="yes")

        for answer in browser.answers:
            assert len(answer.content) + len(read_style()) < LARGEST_PAGE_BYTES, (flow, len(answer.content))
