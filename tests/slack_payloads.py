"""What Slack tells, as it stands in its published examples, and its signature."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from tests.slack_server import SIGNING_SECRET

PAYLOADS = Path(__file__).parent / "payloads" / "slack"


def payload(name: str) -> dict[str, Any]:
    """A recorded payload, to be changed at will."""
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


def sign(body: bytes, at: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Slack's signature: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    digest = hmac.new(secret.encode(), b"v0:%d:%s" % (int(at), body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(int(at)), "X-Slack-Signature": f"v0={digest}"}
