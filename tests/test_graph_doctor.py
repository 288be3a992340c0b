"""What the doctor says of Entra: it signs in, and reads nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.graph_server import Graph, run_graph
from tests.graph_ways import ENTRA, give, settings_of


@pytest.fixture
def graph() -> Iterator[Graph]:
    with run_graph() as made:
        yield made


@pytest.fixture
def env(store: Store, graph: Graph, tmp_path: Path) -> dict[str, str]:
    return settings_of(store, graph, tmp_path, ENTRA)


def test_it_signs_in_and_says_that_nothing_was_read_yet(env: dict[str, str], graph: Graph) -> None:
    result = give(env, "doctor", "entra")

    assert "signed in, and the app may do what it needs" in result.output
    assert "nothing has been read yet; medvirk directory sync does it" in result.output
    assert graph.asked == []


def test_a_permission_that_the_mapping_needs_and_the_app_lacks_is_wrong(env: dict[str, str], graph: Graph) -> None:
    graph.granted = ("User.Read.All",)

    result = give(env, "doctor", "entra")

    assert result.exit_code == 1
    assert "the app lacks GroupMember.Read.All, to read who is in the groups of the mapping" in result.output


def test_a_wrong_secret_and_a_mistake_in_the_mapping_are_wrong(env: dict[str, str], tmp_path: Path) -> None:
    refused = give({**env, "MEDVIRK_GRAPH_CLIENT_SECRET": "another"}, "doctor", "entra")
    (tmp_path / "entra.yaml").write_text("langauge: nn\n", encoding="utf-8")
    mistaken = give(env, "doctor", "entra")

    assert "AADSTS7000215" in refused.output
    assert "line 1: 'langauge' is not known here" in mistaken.output
    assert (refused.exit_code, mistaken.exit_code) == (1, 1)


def test_the_secrets_last_day_is_asked_for_and_told_of_before_it_comes(env: dict[str, str]) -> None:
    unknown = give(env, "doctor", "entra")
    ended = give({**env, "MEDVIRK_GRAPH_SECRET_EXPIRES": "2020-05-31"}, "doctor", "entra")

    assert "MEDVIRK_GRAPH_SECRET_EXPIRES is not set; write the day" in unknown.output
    assert "the secret has ended (2020-05-31): nothing is read from Entra" in ended.output
    assert ended.exit_code == 1


def test_where_it_is_off_it_says_how_it_is_switched_on(store: Store) -> None:
    url = store.url.render_as_string(hide_password=False)

    assert "off; set MEDVIRK_GRAPH_TENANT_ID" in give({"MEDVIRK_DATABASE_URL": url}, "doctor", "entra").output
