"""Closing a run: opened once, judged once, told to everybody who was asked; what was sealed stays nowhere else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from sqlmodel import select

from bot.channels.contract import DeliveryError
from flows.model import Flow
from storage import tables
from storage.log import entries_of
from storage.sealing import open_sealed
from storage.store import Store
from storage.tables import Answer, Envelope, FreeText, Participation, PublicationRow
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import ADA, GRACE, NIGHT, OTHER_WARD, WARD, Office, Post, crowd, line, on, said, shipped

MakeOffice = Callable[..., Office]

NAMES = ["Bo", "Cecilie", "Dan", "Elin", "Finn", "Gard", "Hege", "Iris", "Jens", "Kari"]
STAFF = (ADA, GRACE, *crowd(110, WARD, " ".join(NAMES)))  # twelve


def pulse(*days: str, **changes: object) -> Flow:
    return shipped("pulse", schedule=on(*(days or ("2027-01-04",))), **changes)


def with_text() -> Flow:
    """The pulse with a free text last."""
    steps = shipped("pulse").to_json()["steps"]
    words = dict.fromkeys(("nb", "nn", "en"), "Noe du vil legge til?")
    steps[0]["fields"][3] = {"id": "remark", "kind": "text", "max_length": 200, "label": words}
    return pulse(steps=steps)


def answer_all(office: Office, names: list[str], weekly: int) -> None:
    """All of these answer: so many "weekly", the rest "never"."""
    for i, name in enumerate(names):
        office.answer(name, "pulse", {"learnt_needed": "weekly" if i < weekly else "never"})


def everything_stored(store: Store) -> str:
    """All that stands in the database, as one text: what somebody with a copy of it can read."""
    kept = [getattr(tables, name) for name in tables.__all__]
    with store.reading() as session:
        return "\n".join(repr(row.model_dump()) for table in kept for row in session.exec(select(table)))


def test_the_result_goes_to_everybody_who_was_asked_whether_or_not_they_answered(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=6)

    office.pass_time("2027-01-15 12:00")

    assert office.got(DeliveryKind.result) == {"Ada", "Grace", *NAMES}
    texts = {office.latest(name) for name in ("Ada", "Bo", "Kari")}
    assert len(texts) == 1  # word for word the same
    assert "60 %" in texts.pop()


def test_figures_say_nothing_before_the_deadline(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=6)

    office.pass_time("2027-01-15 08:59")

    with office.reading() as session:
        assert session.exec(select(PublicationRow)).all() == []
        assert session.exec(select(Answer)).all() == []
    assert not any("%" in message for message in office.inbox("Grace"))


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


def test_the_result_waits_for_those_who_are_away_and_leaves_out_those_who_said_stop(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    office.home("Dan").tap("decline")
    office.import_people([*STAFF[:2], *(one for one in STAFF[2:] if "Elin" not in one), _elin_on_leave()])

    office.pass_time("2027-01-18 07:00")
    before = office.got(DeliveryKind.result)
    office.pass_time("2027-01-18 12:00")

    assert {"Ada", "Bo"} <= before
    assert {"Dan", "Elin"}.isdisjoint(before)
    assert "Elin" in office.got(DeliveryKind.result)
    assert "Dan" not in office.got(DeliveryKind.result)


def _elin_on_leave() -> str:
    number = next(one.split(";")[0] for one in STAFF if "Elin" in one)
    return line(int(number), "Elin Moen", WARD, leave="2027-01-08/2027-01-17")


def test_the_second_pulse_says_what_it_was_last_time(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-08 12:00")
    first = next(one for one in office.inbox("Ada") if "40 %" in one)

    answer_all(office, NAMES, weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert "sist" not in first
    assert f"70 % ({said('figure.before', figure='40 %')})" in office.latest("Ada")


def test_a_question_in_other_words_begins_a_new_series(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-01 12:00")

    steps = shipped("pulse").to_json()["steps"]
    steps[0]["fields"][3]["label"]["nb"] = "Hvor ofte lærte du noe nyttig?"
    office.flows["pulse"] = pulse("2027-01-04", "2027-02-08", steps=steps)
    office.pass_time("2027-02-08 12:00")
    answer_all(office, NAMES, weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert "70 %" in office.latest("Ada")
    assert "40 %" not in office.latest("Ada")


def test_a_group_of_other_units_is_not_compared_with_the_last_one(make_office: MakeOffice) -> None:
    """Last time the night shift was counted with the ward; now it is large enough alone."""
    night = crowd(300, NIGHT, "Vera Wenche Åse")
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=[*STAFF, *night])
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-01 12:00")
    together = office.latest("Ada")

    grown = crowd(310, NIGHT, "Tor Ulla Vidar Wilma Yngve Zara Liv Mia")
    office.import_people([*STAFF, *night, *grown])
    office.pass_time("2027-02-08 12:00")
    answer_all(office, [*NAMES, "Tor", "Ulla", "Vidar", "Wilma", "Yngve", "Zara", "Liv", "Mia"], weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert said("result.pooled", units="Avdeling 1 og Nattvakta") in together
    assert "70 %" in office.latest("Ada")
    assert "sist" not in office.latest("Ada")


def test_a_small_unit_reads_which_units_its_figures_hold_together(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()])
    office.pass_time("2027-01-04 22:00")
    everybody = [*office.staff(WARD), *office.staff(OTHER_WARD), *office.staff(NIGHT)]
    answer_all(office, everybody, weekly=20)

    office.pass_time("2027-01-16 12:00")

    together = next(one for one in office.inbox("Vera") if "Dette kom ut av" in one)
    assert said("result.pooled", units="Solvik, Avdeling 1 og Nattvakta") in together
    assert "samlet" not in office.latest("Bente")  # large enough alone


def test_where_too_few_answered_the_result_says_why_and_what_to_do_instead(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES[:3], weekly=3)

    office.pass_time("2027-01-15 12:00")

    result = office.latest("Ada")
    assert said("held_back.too_few", unit="Avdeling 1") in result
    assert said("held_back.question_one") in result


def test_a_theme_round_ends_in_the_themes_of_ones_own_unit(make_office: MakeOffice) -> None:
    office = make_office(flows=[shipped("theme_suggestion", schedule=on("2027-01-04"))])
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.answer("Bente", "theme_suggestion", {"suggestion": "Ergonomi"})

    office.pass_time("2027-01-16 12:00")

    ours, theirs = office.latest("Jonas"), office.latest("Turid")
    assert "«Uro om kvelden»" in ours
    assert "Grace Lie" in ours
    assert "Ergonomi" not in ours
    assert "«Ergonomi»" in theirs
    assert not any(name in ours for name in ("Ada", "Bente"))


def test_named_answers_and_who_gave_them_stay_when_their_run_closes(make_office: MakeOffice) -> None:
    flow = shipped("unused_competence", schedule=on("2027-01-04"))
    office = make_office(flows=[flow], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    office.pass_time("2027-01-19 12:00")

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
