"""Bounces are believed only for mail that was really sent, and then the message takes the person's next way."""

import logging
from datetime import datetime

from sqlmodel import Session

from bot.channels.mail.bounces import Bounce, read_bounce
from bot.channels.mail.status import judge_status
from bot.channels.reference import is_ours
from bot.outbox.claiming import give_up
from bot.parts import Parts
from storage.directory.natural import MAIL
from storage.tables import Delivery
from storage.tables.sending import DeliveryState

MAY_BOUNCE = (DeliveryState.sent, DeliveryState.uncertain)

log = logging.getLogger("medvirk.bounces")


def receive_bounce(session: Session, parts: Parts, content: bytes, at: datetime) -> str:
    """Take a mail that came back to the sender's address; what it was and what was done comes back, in words that
    name nobody. A second time changes nothing."""
    bounce = read_bounce(content)
    if bounce is None:
        return "no bounce: a reply, an absence or something else; nothing was done"
    delivery = _find_delivery(session, parts, bounce)
    if delivery is None:
        return "not about a mail that Medvirk sent and still keeps; nothing was done"
    verdict = judge_status(bounce.status)
    says = f"delivery {delivery.id}: {verdict.says}"
    if not bounce.has_failed:
        log.info("%s; it is only late", says)
        return f"{says}; it is only late, so nothing was done"
    if delivery.state not in MAY_BOUNCE:
        return f"delivery {delivery.id} is known to have failed; nothing was done"
    log.warning("%s", says)
    give_up(session, parts, delivery, at, verdict.says, for_good=verdict.reaches_nobody)
    return f"{says}; {'the address is not used again' if verdict.reaches_nobody else 'the address is kept'}"


def _find_delivery(session: Session, parts: Parts, bounce: Bounce) -> Delivery | None:
    key = parts.keys.server_secret(MAIL)
    for delivery_id, reference in bounce.references:
        delivery = session.get(Delivery, delivery_id)
        if delivery and delivery.channel == MAIL and is_ours(reference, key, delivery_id, delivery.address):
            return delivery
    return None
