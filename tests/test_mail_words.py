"""A card as a mail: what people read, in text and in HTML, and that no title or text does more than be read."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from bot.cards import Ask, Bar, Button, Buttons, Card, Chart, Choice, Heading, Say
from bot.channels.mail.message import make_message
from bot.words import words_in

PAGE = "https://medvirk.solvik.example/l/abc/def"
ANSWER = "https://medvirk.solvik.example/l/ghi/jkl"
ALLOWED_TAGS = frozenset(
    "html head meta title style body div p h1 h2 ul li strong span br a blockquote".split()  # noqa: SIM905
)
ALLOWED_ATTRIBUTES = frozenset(
    "lang dir charset name content class style role aria-label aria-hidden href".split()  # noqa: SIM905
)

WEEK = Card(
    title="Uka i Avdeling 2",
    kicker="Mandag 27. april · 2 minutter",
    own_page=PAGE,
    blocks=(
        Heading("Pulsen"),
        Chart("Minst ukentlig", (Bar("brukte det de er gode på", "70 %", 70, "sist 50 %"), Bar("hinder", "tid"))),
        Say("Kari og <b>Ola</b> & co.", "quote"),
        Ask("why", "text", "Hvorfor?", choices=(Choice("a", "A"),)),
        Buttons((Button("Åpne uka", url=ANSWER, style="primary"), Button("Ta pause", "pause"))),
        Buttons((Button("Ikke spør meg", "decline"),)),
    ),
)


class Reader(HTMLParser):
    """Reads HTML as a mail program does: tags, attributes, links and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def mail(card: Card) -> EmailMessage:
    """The mail as it arrives: made, sent as bytes, and read again."""
    made = make_message(
        card, sender="medvirk@solvik.example", organisation="Solvik kommune", address="ada@solvik.example",
        message_id="7.abc@solvik.example",
    )  # fmt: skip
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    assert read.defects == []
    return read


def text_of(card: Card) -> str:
    part = mail(card).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(card: Card) -> str:
    part = mail(card).get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_text_and_html_say_the_same() -> None:
    text, html = text_of(WEEK), Reader(html_of(WEEK)).text

    for said in ("Uka i Avdeling 2", "Mandag 27. april", "brukte det de er gode på", "70 %", "sist 50 %", "<b>Ola</b>"):
        assert said in text
        assert said in html


def test_links_of_the_card_and_to_the_own_page_are_in_both() -> None:
    assert Reader(html_of(WEEK)).links == [ANSWER, PAGE]
    assert ANSWER in text_of(WEEK)
    assert PAGE in text_of(WEEK)
    assert mail(WEEK)["List-Unsubscribe"] == f"<{PAGE}>"


def test_what_can_only_be_done_on_the_page_is_left_to_it() -> None:
    for shown in (text_of(WEEK), html_of(WEEK)):
        assert "Ta pause" not in shown
        assert "Hvorfor?" not in shown


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_end_says_who_it_is_from_and_that_the_links_are_personal_in_the_readers_language(language: str) -> None:
    card = Card("Hei", language=language, own_page=PAGE)
    words = words_in(language)

    for said in (words("mail.about", organisation="Solvik kommune"), words("mail.personal"), words("mail.own_page")):
        assert said in text_of(card)
        assert said in Reader(html_of(card)).text
    assert f'<html lang="{language}"' in html_of(card)
    assert mail(card)["Content-Language"] == language


def test_nothing_is_fetched_and_nothing_tells_who_has_read_it() -> None:
    html = html_of(WEEK)
    read = Reader(html)

    assert read.tags <= ALLOWED_TAGS
    assert read.attributes <= ALLOWED_ATTRIBUTES
    assert not re.search(r"url\(|@import|src=|http-equiv", html)


def test_a_figure_is_never_in_the_picture_alone() -> None:
    html = html_of(WEEK)

    assert re.search(r"brukte det de er gode på: <strong>70 %</strong>", html)
    assert html.count('aria-hidden="true"') == 1  # the bar that is drawn; the other has no share
    assert html.count("█") == 14


def test_a_mail_is_small() -> None:
    assert len(mail(WEEK).as_bytes()) < 30_000


@pytest.mark.parametrize(
    "title",
    [
        "Uka\r\nBcc: eve@evil.example",
        "Uka\nX-Evil: 1\n\nHei",
        "Uka\x00\x0b\x0c\x1c\x85\u2028Bcc: eve@evil.example",
        "Uka\r\n\r\n<script>alert(1)</script>",
        "=?utf-8?q?Uka=0ABcc=3A_eve=40evil.example?=",
    ],
)
def test_no_title_begins_a_header_of_its_own(title: str) -> None:
    plain, evil = mail(Card("Uka")), mail(Card(title))

    assert evil.keys() == plain.keys()
    assert "\n" not in str(evil["Subject"]).replace("\n ", " ")
    assert [part.get_content_type() for part in evil.walk()] == [part.get_content_type() for part in plain.walk()]


@pytest.mark.parametrize("evil", ['"><img src=https://evil.example/x>', "javascript:alert(1)", "' onmouseover='x"])
def test_no_text_becomes_a_tag_and_no_button_a_script(evil: str) -> None:
    card = Card(
        evil, (Say(evil), Heading(evil), Chart(evil, (Bar(evil, evil, 50, evil),)), Buttons((Button(evil, url=evil),))),
        kicker=evil, own_page=PAGE,
    )  # fmt: skip
    read = Reader(html_of(card))

    assert read.tags <= ALLOWED_TAGS
    assert read.attributes <= ALLOWED_ATTRIBUTES
    assert read.links == [PAGE]


@pytest.mark.parametrize(
    "odd", ["å" * 10_000, "👩🏽‍⚕️🇳🇴", "العناية بالمسنين", "עברית ועוד", "." + "\n." * 50, "From here\nFrom there"]
)
def test_whatever_people_write_arrives_as_they_wrote_it(odd: str) -> None:
    card = Card("Hei", (Say(odd),))

    assert odd in text_of(card)
    assert odd in Reader(html_of(card)).text


def test_a_long_title_is_cut_in_the_subject_and_whole_in_the_mail() -> None:
    title = "Kompetanse " * 100

    assert len(str(mail(Card(title))["Subject"])) <= 200
    assert title.strip() in text_of(Card(title))
