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
    DeliveryKind.result: result.write,
    DeliveryKind.group_result: group_result.write,
    DeliveryKind.decision: deciding.write,
    DeliveryKind.digest: digest.write,
    DeliveryKind.put_out: put_out.write,
    DeliveryKind.consent: offering.write,
    DeliveryKind.renewal: offering.write,
}


def compose(
    session: Session, parts: Parts, delivery: Delivery, at: datetime, words: Words | None = None
) -> Card | None:
    """The card of a delivery, in `words` or else in the person's own language, as things stand at `at`; None where it
    is not theirs to read any more."""
    person = session.get(Person, delivery.person_id)
    assert person is not None, "a delivery goes to a person"
    about, _, target = delivery.about.partition(":")
    words = words or words_in(person.language)
    kind = DeliveryKind(delivery.kind)
    if kind is DeliveryKind.edit:  # of what it is about
        kind = DeliveryKind.digest if about == "digest" else DeliveryKind.question
    return WRITERS[kind](session, parts, person, int(target or 0), words, at)
