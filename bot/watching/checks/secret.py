"""How long a secret of Microsoft's lasts, by the day that was written down when it was made: to ask Entra for it would
take a permission of its own."""

from datetime import date

from bot.watching.findings import Finding, Ground, look, ok, wrong

WARNED_BEFORE_DAYS = 30


def look_at_secret(ground: Ground, about: str, ends: date | None, secret: str, day: str, ended: str) -> Finding:
    """`secret` and `day` name the settings that hold it and its last day; `ended`: what does not work after that."""
    remedy = f"make a new one, set {secret}, and start again"
    if ends is None:
        return look(about, f"{day} is not set; write the day, so that you are warned before it ends")
    days = (ends - ground.at.date()).days
    if days < 0:
        return wrong(about, f"the secret has ended ({ends}): {ended}; {remedy}")
    if days <= WARNED_BEFORE_DAYS:
        return look(about, f"the secret ends in {days} days ({ends}); {remedy}")
    return ok(about, f"the secret lasts until {ends}")
