"""What mail servers say, in words: whether the address reaches nobody, or the fault is somewhere else.

Codes by RFC 3463 (enhanced status) and RFC 5321 (replies). The servers' own texts are left out: they repeat addresses.
"""

import re
from dataclasses import dataclass

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")

# Exchange Online says 5.1.10 and 5.4.1 for an address that is nobody's:
# https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online
ABOUT_THE_ADDRESS = {
    "1.0": "nobody has this address",
    "1.1": "nobody has this address",
    "1.2": "the domain of this address does not exist",
    "1.3": "the address is not written right",
    "1.6": "the mailbox has moved and left no new address",
    "1.10": "nobody has this address",
    "2.1": "the mailbox is closed",
    "4.1": "nobody has this address",
}
ELSEWHERE = {
    "1": "the mail server does not accept who the mail is from",
    "2": "the mailbox cannot take mail now",
    "3": "the receiving mail system has trouble",
    "4": "the mail found no way there in time",
    "5": "the mail servers did not understand each other",
    "6": "the mail server cannot take this kind of content",
    "7": "a rule of the mail server stops our mail: ask those who run it",
}
UNKNOWN_MAILBOX = (550, 551, 553)  # where an old server says no more than that, about a recipient


@dataclass(frozen=True)
class Verdict:
    """`reaches_nobody`: the address itself is useless. `says` holds the code and no address."""

    says: str
    reaches_nobody: bool


def judge_reply(code: int, text: str, *, about_recipient: bool) -> Verdict:
    """A refusal in an SMTP dialogue. `about_recipient`: it was the answer to RCPT, so a bare 550 is about that."""
    found = ENHANCED.search(text)
    if found is None:
        reaches_nobody = about_recipient and code in UNKNOWN_MAILBOX
        says = ABOUT_THE_ADDRESS["1.1"] if reaches_nobody else "the mail server refuses this mail"
        return Verdict(f"{says} ({code})", reaches_nobody)
    return judge_status(found[0], f"{code} {found[0]}")


def judge_status(status: str, code: str = "") -> Verdict:
    """An enhanced status such as '5.1.1'; only those of class 5 are final."""
    found = ENHANCED.search(status)
    if found is None:
        return Verdict("the mail came back, and nothing says why", reaches_nobody=False)
    kind, subject, detail = found.groups()
    says = ABOUT_THE_ADDRESS.get(f"{subject}.{detail}") if kind == "5" else None
    words = says or ELSEWHERE.get(subject, "the mail came back")
    return Verdict(f"{words} ({code or found[0]})", says is not None)
