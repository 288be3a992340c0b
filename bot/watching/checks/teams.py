"""Checks of Teams: whether Microsoft lets the app in and can reach it, how long its secret lasts, who cannot be written
to there, and whether Teams takes every card. What only a real tenant can show is said in deploy/teams.md."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec

import httpx
from sqlmodel import Session, col, func, select

from bot.channels.contract import DeliveryError
from bot.settings.channels import TeamsSettings
from bot.settings.file import PREFIX, read_variables
from bot.watching.checks.question_cards import every_question_card
from bot.watching.checks.secret import look_at_secret
from bot.watching.findings import Finding, Ground, look, ok, wrong
from flows.attention import FEWEST_COUNTED
from storage.directory.natural import TEAMS
from storage.tables import Address, Person

SECONDS = 5
LIBRARIES = ("microsoft_teams", "jwt", "cryptography")
NOBODY = {"type": "message", "channelId": "msteams"}  # an activity that nobody has signed
REFUSED, NOT_OURS, NOT_THERE = 401, 403, 404


def check_teams(ground: Ground) -> Iterator[Finding]:
    """Asks Microsoft for a token and our own address whether it is there; tells nobody anything."""
    settings = ground.settings.teams
    if settings is None:
        yield _explain_off(ground)
        return
    secret, day = "MEDVIRK_TEAMS_APP_SECRET", "MEDVIRK_TEAMS_SECRET_EXPIRES"
    yield look_at_secret(ground, TEAMS, settings.secret_expires, secret, day, "nothing leaves by Teams")
    if missing := [one for one in LIBRARIES if find_spec(one) is None]:
        remedy = "make install LOCK=requirements-microsoft.lock brings them along"
        yield wrong(TEAMS, f"Microsoft's libraries are missing ({', '.join(missing)}); {remedy}")
        return
    yield from asyncio.run(_knock_at_microsoft(settings))
    yield from _knock_at_own_address(ground)
    if ground.store is not None:
        yield from _look_for_people(ground, settings.tenant_id)
    yield from _judge_cards(ground)


def _explain_off(ground: Ground) -> Finding:
    """Off; or half set, which is most often a mistake."""
    known = {*os.environ, *read_variables(ground.settings.file)}
    if half := sorted(one for one in known if one.startswith(f"{PREFIX}TEAMS_") and not one.endswith("_APP_ID")):
        return wrong(TEAMS, f"off, though {half[0]} is set; MEDVIRK_TEAMS_APP_ID is missing")
    return ok(TEAMS, "off; deploy/teams.md says how to switch it on")


async def _knock_at_microsoft(settings: TeamsSettings) -> list[Finding]:
    from bot.channels.teams.keys import Keys, KeysAway
    from bot.channels.teams.token import make_token

    findings = []
    try:
        await make_token(settings).get()
        findings.append(ok(TEAMS, "Microsoft lets the app in"))
    except DeliveryError as error:
        findings.append(wrong(TEAMS, f"the app gets no token from Microsoft: {error}"))
    try:
        await Keys(settings.keys_url, settings.timeout_seconds).find("")
        findings.append(ok(TEAMS, "the keys by which Teams is known can be fetched"))
    except KeysAway:
        remedy = "does a firewall let this machine out to it?"
        findings.append(wrong(TEAMS, f"{settings.keys_url} gives no keys, so nothing from Teams is believed; {remedy}"))
    return findings


def _knock_at_own_address(ground: Ground) -> Iterator[Finding]:
    """As anybody could: what nobody has signed must be refused. From here, so a firewall may still keep Teams out."""
    from bot.channels.teams.channel import PATH

    address = f"{ground.settings.base_url}{PATH}"
    if not ground.settings.is_secure:
        yield look(TEAMS, f"Teams calls https only, so {address} is never called; write https://… in MEDVIRK_BASE_URL")
    try:
        status = httpx.post(address, json=NOBODY, timeout=SECONDS).status_code
    except httpx.HTTPError as error:
        yield wrong(TEAMS, f"nothing answers at {address} ({type(error).__name__}); domain, certificate, proxy, serve?")
        return
    if status == REFUSED:
        yield ok(
            TEAMS, f"{address} answers, and refuses what Microsoft has not signed; it is the endpoint to enter there"
        )
    elif status == NOT_OURS:
        yield wrong(TEAMS, f"{address} believes anybody: take MEDVIRK_TEAMS_AUTHENTICATION away, and start again")
    elif status == NOT_THERE:
        yield wrong(TEAMS, f"{address} is not there; was medvirk serve started again after Teams was set?")
    else:
        yield wrong(TEAMS, f"{address} answers {status}; look at the proxy, and at Medvirk's journal")


def _look_for_people(ground: Ground, tenant: str) -> Iterator[Finding]:
    """Whom Teams does not reach gets mail, SMS or their own page. Who took the app away or blocked it has chosen so: of
    fewer than FEWEST_COUNTED that is not counted aloud, and then no sum is told either."""
    from bot.channels.teams.connector import BLOCKED
    from bot.channels.teams.handling import TAKEN_AWAY

    def count(session: Session) -> tuple[int, list[str | None]]:
        people = session.exec(select(func.count()).select_from(Person).where(col(Person.active).is_(True))).one()
        known = select(Address.unreachable_because).join(Person, col(Person.id) == col(Address.person_id))
        here = known.where(Address.channel == TEAMS, Address.workspace == tenant, col(Person.active).is_(True))
        return people, list(session.exec(here).all())

    people, known = ground.read(count)
    reasons = Counter(one.partition(" (")[0] for one in known if one is not None)
    chosen = [one for one in (BLOCKED, TAKEN_AWAY) if 0 < reasons[one] < FEWEST_COUNTED]
    if not known:
        yield look(TEAMS, "nobody has been found there yet; people are found when the app is installed for them")
    elif not chosen:
        yield ok(TEAMS, f"{len(known) - reasons.total()} of {people} people can be written to there")
    for reason, number in sorted(reasons.items()):
        said = f"fewer than {FEWEST_COUNTED}" if reason in chosen else number
        yield look(TEAMS, f"{said} cannot be written to: {reason}")
    if known and len(known) < people:
        yield look(
            TEAMS, f"{people - len(known)} have not been found there: not installed, guests, or without a mail we know"
        )


def _judge_cards(ground: Ground) -> Iterator[Finding]:
    """Of the flows that are answered there: what is sealed is a door to the page."""
    from bot.channels.teams.cards import make_room
    from bot.channels.teams.judging import find_problems
    from bot.channels.teams.words import labels_in

    judged, is_well = 0, True
    for one in every_question_card(ground.settings):
        if one.flow.kind.is_sealed:
            continue
        made = make_room([one.card], "run:0", labels_in(one.card.language))
        for problem in find_problems(made, one.card):
            is_well = False
            yield wrong(TEAMS, f"{one.where}: {problem}")
        judged += 1
    if is_well:
        yield ok(TEAMS, f"Teams takes all {judged} cards; questions without a name are answered on the page")
