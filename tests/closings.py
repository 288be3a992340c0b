"""Rounds of the pulse in the made-up office, answered by many."""

from flows.model import Flow
from tests.office import ADA, GRACE, WARD, Office, crowd, on, shipped

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
