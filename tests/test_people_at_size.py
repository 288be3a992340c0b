"""A whole agency in one file: imported whole, again, and changed, in memory that any server has."""

from pathlib import Path

import pytest

from tests.bench.measured import measure
from tests.bench.municipality import make_lines

pytestmark = pytest.mark.slow
PEOPLE = 50_000
MOST_MEGABYTES = 300


def test_fifty_thousand_people_are_imported_again_and_changed_in_little_memory(
    database_url: str, tmp_path: Path
) -> None:
    file, changed = tmp_path / "first.csv", tmp_path / "changed.csv"
    file.write_text("\n".join(make_lines(PEOPLE)), encoding="utf-8")
    changed.write_text("\n".join(make_lines(PEOPLE, changed=1_000)), encoding="utf-8")

    done = [
        measure("people", "import", str(one), "--on", "2027-01-04", MEDVIRK_DATABASE_URL=database_url)
        for one in (file, file, changed)
    ]

    assert "people: 50000 new, 0 changed" in done[0].output
    assert "nothing has changed" in done[1].output
    assert "people: 0 new, 1000 changed, 0 deactivated" in done[2].output
    assert max(one.megabytes for one in done) < MOST_MEGABYTES
