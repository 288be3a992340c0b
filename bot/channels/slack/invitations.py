"""What is signed by us and is good for a while, without a table: the link by which the app may be installed, and the
state that goes to Slack and comes back. Every replica can read what another has written."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

INSTALL = "/slack/install"  # where an invitation is shown
INVITE, STATE = "invitation", "state"  # what one is good for, the other is not
INVITATION_LIVES, STATE_LIVES = timedelta(hours=1), timedelta(minutes=10)


def sign(key: bytes, purpose: str, workspace: str, until: datetime) -> str:
    """Good for `workspace` until then."""
    said = f"{int(until.timestamp())}|{secrets.token_hex(8)}|{workspace}".encode()
    return f"{urlsafe_b64encode(said).decode().rstrip('=')}.{_mark(key, purpose, said)}"


def read(key: bytes, purpose: str, text: str, at: datetime) -> str | None:
    """The workspace it is good for; None where it is not ours, is for something else, or is over."""
    encoded, _, mark = text.partition(".")
    try:
        said = urlsafe_b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4))
    except ValueError:
        return None
    if not hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(key, purpose, said).encode()):
        return None
    until, _, workspace = said.decode().split("|", 2)
    return workspace if at < datetime.fromtimestamp(int(until), UTC) else None


def _mark(key: bytes, purpose: str, said: bytes) -> str:
    return hmac.digest(key, purpose.encode() + b"|" + said, "sha256").hex()


def name_workspace(text: str) -> str:
    """What somebody calls a workspace, as it is compared: its id, or its address without what stands around it. Empty
    for what is neither. 'https://Solvik.slack.com/' -> 'solvik.slack.com'; 'T0123' -> 'T0123'."""
    name = text.strip().removeprefix("https://").partition("/")[0]
    if name[:1] == "T" and name.isascii() and name.isalnum() and name == name.upper():
        return name
    host = name.lower()
    labels = host.split(".")
    is_host = len(labels) >= 3 and labels[-2:] == ["slack", "com"]
    return host if is_host and all(one and one.replace("-", "").isalnum() and one.isascii() for one in labels) else ""
