"""Attacks on what is stored, by somebody who has the database: its raw bytes, two backups, the log; after close the key
folder too. Not who answered, which nobody is told; and where a backup tells even that, it must not help.

In these rounds everybody gives a number of their own and writes a text of their own, so that it would show whose an
answer is, and the adversary knows in which order they came.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from sqlmodel import SQLModel

from bot.scheduling import tick
from flows.model import Flow
from storage.sealing import open_sealed
from storage.store import Store
from tests.browsing import dump
from tests.looking_into import Backup, back_up, copy_folder, read_raw
from tests.office import OTHER_WARD, WARD, Office, on, oslo, shipped

MakeOffice = Callable[..., Office]

WORDS = {"nb": "Hva?", "nn": "Kva?", "en": "What?"}
CLOSED = "2027-01-15 12:00"
SECRET = "Ada-wrote-this"
LEAST = 5  # respondents, before anything about a group is known to anybody
LUCK = 8  # of 26 pairs guessed blindly one is right; more than eight, once in a million rounds


def numbered() -> Flow:
    """An anonymous flow that asks for a number and a text."""
    fields = [
        {"id": "number", "kind": "number", "label": WORDS, "most": 1e15},
        {"id": "remark", "kind": "text", "label": WORDS, "max_length": 200},
    ]
    return shipped("pulse", schedule=on("2027-01-04"), steps=[{"id": "only", "fields": fields}])


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    office = make_office(flows=[numbered()])
    office.pass_time("2027-01-04 12:00")
    return office


@pytest.fixture
def names(office: Office) -> list[str]:
    """Those who answer, in the order in which they do: not by name, by number or by unit."""
    staff = [*office.staff(WARD), *office.staff(OTHER_WARD)]
    random.Random(7).shuffle(staff)
    return staff


def answer_in_order(office: Office, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        office.answer(name, "pulse", {"number": str(number), "remark": f"Remark of number {number}."})


def numbers_in(backup: Backup) -> list[int]:
    """The opened answers, as they lie in their table."""
    documents = [row["values"] for row in backup["answer"]]
    return [int((json.loads(one) if isinstance(one, str) else one)["number"]) for one in documents]


def remarks_in(backup: Backup) -> list[int]:
    """The opened texts, as they lie in their table, each by the number its writer gave."""
    return [int(row["text"].split()[-1].rstrip(".")) for row in backup["free_text"]]


def count_matches(guess: Sequence[int], truth: Sequence[int]) -> int:
    return sum(one == other for one, other in zip(guess, truth, strict=True))


# While the round is open


def test_nothing_written_can_be_found_while_the_round_is_open(office: Office, store: Store) -> None:
    office.answer("Ada", "pulse", {"number": "412799412799412", "remark": SECRET})

    for found in (read_raw(store), back_up(store).text.encode()):
        assert SECRET.encode() not in found
        assert b"412799412799412" not in found
        assert b"Europe/Oslo" in found  # the run itself is there: the search does find what is


def test_all_envelopes_have_one_length_and_no_two_are_alike(office: Office, store: Store) -> None:
    office.answer("Ada", "pulse", {"number": "1", "remark": ""})
    office.answer("Jonas", "pulse", {"number": "1", "remark": ""})
    office.answer("Pawel", "pulse", {"number": "999999", "remark": "\U0001f600" * 200})

    sealed = [bytes(row["sealed"]) for row in back_up(store)["envelope"]]

    assert [len(one) for one in sealed] == [len(sealed[0])] * 3
    assert len(set(sealed)) == 3


def test_there_is_no_room_for_who_when_where_or_in_which_language() -> None:
    """A column more in one of these tables is a promise less: think first, then change this test."""
    columns = {name: set(table.columns.keys()) for name, table in SQLModel.metadata.tables.items()}

    assert columns["envelope"] == {"run_id", "code_hash", "sealed"}
    assert columns["participation"] == {"run_id", "person_id", "unit_id", "bucket", "reader_id", "answered"}
    assert columns["free_text"] == {"id", "run_id", "unit_id", "field", "text"}
    of_named_answers = {"person_id", "reader_id", "given_on", "is_offer", "has_copy"}  # empty in opened ones: see below
    of_offers = {"ends_on", "asked_reader_id", "consent_refused", "shown_from"}  # likewise
    assert columns["answer"] == {"id", "run_id", "unit_id", "values"} | of_named_answers | of_offers


def test_an_answer_changes_the_mark_and_the_envelope_and_nothing_else(office: Office, store: Store) -> None:
    page = office.open("Ada", "pulse")
    before = dump(store)

    page.tap("send", {"number": "1", "remark": SECRET})

    assert {name for name, rows in dump(store).items() if rows != before[name]} == {"envelope", "participation"}


def test_looking_at_the_form_turning_its_language_or_putting_it_off_leaves_no_trace(
    office: Office, store: Store
) -> None:
    page = office.open("Ada", "pulse")
    before = dump(store)

    page.tap("language:nn", {"remark": SECRET}).tap("later")
    office.open("Ada", "pulse").tap("send", {"number": "no number", "remark": SECRET})

    assert dump(store) == before


def test_an_envelope_opens_with_the_key_in_the_folder_and_with_nothing_else(office: Office, store: Store) -> None:
    office.answer("Ada", "pulse", {"number": "1", "remark": SECRET})
    run = office.runs()[0]
    (sealed,) = (bytes(row["sealed"]) for row in back_up(store)["envelope"])
    key = office.parts.keys.run_key(run.id or 0)
    assert key is not None
    assert run.public_key is not None

    for tried in (bytes(32), run.public_key, bytes(PrivateKey.generate())):
        with pytest.raises(CryptoError):
            open_sealed(PrivateKey(tried), sealed)

    # What remains and is said openly: who holds database and key folder during the round could open it.
    assert open_sealed(key, sealed)["values"]["remark"] == SECRET
    assert bytes(key) not in read_raw(store)


def test_nobodys_pages_tell_whether_anybody_has_answered(office: Office, names: list[str]) -> None:
    office.pass_time("2027-01-11 12:00")
    readers = ("Grace", "Jonas", "Sverre")
    before = [office.inbox(reader) for reader in readers]

    answer_in_order(office, [name for name in names if name not in readers])

    assert [office.inbox(reader) for reader in readers] == before


# After it has closed


def test_after_close_an_answer_has_no_person_no_time_and_no_place_in_the_order(
    office: Office, store: Store, names: list[str]
) -> None:
    answer_in_order(office, names)
    office.pass_time(CLOSED)

    after = back_up(store)

    assert sorted(numbers_in(after)) == sorted(remarks_in(after)) == list(range(len(names)))
    for row in after["answer"]:
        assert (row["person_id"], row["reader_id"], row["given_on"]) == (None, None, None)
        assert (row["ends_on"], row["asked_reader_id"], row["shown_from"]) == (None, None, None)
        assert [bool(row[one]) for one in ("is_offer", "consent_refused", "has_copy")] == [False] * 3
    assert after["participation"] == after["envelope"] == []
    for table in ("answer", "free_text"):
        keys = [row["id"] for row in after[table]]
        assert keys == sorted(keys)  # they lie by their keys, on PostgreSQL too
        assert len({key[:8] for key in keys}) == len(keys)  # and those are random
        assert len({row.get("xmin") for row in after[table]}) == 1  # and were written in one go
    in_order = range(len(names))
    assert count_matches(numbers_in(after), in_order) <= LUCK
    assert count_matches(remarks_in(after), in_order) <= LUCK


def test_after_close_nothing_puts_a_text_together_with_the_same_persons_choices(
    office: Office, store: Store, names: list[str]
) -> None:
    answer_in_order(office, names)
    office.pass_time(CLOSED)

    after = back_up(store)

    assert not {row["id"] for row in after["answer"]} & {row["id"] for row in after["free_text"]}
    assert count_matches(numbers_in(after), remarks_in(after)) <= LUCK
    assert "Remark" not in repr(after["answer"])


def test_two_backups_together_do_not_tell_who_gave_which_answer(
    office: Office, store: Store, names: list[str], tmp_path: Path
) -> None:
    """The one from during the round tells who answered; on PostgreSQL it even ties each envelope to its sender, as
    they were written together. That is as far as it goes: no envelope leads to an answer."""
    answer_in_order(office, names)
    during = back_up(store)
    key = office.parts.keys.run_key(1)
    assert key is not None
    sealed = [bytes(row["sealed"]) for row in during["envelope"]]
    truth = [int(open_sealed(key, one)["values"]["number"]) for one in sealed]  # what the adversary wants to know
    office.pass_time(CLOSED)
    after = back_up(store)
    folder_after = copy_folder(office.parts.keys.folder, tmp_path / "stolen")

    assert count_matches(truth, numbers_in(after)) <= LUCK
    assert count_matches(truth, remarks_in(after)) <= LUCK
    assert not any(str(row["code_hash"]) in after.text for row in during["envelope"])
    assert not any(one.hex() in after.text or repr(one) in after.text for one in sealed)
    for path in folder_after.iterdir():
        for one in sealed:
            with pytest.raises(CryptoError):
                open_sealed(PrivateKey(path.read_bytes()), one)


def test_who_knows_from_a_backup_who_answered_finds_no_group_small_enough_to_point_at(
    office: Office, store: Store
) -> None:
    """Three of one ward and twelve of the other have answered, says the backup; three answers marked with the first
    ward would be theirs. They count in what is published for both together, and are not kept."""
    answer_in_order(office, [*office.staff(WARD)[:3], *office.staff(OTHER_WARD)])
    during = back_up(store)
    answered = Counter(row["bucket"] for row in during["participation"] if row["answered"])
    office.pass_time(CLOSED)
    after = back_up(store)

    kept = Counter(row["unit_id"] for row in after["answer"])

    assert min(answered.values()) == 3
    assert kept
    assert min(kept.values()) >= LEAST
    assert {row["unit_id"] for row in after["free_text"]} <= kept.keys()


def test_after_close_the_raw_bytes_hold_no_envelope_and_no_hash_of_a_code(
    office: Office, store: Store, names: list[str]
) -> None:
    answer_in_order(office, names)
    during = back_up(store)
    hashes = [str(row["code_hash"]).encode() for row in during["envelope"]]
    assert all(one in read_raw(store) for one in hashes)

    office.pass_time(CLOSED)

    if store.is_sqlite:  # PostgreSQL leaves deleted rows lying until it needs the room, sealed as they are
        raw = read_raw(store)
        assert not any(one in raw for one in hashes)
        assert not any(bytes(row["sealed"])[:64] in raw for row in during["envelope"])


def test_the_outbox_treats_those_who_answered_like_all_others(office: Office, store: Store, names: list[str]) -> None:
    answered = names[:12]
    answer_in_order(office, answered)
    office.pass_time("2027-01-20 12:00")

    rows = back_up(store)["delivery"]

    of_person: dict[int, list[tuple[object, ...]]] = {}
    for row in sorted(rows, key=lambda row: str((row["kind"], row["about"]))):
        shape = tuple(row[name] for name in ("about", "channel", "kind", "ordinal", "state", "attempts", "trouble"))
        of_person.setdefault(row["person_id"], []).append(shape)
    asked = {row["person_id"] for row in rows if row["kind"] == "question"}
    assert asked > {office.id_of(name) for name in answered}
    employees = [office.id_of(name) for name in names if name not in ("Grace", "Jonas", "Turid")]  # who get digests too
    assert len({repr(of_person[one]) for one in employees}) == 1
    assert "reminder" not in {row["kind"] for row in rows}
    assert {row["person_id"] for row in rows if row["kind"] == "result"} == asked


def test_the_log_of_a_round_tells_of_nobody(office: Office, store: Store, names: list[str]) -> None:
    before = len(back_up(store)["log_entry"])
    answer_in_order(office, names)
    office.pass_time("2027-01-20 12:00")

    entries = back_up(store)["log_entry"][before:]

    assert [(one["actor"], one["action"], one["object"]) for one in entries] == [("medvirk", "run closed", "run:1")]


def test_the_key_of_a_closed_round_is_gone_also_after_a_crash_between_commit_and_destruction(office: Office) -> None:
    office.answer("Ada", "pulse", {"number": "1", "remark": SECRET})
    office.pass_time("2027-01-15 08:59")
    at = oslo(CLOSED)
    office.parts.writer.do_now(lambda session: tick(session, office.parts, at))  # and here the process died
    assert office.runs()[0].state == "closed"
    assert office.parts.keys.run_key(1) is not None

    office.jump_to("2027-01-15 12:01")

    assert office.parts.keys.run_key(1) is None
    assert office.runs()[0].key_destroyed
    assert not [path for path in office.parts.keys.folder.iterdir() if path.name.startswith("run-")]


def test_a_key_that_cannot_be_removed_is_tried_again_and_holds_nothing_else_up(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    path = office.parts.keys.folder / "run-1.key"
    office.pass_time("2027-01-15 08:59")
    key = path.read_bytes()
    at = oslo(CLOSED)
    office.parts.writer.do_now(lambda session: tick(session, office.parts, at))
    path.unlink()
    path.mkdir()  # so that it can be neither opened nor unlinked, even by root

    office.jump_to("2027-01-15 12:01")

    assert not office.runs()[0].key_destroyed
    assert "run 1" in caplog.text
    assert "Dette kom ut av" in office.latest("Petra")  # the result was sent all the same
    path.rmdir()
    path.write_bytes(key)
    office.jump_to("2027-01-15 12:02")
    assert not path.exists()
    assert office.runs()[0].key_destroyed
