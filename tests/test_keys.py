"""The key folder: readable by the product alone, never half written, and a destroyed key is gone."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nacl.public import PublicKey, SealedBox

from storage.keys import KeyFolder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_and_every_key_in_it_can_be_read_by_the_owner_alone(keys_folder: Path) -> None:
    before = os.umask(0)  # even where the machine is careless
    try:
        keys = KeyFolder(keys_folder)
        keys.make_run_key(1)
        keys.server_secret("links")
    finally:
        os.umask(before)

    assert mode_of(keys_folder) == 0o700
    assert {mode_of(path) for path in keys_folder.iterdir()} == {0o600}


def test_what_is_sealed_to_the_public_key_is_opened_by_the_private_one_in_the_folder(keys_folder: Path) -> None:
    keys = KeyFolder(keys_folder)
    public = keys.make_run_key(7)

    sealed = SealedBox(PublicKey(public)).encrypt(b"hello")
    private = KeyFolder(keys_folder).run_key(7)

    assert private is not None
    assert SealedBox(private).decrypt(sealed) == b"hello"


def test_a_destroyed_key_is_gone_and_was_overwritten_first(keys_folder: Path) -> None:
    keys = KeyFolder(keys_folder)
    keys.make_run_key(7)
    path = keys_folder / "run-7.key"
    before = path.read_bytes()
    os.link(path, keys_folder / "the same bytes on the disk")

    keys.destroy_run_key(7)

    assert keys.run_key(7) is None
    assert not path.exists()
    assert (keys_folder / "the same bytes on the disk").read_bytes() != before


def test_destroying_twice_or_what_never_was_does_no_harm(keys_folder: Path) -> None:
    keys = KeyFolder(keys_folder)
    keys.make_run_key(7)

    keys.destroy_run_key(7)
    keys.destroy_run_key(7)
    keys.destroy_run_key(8)

    assert list(keys_folder.iterdir()) == []


def test_a_key_that_cannot_be_removed_says_so(keys_folder: Path) -> None:
    (keys_folder / "run-7.key").mkdir(parents=True)  # nobody, not even root, opens a folder for writing

    with pytest.raises(OSError, match=r"run-7\.key"):
        KeyFolder(keys_folder).destroy_run_key(7)


def test_a_run_that_opens_after_its_opening_was_undone_gets_a_new_pair(keys_folder: Path) -> None:
    keys = KeyFolder(keys_folder)

    first, second = keys.make_run_key(7), keys.make_run_key(7)

    private = keys.run_key(7)
    assert private is not None
    assert first != second == bytes(private.public_key)


def test_runs_have_keys_of_their_own(keys_folder: Path) -> None:
    keys = KeyFolder(keys_folder)

    assert keys.make_run_key(1) != keys.make_run_key(2)

    keys.destroy_run_key(1)
    assert keys.run_key(2) is not None


def test_a_server_secret_is_made_once_and_stays(keys_folder: Path) -> None:
    first = KeyFolder(keys_folder).server_secret("links")

    assert len(first) == 32
    assert KeyFolder(keys_folder).server_secret("links") == first
    assert KeyFolder(keys_folder).server_secret("forms") != first


def test_many_who_ask_for_a_new_secret_at_once_get_the_same_one(keys_folder: Path) -> None:
    with ThreadPoolExecutor(16) as askers:
        secrets = set(askers.map(lambda _: KeyFolder(keys_folder).server_secret("links"), range(64)))

    assert len(secrets) == 1
    assert [path.name for path in keys_folder.iterdir()] == ["server-links.key"]  # and no draft is left behind
