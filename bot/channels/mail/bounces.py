"""Bounces: what a delivery status notification (RFC 3464) says, told from replies and out-of-office answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from bot.channels.reference import find_references

LARGEST = 5_000_000  # bytes; a bounce carries our own mail at most once
ARRIVED = ("delivered", "relayed", "expanded")


@dataclass(frozen=True)
class Bounce:
    """`references` are what stands in it of ours, not proven yet. `has_failed`: it was given up, not only delayed.
    `status` is the enhanced code, such as '5.1.1'; empty where there is none."""

    references: tuple[tuple[int, str], ...]
    has_failed: bool
    status: str


def read_bounce(content: bytes) -> Bounce | None:
    """The bounce in a mail as it came, or None where it is something else: a reply, an absence, a read receipt."""
    mail = message_from_bytes(content[:LARGEST], policy=compat32)
    reports = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    if not reports:
        return None
    about = [fields for report in reports for fields in _blocks(report) if "Action" in fields or "Status" in fields]
    actions = [str(fields.get("Action", "failed")).partition(";")[0].strip().lower() for fields in about]
    failed = [fields for fields, action in zip(about, actions, strict=True) if action == "failed"]
    # An address that leads to several mailboxes works as long as one of them does.
    has_failed = bool(failed) and not any(action in ARRIVED for action in actions)
    status = _find_status(failed[0] if failed else about[0]) if about else ""
    found = dict.fromkeys(one for text in _find_texts(mail) for one in find_references(text))
    return Bounce(tuple(found), has_failed, status)


def _blocks(report: Message) -> Iterator[Message]:
    """The groups of fields: about the mail, then about each recipient."""
    payload = report.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _find_status(fields: Message) -> str:
    """The status; some servers put a general one there, and the real one only in the diagnostic."""
    status, diagnostic = str(fields.get("Status", "")), str(fields.get("Diagnostic-Code", ""))
    return diagnostic if status.strip()[:5] in ("5.0.0", "4.0.0", "") and diagnostic else status


def _find_texts(mail: Message) -> Iterator[str]:
    """Wherever the Message-ID of our mail may stand: in headers of the mail and of what it encloses, and in texts."""
    for part in mail.walk():
        for name in ("Message-ID", "In-Reply-To", "References", "X-MS-Exchange-Message-ID"):
            yield from map(str, part.get_all(name, []))
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload.decode("latin-1")  # a Message-ID is ASCII in whatever encoding
