"""Installations: the app in the workspaces of a chat. What it writes with there is sealed with a secret from the key
folder, so that neither the database's file nor a backup lets anybody write as us."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from sqlmodel import Session, col, select

from storage.keys import KeyFolder
from storage.outbox.stopping import start
from storage.tables import Address, Installation

SECRET = "installations"  # noqa: S105  what it is kept under in the key folder


class Place(NamedTuple):
    """Where an app is installed: in a workspace, of an enterprise or of none, or in all of an enterprise."""

    channel: str
    enterprise: str
    workspace: str
    is_whole_enterprise: bool = False


def keep(
    session: Session, keys: KeyFolder, place: Place, name: str, secrets: Mapping[str, Any], at: datetime
) -> Installation:
    """The app was installed here, for the first time or again: its lane runs. A workspace has one installation, also
    where it has come to an enterprise since."""
    same = {"channel": place.channel, "workspace": place.workspace}
    if not place.workspace:
        same |= {"enterprise": place.enterprise}
    kept = session.exec(select(Installation).filter_by(**same)).first()
    row = kept or Installation(**place._asdict(), name=name, sealed=b"", installed_at=at)
    row.enterprise, row.is_whole_enterprise = place.enterprise, place.is_whole_enterprise
    row.name, row.installed_at, row.gone_at, row.gone_because = name, at, None, None
    row.sealed = _box(keys).encrypt(json.dumps(dict(secrets)).encode(), _name_place(place))
    session.add(row)
    session.flush()
    start(session, row.lane)
    return row


def find_installation(session: Session, channel: str, workspace: str) -> Installation | None:
    """The app in a workspace, whether it is let in there now or not."""
    found = select(Installation).where(Installation.channel == channel, Installation.workspace == workspace)
    return session.exec(found).first()


def installations(session: Session, channel: str) -> list[Installation]:
    """All of them, in the order in which the app first came there."""
    found = select(Installation).where(Installation.channel == channel)
    return list(session.exec(found.order_by(col(Installation.id))))


def open_secrets(keys: KeyFolder, row: Installation) -> dict[str, Any] | None:
    """What the app writes with there; None where that is over, or was sealed with the secret of another key folder."""
    place = Place(row.channel, row.enterprise, row.workspace, row.is_whole_enterprise)
    try:
        opened = _box(keys).decrypt(row.sealed, _name_place(place)) if row.sealed else b"null"
    except CryptoError:
        return None
    secrets: dict[str, Any] | None = json.loads(opened)
    return secrets


def mark_gone(
    session: Session, channel: str, workspace: str, because: str, at: datetime, *, is_over: bool
) -> Installation | None:
    """The app is let in here no more. `is_over`: what it wrote with is worth nothing from now on, and goes. The
    installation comes back where that is news."""
    row = find_installation(session, channel, workspace)
    if row is None and _is_anybody_in(session, channel, workspace):  # found there by a release that kept no row for it
        row = _let_in(channel, workspace, workspace, at)
    if row is None:
        return None
    if is_over:
        row.sealed = b""
    is_news = row.gone_at is None
    if is_news:
        row.gone_at, row.gone_because, row.times_gone = at, because, row.times_gone + 1
    session.add(row)
    session.flush()
    return row if is_news else None


def let_in(session: Session, channel: str, workspace: str, name: str, at: datetime) -> None:
    """The workspace has let us in with what we have: its lane runs. One that we write to with what stands in the
    settings is known by that."""
    row = find_installation(session, channel, workspace) or _let_in(channel, workspace, name, at)
    row.name = name
    if row.gone_at is not None:  # what is told of before that, and comes late, stops nothing
        row.installed_at, row.gone_at, row.gone_because = at, None, None
    session.add(row)
    start(session, row.lane)


def _is_anybody_in(session: Session, channel: str, workspace: str) -> bool:
    there = select(Address.id).where(Address.channel == channel, Address.workspace == workspace)
    return session.exec(there.limit(1)).first() is not None


def _let_in(channel: str, workspace: str, name: str, at: datetime) -> Installation:
    return Installation(channel=channel, workspace=workspace, name=name, sealed=b"", installed_at=at)


def forget(session: Session, channel: str, workspace: str) -> bool:
    """The workspace is none of ours any more. False where it was none."""
    found = find_installation(session, channel, workspace)
    if found is not None:
        session.delete(found)
    return found is not None


def _box(keys: KeyFolder) -> Aead:
    return Aead(keys.server_secret(SECRET))


def _name_place(place: Place) -> bytes:
    """What is sealed for one place opens at no other."""
    return json.dumps(place).encode()
