"""Closing a run: opened once, judged once, and what was sealed stays nowhere else."""

from datetime import timedelta

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from sqlmodel import select

from bot.channels.contract import DeliveryError
from storage import tables
from storage.log import entries_of
from storage.sealing import open_sealed
from storage.store import Store
from storage.tables import Answer, Envelope, FreeText, Participation
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.closings import NAMES, STAFF, answer_all, pulse, with_text
from tests.office import WARD, MakeOffice, Office, Post, line, on, said, shipped


def everything_stored(store: Store) -> str:
    """All that stands in the database, as one text: what somebody with a copy of it can read."""
    kept = [getattr(tables, name) for name in tables.__all__]
    with store.reading() as session:
        return "\n".join(repr(row.model_dump()) for table in kept for row in session.exec(select(table)))


def test_a_sealed_answer_cannot_be_read_before_the_deadline(make_office: MakeOffice, store: Store) -> None:
    office = make_office(flows=[with_text()], people=STAFF)
    office.pass_time("2027-01-04 12:00")

    office.answer(
        "Ada", "pulse", {"learnt_needed": "weekly", "remark": "Kaffen er for svak", "found_solution": "never"}
    )

    stored = everything_stored(store)
    assert "Kaffen" not in stored
    assert stored.count("weekly") == stored.replace("'weekly'", "").count("weekly") + stored.count("'weekly'")
    with office.reading() as session:
        envelope = session.exec(select(Envelope)).one()
    with pytest.raises(CryptoError):
        open_sealed(PrivateKey.generate(), envelope.sealed)


def test_every_envelope_of_a_run_has_the_same_size(make_office: MakeOffice) -> None:
    office = make_office(flows=[with_text()], people=STAFF)
    office.pass_time("2027-01-04 12:00")

    office.answer("Ada", "pulse", {"found_solution": "never"})
    office.answer("Bo", "pulse", {"found_solution": "every_shift", "used_strengths": "weekly", "remark": "🌞" * 200})

    with office.reading() as session:
        assert len({len(one.sealed) for one in session.exec(select(Envelope))}) == 1


def test_after_the_deadline_the_private_key_the_envelopes_and_the_participation_are_gone(
    make_office: MakeOffice,
) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    run = office.runs()[0]
    key = office.parts.keys.folder / f"run-{run.id}.key"
    answer_all(office, NAMES, weekly=6)
    was_there = key.exists()

    office.pass_time("2027-01-15 09:00")

    with office.reading() as session:
        assert session.exec(select(Envelope)).all() == []
        assert session.exec(select(Participation)).all() == []
        assert len(session.exec(select(Answer)).all()) == len(NAMES)
    assert was_there
    assert not key.exists()
    assert office.runs()[0].key_destroyed


def test_opened_answers_name_nobody_and_stand_in_no_order(make_office: MakeOffice) -> None:
    office = make_office(flows=[with_text()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    for i, name in enumerate(NAMES):
        office.answer(name, "pulse", {"learnt_needed": "weekly", "found_solution": "never", "remark": f"Merknad {i}"})

    office.pass_time("2027-01-15 12:00")

    with office.reading() as session:
        answers, texts = session.exec(select(Answer)).all(), session.exec(select(FreeText)).all()
    assert {(one.person_id, one.reader_id, one.given_on) for one in answers} == {(None, None, None)}
    assert {one.text for one in texts} == {f"Merknad {i}" for i in range(len(NAMES))}
    assert {one.id for one in answers}.isdisjoint(one.id for one in texts)
    assert [one.id for one in texts] == sorted(one.id for one in texts)  # as they lie in the table
    assert [one.id for one in answers] == sorted(one.id for one in answers)
    assert all("remark" not in one.values for one in answers)
    in_order = [f"Merknad {i}" for i in range(len(NAMES))]
    assert [one.text for one in sorted(texts, key=lambda one: one.id)] != in_order


def test_a_run_without_its_key_closes_and_the_log_says_what_was_lost(make_office: MakeOffice) -> None:
    """A backup was restored in mid-run: keys lie outside backups."""
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=6)
    (office.parts.keys.folder / f"run-{office.runs()[0].id}.key").unlink()

    office.pass_time("2027-01-15 12:00")

    with office.reading() as session:
        assert "sealed answers lost, key is gone" in [one.action for one in entries_of(session)]
    assert office.runs()[0].state == "closed"
    assert said("held_back.too_few", unit="Avdeling 1") in office.latest("Ada")


def test_an_envelope_from_elsewhere_is_left_out_and_the_rest_are_counted(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=5)
    with office.parts.store.writing() as session:
        session.add(Envelope(run_id=office.runs()[0].id or 0, code_hash="forged", sealed=b"nonsense" * 100))

    office.pass_time("2027-01-15 12:00")

    with office.reading() as session:
        assert "envelope could not be opened" in [one.action for one in entries_of(session)]
    assert "50 %" in office.latest("Ada")


def test_what_still_waits_when_a_run_closes_is_not_sent_and_a_reminder_leaves_no_row(make_office: MakeOffice) -> None:
    """The platform asked for patience until after the deadline."""
    post = Post()
    flow = pulse(deadline_days=3, remind_after_days=[2])
    office = make_office(flows=[flow], people=[*STAFF, line(400, "Linn Sand", WARD)], post=post)
    office.pass_time("2027-01-04 08:30")
    patience = DeliveryError("later", retry_after=timedelta(days=4))
    post.refuse = lambda address, card: patience if address == "400" else None
    office.pass_time("2027-01-06 08:59")
    post.refuse = lambda address, card: patience
    office.pass_time("2027-01-06 12:00")
    waiting = _waiting(office)

    post.refuse = lambda address, card: None
    office.pass_time("2027-01-07 09:00")

    assert waiting == {DeliveryKind.question: {"Linn"}, DeliveryKind.reminder: {"Ada", "Grace", *NAMES}}
    assert _waiting(office) == {DeliveryKind.question: set(), DeliveryKind.reminder: set()}
    assert office.deliveries(DeliveryKind.reminder) == []
    assert [one.state for one in office.deliveries(DeliveryKind.question)].count("cancelled") == 1
    assert "Linn" in office.got(DeliveryKind.result)  # who was to be asked, hears what came of it


def _waiting(office: Office) -> dict[DeliveryKind, set[str]]:
    """Who still waits for what."""
    kinds = (DeliveryKind.question, DeliveryKind.reminder)
    return {
        kind: office.names([one.person_id for one in office.deliveries(kind, DeliveryState.queued)]) for kind in kinds
    }


def test_named_answers_and_who_gave_them_stay_when_their_run_closes(make_office: MakeOffice) -> None:
    flow = shipped("unused_competence", schedule=on("2027-01-04"))
    office = make_office(flows=[flow], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    office.pass_time("2027-02-09 12:00")

    with office.reading() as session:
        answer = session.exec(select(Answer)).one()
    assert (answer.person_id, answer.reader_id) == (office.id_of("Ada"), office.id_of("Grace"))
    assert office.runs()[0].state == "closed"


def test_a_run_closes_once_however_late(make_office: MakeOffice) -> None:
    kinds = ("pulse", "theme_suggestion", "unused_competence")
    office = make_office(flows=[shipped(kind, schedule=on("2027-01-04")) for kind in kinds], people=STAFF)
    office.pass_time("2027-01-04 12:00")

    for moment in ("2027-02-26 12:00", "2027-02-26 12:01", "2027-03-01 12:00"):
        office.jump_to(moment)

    with office.reading() as session:
        closed = [one.object for one in entries_of(session) if one.action == "run closed"]
    assert sorted(closed) == sorted(f"run:{run.id}" for run in office.runs())
    results = [(one.about, one.person_id) for one in office.deliveries(DeliveryKind.result)]
    assert len(results) == len(set(results)) == 2 * len(STAFF)
