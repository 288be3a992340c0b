"""Checks of Entra: whether the app is let in and may read what the mapping needs, and whether it was read."""

import asyncio
import base64
import json
from collections.abc import Iterator
from importlib.util import find_spec

from sqlmodel import func, select

from bot.channels.contract import DeliveryError
from bot.channels.tokens import Token
from bot.directory.graph.mapping import Mapping, MappingInvalid, read_mapping
from bot.directory.graph.signing_in import grant_of
from bot.settings.graph import GraphSettings
from bot.watching.checks.secret import look_at_secret
from bot.watching.findings import Finding, Ground, look, ok, wrong
from storage.tables import Account

ABOUT = "entra"
# What includes the least that is needed, where an administrator has granted more.
READS_USERS = ("User.Read.All", "Directory.Read.All")
READS_GROUPS = ("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
INSTALLS = (
    "TeamsAppInstallation.ReadWriteSelfForUser.All",
    "TeamsAppInstallation.ReadWriteForUser.All",
    "TeamsAppInstallation.ReadWriteAndConsentSelfForUser.All",
)


def check_entra(ground: Ground) -> Iterator[Finding]:
    """Signs in, and reads nothing: what the app may do stands in its token."""
    settings = ground.settings.graph
    if settings is None:
        yield ok(ABOUT, "off; set MEDVIRK_GRAPH_TENANT_ID and what belongs to it to switch it on")
        return
    secret, day = "MEDVIRK_GRAPH_CLIENT_SECRET", "MEDVIRK_GRAPH_SECRET_EXPIRES"
    yield look_at_secret(ground, ABOUT, settings.secret_expires, secret, day, "nothing is read from Entra")
    try:
        mapping = read_mapping(settings.mapping)
    except MappingInvalid as error:
        yield from (wrong(ABOUT, line) for line in str(error).splitlines())
        return
    if find_spec("msgraph") is None:
        yield wrong(ABOUT, "Microsoft's library is missing; make install LOCK=requirements-microsoft.lock")
    try:
        token = asyncio.run(_fetch(settings))
    except DeliveryError as error:
        yield wrong(ABOUT, str(error))
        return
    yield from _judge_permissions(settings, mapping, token)
    if ground.store is not None:
        accounts = ground.read(lambda session: session.exec(select(func.count()).select_from(Account)).one())
        yield (
            ok(ABOUT, f"{accounts} accounts have been read")
            if accounts
            else look(ABOUT, "nothing has been read yet; medvirk directory sync does it")
        )


async def _fetch(settings: GraphSettings) -> str:
    return await Token(grant_of(settings)).get()


def _judge_permissions(settings: GraphSettings, mapping: Mapping, token: str) -> Iterator[Finding]:
    granted = _read_roles(token)
    if granted is None:
        yield look(ABOUT, "signed in; what the app may do cannot be seen from here")
        return
    needed: list[tuple[tuple[str, ...], str]] = [(READS_USERS, "to read accounts")]
    needed += [(READS_GROUPS, "to read who is in the groups of the mapping")] if mapping.groups else []
    needed += [(INSTALLS, "to install the app in Teams")] if settings.teams_app else []
    lacking = [f"{enough[0]}, {why}" for enough, why in needed if not granted.intersection(enough)]
    if lacking:
        yield wrong(ABOUT, f"the app lacks {'; '.join(lacking)}; grant it with admin consent")
    else:
        yield ok(ABOUT, "signed in, and the app may do what it needs")


def _read_roles(token: str) -> set[str] | None:
    """The permissions in a token of Entra's; None where it is none that can be read. It is our own, so nothing is to be
    verified."""
    try:
        part = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return set(said.get("roles", ()))
    except (IndexError, ValueError, AttributeError, TypeError):
        return None
