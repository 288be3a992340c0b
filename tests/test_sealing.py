"""Sealing: one envelope looks like another, whatever was written, and opens with the run's key alone."""

import json
from functools import partial
from operator import mul
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from flows.engine import Mended, Progress, find_next, take
from flows.fields import ChooseSeveral, DateField, NumberField, TextField, WithOptions
from flows.model import Flow
from storage.sealing import DoesNotFit, open_sealed, padded_size, seal
from tests.office import shipped

KEY = PrivateKey.generate()
PUBLIC = bytes(KEY.public_key)
TEXT = {"nb": "Hva?", "nn": "Kva?", "en": "What?"}
OPTIONS = [{"id": one, **TEXT} for one in ("a", "b", "c_and_a_very_long_id_for_a_small_option")]


def flow_with(*fields: dict[str, Any]) -> Flow:
    """An anonymous flow that asks for these fields, each on a card of its own."""
    steps = [{"id": f"step_{i}", "fields": [{"label": TEXT, **field}]} for i, field in enumerate(fields)]
    return Flow.model_validate({**shipped("pulse").to_json(), "steps": steps})


EVERYTHING = flow_with(
    {"id": "words", "kind": "text", "max_length": 200},
    {"id": "more_words", "kind": "text", "max_length": 37},
    {"id": "several", "kind": "choose_several", "options": OPTIONS},
    {"id": "number", "kind": "number", "least": -1e300, "most": 1e300},
    {"id": "day", "kind": "date"},
)


def field_values(flow: Flow) -> st.SearchStrategy[dict[str, list[str]]]:
    """What anybody could send for each field, the longest and the oddest too."""
    strategies: dict[str, st.SearchStrategy[list[str]]] = {}
    for field in flow.fields:
        match field:
            case TextField():
                letters = st.sampled_from('\U0001f680"\\\n\x00æ\u2028\ud800a') | st.characters()
                texts = st.one_of(
                    st.text(letters, max_size=field.max_length), letters.map(partial(mul, field.max_length))
                )
                strategies[field.id] = st.lists(texts, max_size=2)
            case ChooseSeveral() | WithOptions():
                strategies[field.id] = st.lists(st.sampled_from(field.option_ids), unique=True)
            case NumberField():
                strategies[field.id] = st.floats(-1e29, 1e29).map(lambda number: [f"{number:.20f}"])
            case DateField():
                strategies[field.id] = st.dates().map(lambda day: [day.isoformat()])
    return st.fixed_dictionaries({}, optional=strategies)


def go_through(flow: Flow, form: dict[str, list[str]]) -> dict[str, Any]:
    """The submission that comes of a form; a field that is refused is left open."""
    progress = Progress()
    while find_next(flow, progress) is not None:
        taken = take(flow, progress, form)
        if isinstance(taken, Mended):
            form = {name: values for name, values in form.items() if name not in taken.problems}
        else:
            progress = taken
    return {"bucket": 2**40, "values": dict(progress.values)}


@given(field_values(EVERYTHING))
def test_whatever_the_form_lets_through_fits_and_all_envelopes_have_one_length(form: dict[str, list[str]]) -> None:
    submission, size = go_through(EVERYTHING, form), padded_size(EVERYTHING)

    sealed = seal(PUBLIC, submission, size)

    assert len(sealed) == len(seal(PUBLIC, {"bucket": 1, "values": {}}, size))
    assert open_sealed(KEY, sealed) == submission


def test_the_longest_texts_of_the_largest_flow_fit() -> None:
    flow = flow_with(*({"id": f"text_{i}", "kind": "text", "max_length": 3_000} for i in range(5)))
    for sign in ("a", '"', "\\", "\n", "\U0001f600", "\u2028"):
        values = {field.id: (f"x{sign * 3_000}")[:2_999] + "x" for field in flow.fields}

        assert open_sealed(KEY, seal(PUBLIC, {"bucket": 1, "values": values}, padded_size(flow)))["values"] == values


def test_the_pulse_has_room_to_spare_in_every_direction() -> None:
    flow = shipped("pulse")
    longest = {field.id: max(field.option_ids, key=len) for field in flow.fields if isinstance(field, WithOptions)}

    assert seal(PUBLIC, {"bucket": 999_999_999, "values": longest}, padded_size(flow))


def test_the_same_submission_sealed_twice_looks_different() -> None:
    submission = {"bucket": 1, "values": {"words": "the same"}}

    assert seal(PUBLIC, submission, 500) != seal(PUBLIC, submission, 500)


def test_nothing_of_what_was_written_can_be_read_in_the_envelope() -> None:
    sealed = seal(PUBLIC, {"bucket": 1, "values": {"words": "solnedgang " * 10}}, 900)

    assert b"solnedgang" not in sealed
    assert b"words" not in sealed
    assert b"\0\0\0\0\0\0\0\0" not in sealed  # the padding is inside


def test_another_key_or_a_changed_envelope_opens_nothing() -> None:
    sealed = seal(PUBLIC, {"bucket": 1, "values": {}}, 300)

    with pytest.raises(CryptoError):
        open_sealed(PrivateKey.generate(), sealed)
    for place in (0, 40, len(sealed) - 1):
        with pytest.raises(CryptoError):
            open_sealed(KEY, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])


def test_a_submission_larger_than_the_flow_allows_is_refused_rather_than_cut() -> None:
    submission = {"bucket": 1, "values": {"words": "x" * 100}}
    length = len(json.dumps(submission, separators=(",", ":")))

    with pytest.raises(DoesNotFit, match=f"The submission has {length} bytes; the flow allows {length - 1}"):
        seal(PUBLIC, submission, length + 3)
    assert seal(PUBLIC, submission, length + 4)
