"""A card as a mail: plain text and HTML side by side, and headers that tell machines what it is."""

import unicodedata
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from bot.cards import Ask, Block, Buttons, Card, as_text
from bot.channels.mail.html import as_html
from bot.words import words_in

LONGEST_SUBJECT = 200
NEVER_IN_A_HEADER = ("Cc", "Cs", "Zl", "Zp")


def make_message(card: Card, *, sender: str, organisation: str, address: str, message_id: str) -> EmailMessage:
    """The mail for one address. `message_id` stands there without its angle brackets.

    Headers: Auto-Submitted (RFC 3834) keeps other machines from answering, and X-Auto-Response-Suppress the same for
    Exchange, which must still send bounces; List-Unsubscribe (RFC 2369) leads to the own page.
    """
    card = read_only(card)
    words = words_in(card.language)
    footer = [words("mail.about", organisation=organisation), words("mail.personal")]
    page = f"{words('mail.own_page')}: {card.own_page}" if card.own_page else ""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(card.title)[:LONGEST_SUBJECT]
    message["From"] = Address(one_line(f"Medvirk, {organisation}"), addr_spec=sender)
    message["To"] = address
    message["Date"] = (
        formatdate()
    )  # when it is handed in is the network's business: the product's time does not move it
    message["Message-ID"] = f"<{message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply, DR, RN, NRN"
    if card.own_page:
        message["List-Unsubscribe"] = f"<{card.own_page}>"
    message.set_content("\n".join([as_text(card), "-- ", *footer, page, ""]))
    message.add_alternative(as_html(card, footer, words("mail.own_page")), subtype="html")
    message["Content-Language"] = card.language
    return message


def read_only(card: Card) -> Card:
    """The card without what can only be done on the page: fields, and buttons that lead nowhere from here."""
    blocks: list[Block] = []
    for block in card.blocks:
        if isinstance(block, Buttons):
            links = tuple(one for one in block.buttons if one.url.startswith(("https://", "http://")))
            if links:
                blocks.append(replace(block, buttons=links))
        elif not isinstance(block, Ask):
            blocks.append(block)
    return replace(card, blocks=tuple(blocks))


def one_line(text: str) -> str:
    """The text without line breaks and control characters, so that no title can begin a header of its own. Nor may it
    hold an encoded word (RFC 2047): Python's own header parser would decode it, line breaks and all."""
    text = text.replace("=?", "= ?")
    signs = (" " if unicodedata.category(sign) in NEVER_IN_A_HEADER else sign for sign in text)
    return " ".join("".join(signs).split())
