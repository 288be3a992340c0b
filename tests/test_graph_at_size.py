"""A whole agency in Entra: read whole, again, and changed, in memory that any server has."""

from pathlib import Path

import pytest

from tests.bench.entra import measure_readings

pytest.importorskip("msgraph", reason="Microsoft's library is not installed")
pytestmark = pytest.mark.slow
PEOPLE, CHANGED = 50_000, 1_000
MOST_MEGABYTES = 300


def test_fifty_thousand_accounts_are_read_again_and_changed_in_little_memory(database_url: str, tmp_path: Path) -> None:
    done = measure_readings(PEOPLE, CHANGED, tmp_path, database_url)

    assert "people: 50000 new, 0 changed" in done[0].output
    assert "nothing has changed" in done[1].output
    assert "people: 0 new, 1000 changed, 0 deactivated" in done[2].output
    assert max(one.megabytes for one in done) < MOST_MEGABYTES
