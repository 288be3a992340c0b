"""Messages: from a delivery to the card that is sent. The words are made when they are needed and lie nowhere."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Card
from bot.messages import asking, deciding, digest, group_result, offering, put_out, result, welcome
from bot.parts import Parts
from bot.words import Words, words_in
from storage.tables import Delivery, Person
from storage.tables.sending import DeliveryKind

WRITERS = {
    DeliveryKind.welcome: welcome.write,
    DeliveryKind.question: asking.write,
    DeliveryKind.reminder: asking.write_reminder,
    DeliveryKind.edit: asking.write,
    DeliveryKind.result: result.write,
    DeliveryKind.group_result: group_result.write,
    DeliveryKind.decision: deciding.write,
    DeliveryKind.digest: digest.write,
    DeliveryKind.put_out: put_out.write,
    DeliveryKind.consent: offering.write,
    DeliveryKind.renewal: offering.write,
}


def compose(session: Session, parts: Parts, delivery: Delivery, at: datetime, words: Words | None = None) -> Card:
    """The card of a delivery, in `words` or else in the person's own language, as things stand at `at`."""
    person = session.get(Person, delivery.person_id)
    assert person is not None, "a delivery goes to a person"
    target = int(delivery.about.partition(":")[2] or 0)
    words = words or words_in(person.language)
    return WRITERS[DeliveryKind(delivery.kind)](session, parts, person, target, words, at)
