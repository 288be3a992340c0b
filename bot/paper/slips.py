"""Printed slips: for each person one with the name, a code to scan and a code to type, in no order that is a key."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.messages.links import HOME_LIVES
from bot.paper.sheets import Slip, without_scheme
from bot.parts import Parts
from bot.words import words_in
from flows.schedule import local_day
from storage import log
from storage.slips import make_slip_link
from storage.tables import Person


def make_slips(
    session: Session, parts: Parts, people: Sequence[Person], unit_id: int, actor: str, at: datetime
) -> tuple[Slip, ...]:
    """A new slip for each of these people, shuffled anew each time. Their earlier slips are useless from now on. That
    slips were made, for which unit and how many, stands in the log; for whom does not."""
    slips = [_make_slip(session, parts, person, at) for person in people]
    secrets.SystemRandom().shuffle(slips)
    log.append(session, at, actor, "slips printed", f"unit:{unit_id} people:{len(slips)}")
    return tuple(slips)


def _make_slip(session: Session, parts: Parts, person: Person, at: datetime) -> Slip:
    assert person.id is not None
    words = words_in(person.language)
    expires_at = at + HOME_LIVES
    keys = parts.keys
    path, code = make_slip_link(
        session, keys.server_secret("links"), keys.server_secret("slips"), person.id, at, expires_at
    )
    return Slip(
        name=person.name,
        language=words.language,
        what=words("slips.what", organisation=parts.settings.organisation),
        how=words("slips.how", address=without_scheme(parts.url("/k"))),
        url=parts.url(path),
        code=code,
        only_yours=words("slips.only_yours", day=words.day_and_year(local_day(expires_at, person.zone))),
        picture=words("slips.picture"),
    )
