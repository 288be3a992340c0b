"""Personal links: nothing in the database opens one, they end, and opening them changes nothing."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.arrivals import LinkArrival, find_by_link
from storage.links import (
    Purpose,
    delete_links_expired_before,
    ensure_link,
    is_live,
    revoke_links,
)
from storage.store import Store
from storage.tables import Link, Person

KEY = secrets.token_bytes(32)
AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
LATER = AT + timedelta(days=11)
ADA, MALLORY = 1, 2


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    with store.writing() as session:
        session.add_all([Person(id=ADA, number="1", name="Ada"), Person(id=MALLORY, number="2", name="Mallory")])


def make(
    store: Store, person_id: int = ADA, purpose: Purpose = Purpose.run, target: int = 7, until: datetime = LATER
) -> str:
    with store.writing() as session:
        return ensure_link(session, KEY, person_id, purpose, target, until)


def parts_of(path: str) -> tuple[str, str]:
    _, first, link_id, secret = path.split("/")
    assert first == "l"
    return link_id, secret


def open_link(store: Store, path: str) -> LinkArrival | None:
    with store.reading() as session:
        return find_by_link(session, *parts_of(path), AT)


def dump(store: Store) -> str:
    with store.reading() as session:
        return repr(session.execute(text("SELECT * FROM link ORDER BY id")).all())


def test_a_link_leads_to_its_person_and_purpose(store: Store) -> None:
    link = open_link(store, make(store))

    assert link is not None
    assert (link.arrival.person_id, link.purpose, link.target) == (ADA, Purpose.run, 7)


def test_the_database_holds_nothing_that_opens_a_link(store: Store) -> None:
    link_id, secret = parts_of(make(store))

    kept = dump(store)

    assert link_id in kept
    assert secret not in kept
    assert len(base64.urlsafe_b64decode(secret)) == 24  # 192 bits: nobody tries them all
    with store.reading() as session:
        assert all(find_by_link(session, link_id, word, AT) is None for word in re.findall(r"'([^']+)'", kept))


def test_who_has_the_database_but_not_the_key_folder_cannot_make_the_secret(store: Store) -> None:
    link_id, secret = parts_of(make(store))
    with store.reading() as session:
        secret_hash = session.exec(select(Link.secret_hash)).one()

    tried = [b"", bytes(32), secret_hash.encode(), link_id.encode(), bytes.fromhex(secret_hash)]
    made = [base64.urlsafe_b64encode(hmac.digest(key, link_id.encode(), "sha256")[:24]).decode() for key in tried]

    assert secret not in made
    assert all(open_link(store, f"/l/{link_id}/{one}") is None for one in made)
    assert secret_hash == hashlib.sha256(secret.encode()).hexdigest()  # this is all that is known of it


def test_the_secret_of_one_link_opens_no_other(store: Store) -> None:
    ada_id, ada_secret = parts_of(make(store, ADA))
    mallory_id, mallory_secret = parts_of(make(store, MALLORY))

    assert open_link(store, f"/l/{ada_id}/{mallory_secret}") is None
    assert open_link(store, f"/l/{mallory_id}/{ada_secret}") is None


@pytest.mark.parametrize("secret", ["", "x", "æ", "\x00", "a" * 100_000, "%s", "' OR 1=1 --"])
def test_a_secret_that_is_none_opens_nothing(store: Store, secret: str) -> None:
    link_id, _ = parts_of(make(store))

    with store.reading() as session:
        assert find_by_link(session, link_id, secret, AT) is None


@pytest.mark.parametrize("link_id", ["", "x", "æ", "a" * 100_000, "' OR 1=1 --", "\x00", "a\x00b"])
def test_an_id_that_is_none_finds_nothing(store: Store, link_id: str) -> None:
    make(store)

    with store.reading() as session:
        assert find_by_link(session, link_id, "secret", AT) is None


def test_there_is_one_link_for_a_person_and_purpose_however_often_it_is_made(store: Store) -> None:
    assert make(store) == make(store)
    assert len({make(store), make(store, MALLORY), make(store, target=8), make(store, purpose=Purpose.home)}) == 4


def test_a_link_made_twice_in_one_transaction_is_one(store: Store) -> None:
    with store.writing() as session:
        paths = {ensure_link(session, KEY, ADA, Purpose.home, 0, LATER) for _ in range(3)}

    assert len(paths) == 1


def test_a_link_is_prolonged_and_never_shortened(store: Store) -> None:
    path = make(store)
    make(store, until=LATER + timedelta(days=400))
    make(store, until=AT)

    link = open_link(store, path)

    assert link is not None
    assert link.expires_at == LATER + timedelta(days=400)


def test_a_link_ends_at_its_moment(store: Store) -> None:
    link = open_link(store, make(store))

    assert link is not None
    assert is_live(link, LATER - timedelta(seconds=1))
    assert not is_live(link, LATER)


def test_revoked_links_are_dead_at_once_and_only_the_persons_own(store: Store) -> None:
    ada, other = make(store, ADA), make(store, MALLORY)

    with store.writing() as session:
        revoked = revoke_links(session, ADA, AT)

    dead, live = open_link(store, ada), open_link(store, other)
    assert revoked == 1
    assert dead is None or not is_live(dead, AT)
    assert live is not None
    assert is_live(live, AT)


def test_after_a_revocation_the_next_message_carries_a_link_that_works_and_the_old_one_stays_dead(store: Store) -> None:
    old = make(store)
    with store.writing() as session:
        revoke_links(session, ADA, AT)

    new = make(store)

    link, dead = open_link(store, new), open_link(store, old)
    assert parts_of(old)[0] != parts_of(new)[0]
    assert link is not None
    assert is_live(link, AT)
    assert dead is None or not is_live(dead, AT)


def test_showing_a_page_with_links_on_it_writes_nothing(store: Store) -> None:
    """A page that is only looked at asks for the same links as the message did; the database refuses any write."""
    make(store)
    before = dump(store)

    with store.reading() as session:
        ensure_link(session, KEY, ADA, Purpose.run, 7, LATER + timedelta(days=100))
        ensure_link(session, KEY, ADA, Purpose.home, 0, LATER)
        assert session.exec(select(Link)).all()

    assert dump(store) == before


def test_links_long_past_are_deleted_and_others_stay(store: Store) -> None:
    make(store, target=1, until=AT - timedelta(days=1))
    make(store, target=2, until=AT + timedelta(days=1))

    with store.writing() as session:
        delete_links_expired_before(session, AT)

    with store.reading() as session:
        assert session.exec(select(Link.target)).all() == [2]


def test_who_is_deleted_takes_their_links_along(store: Store) -> None:
    make(store, ADA)
    make(store, MALLORY)

    with store.writing() as session:
        session.delete(session.get_one(Person, ADA))

    with store.reading() as session:
        assert session.exec(select(Link.person_id)).all() == [MALLORY]


def test_ids_of_links_tell_nothing_of_the_order_in_which_they_were_made(store: Store) -> None:
    with store.writing() as session:
        made = [parts_of(ensure_link(session, KEY, ADA, Purpose.run, number, LATER))[0] for number in range(60)]

    assert sorted(made) != made
    assert all(re.fullmatch(r"[\w-]{12}", one) for one in made)
