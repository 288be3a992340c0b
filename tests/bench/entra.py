"""A made-up Entra as large as one likes, and how much time and memory a reading of it takes: the first, one in which
nothing has changed, and one with some changes."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measured import Measured, measure
from tests.bench.municipality import FIRST_NAMES, LAST_NAMES
from tests.graph_server import CLIENT_ID, SECRET, TENANT, Graph, object_id, run_graph

PEOPLE = 50_000
CHANGED = 1_000
IN_A_GROUP = 100
GROUPS_FROM = 10_000_000


@contextmanager
def run_large_graph(people: int) -> Iterator[Graph]:
    """Units of a hundred, each a group, each with the first in it as the manager of the others; their managers are
    those of the first unit, and the first of all has none."""
    with run_graph() as graph:
        graph.on_a_page = 100
        for number in range(people):
            first = number - number % IN_A_GROUP
            above = first if number != first else number // IN_A_GROUP % IN_A_GROUP if number else None
            graph.add(
                number,
                f"{FIRST_NAMES[number % 12]} {LAST_NAMES[number // 12 % 10]}",
                employeeId=str(10_000 + number),
                mail=f"p{number}@storvik.example",
                manager=None if above is None else object_id(above),
            )
            group = object_id(GROUPS_FROM + number // IN_A_GROUP)
            graph.groups.setdefault(group, []).append(object_id(number))
        yield graph


def make_mapping(graph: Graph, folder: Path) -> Path:
    """Each group a unit."""
    file = folder / "entra.yaml"
    units = (
        f"  - {{group: {group}, path: Storvik kommune / Sektor {place // 25 + 1} / Avdeling {place + 1}}}"
        for place, group in enumerate(graph.groups)
    )
    file.write_text("\n".join(["people: entra", "units:", *units]), encoding="utf-8")
    return file


def environment(graph: Graph, mapping: Path, database_url: str) -> Mapping[str, str]:
    return {
        "MEDVIRK_DATABASE_URL": database_url,
        "MEDVIRK_KEYS_DIR": str(mapping.parent / "keys"),
        "MEDVIRK_GRAPH_TENANT_ID": TENANT,
        "MEDVIRK_GRAPH_CLIENT_ID": CLIENT_ID,
        "MEDVIRK_GRAPH_CLIENT_SECRET": SECRET,
        "MEDVIRK_GRAPH_URL": graph.url,
        "MEDVIRK_GRAPH_LOGIN_URL": graph.url.removesuffix("/v1.0"),
        "MEDVIRK_GRAPH_MAPPING": str(mapping),
    }


def change_some(graph: Graph, many: int) -> None:
    """So many have another name."""
    for one in list(graph.accounts)[:many]:
        graph.change(one, displayName="Ada Haug")


def measure_readings(people: int, changed: int, folder: Path, database_url: str) -> list[Measured]:
    """The first reading, one in which nothing has changed, and one with some changes."""
    with run_large_graph(people) as graph:
        env = environment(graph, make_mapping(graph, folder), database_url)
        done = [measure("directory", "sync", **env) for _ in range(2)]
        change_some(graph, changed)
        return [*done, measure("directory", "sync", **env)]


def main() -> None:
    """Print time and peak memory of each."""
    with tempfile.TemporaryDirectory(prefix="medvirk-bench-") as name:
        folder = Path(name)
        url = os.environ.get("MEDVIRK_BENCH_DATABASE_URL", f"sqlite:///{folder}/medvirk.sqlite3")
        labels = ("the first time", "nothing has changed", f"with {CHANGED} people changed")
        print(f"{f'Reading of {PEOPLE} accounts':44}{'seconds':>9}{'peak MB':>9}")
        for label, done in zip(labels, measure_readings(PEOPLE, CHANGED, folder, url), strict=True):
            print(f"{label:44}{done.seconds:9.1f}{done.megabytes:9.0f}")


if __name__ == "__main__":
    main()
