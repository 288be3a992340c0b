"""The mapping file: what it says, what is asked for because of it, and every mistake with its line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.directory.graph.mapping import NUMBERS, Mapping, MappingInvalid, read_mapping
from tests.graph_server import NAVIGATION, PROPERTIES
from tests.graph_ways import ENTRA, GROUPS_ALONE, WARD
from tests.teams_oracle import ORACLES

UNIT = f"people: entra\nunits:\n  - group: {WARD}\n    path: Solvik / Sykehjem\n"


def read(folder: Path, content: str) -> Mapping:
    file = folder / "entra.yaml"
    file.write_text(content, encoding="utf-8")
    return read_mapping(file)


def test_without_a_file_only_addresses_are_looked_for() -> None:
    mapping = read_mapping(None)

    assert (mapping.is_source, mapping.groups) == (False, {})
    assert mapping.select == ("id", "accountEnabled", "userType", "userPrincipalName", "mail", "employeeId")


def test_the_sample_can_be_used() -> None:
    mapping = read_mapping(Path(__file__).parents[1] / "deploy" / "sample" / "entra.yaml")

    assert mapping.is_source
    assert len(mapping.groups) == 6


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"entra\.yaml: is not there"):
        read_mapping(tmp_path / "entra.yaml")


def test_nothing_is_asked_for_that_the_mapping_has_no_use_for(tmp_path: Path) -> None:
    assert "displayName" not in read(tmp_path, GROUPS_ALONE).select
    assert "manager" in read(tmp_path, ENTRA).select
    assert "manager" not in read(tmp_path, f"leaders: csv\n{ENTRA}").select
    assert "department" not in read(tmp_path, ENTRA).select


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("langauge: nn\n", "tmp/entra.yaml, line 1: 'langauge' is not known here; did you mean 'language'?"),
        ("number: mail\n", "line 1: number: 'mail' cannot be the number; write employee_id, object_id"),
        ("people: hr\n", "line 1: people: 'hr' cannot stand here"),
        ("people: entra\n", "line 1: people: says entra, so units must say who belongs where; add them"),
        (UNIT.replace("entra", "csv"), "line 2: units: comes from the file where people come from there"),
        (UNIT.replace(WARD, "ward"), "line 3: units 1, group: 'ward' is no object id; copy it from the group's page"),
        (UNIT.replace(" / ", "/"), "line 4: units 1, path: 'Solvik/Sykehjem' has no spaces around the first slash"),
        (UNIT + "    department: Renhold\n", "line 3: units 1: needs a group or a department, and not both"),
        (UNIT + f"  - group: {WARD}\n    path: Solvik / NAV\n", "line 5: units 2, group: stands at another unit too"),
        (UNIT + "  - department: X\n    path: Annen\n", "line 6: units 2, path: is not under «Solvik»"),
        (UNIT + f"resource_groups:\n  - group: {WARD}\n    path: Solvik\n", "line 7: resource_groups 1, path: is a"),
        (UNIT + f"roles:\n  - group: {WARD}\n    path: Solvik\n    role: boss\n", "line 8: roles 1, role: 'boss'"),
        ("people: [\n", "this cannot be read as YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_to_write(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(MappingInvalid, match=re.escape(told.removeprefix("tmp/"))):
        read(tmp_path, content)


@pytest.mark.oracle
def test_every_property_that_may_be_asked_for_is_one_of_microsofts() -> None:
    file = ORACLES / "graph-user-properties.json"
    if not file.exists():
        pytest.skip(f"Microsoft's list of properties is not here ({file}); MEDVIRK_ORACLES names the folder")
    types = json.loads(file.read_text(encoding="utf-8"))["types"]
    known = {name for one in ("user", "directoryObject", "entity") for name in types[one]["properties"]}

    for number in NUMBERS:
        mapping = Mapping.model_validate({"number": number, "people": "csv"})
        assert set(mapping.select) <= known
    whole = Mapping.model_validate({"people": "entra", "units": [{"path": "Solvik", "department": "X"}]})
    assert set(whole.select) - {"manager"} <= known
    assert set(PROPERTIES) <= known
    assert NAVIGATION in types["user"]["navigation"]
    assert "transitiveMembers" in types["group"]["navigation"]
    assert "installedApps" in types["userTeamwork"]["navigation"]


SHOW = "import sys, bot.commands.serve, bot.commands.people, bot.commands.directory, bot.commands.sync, bot.app; "


def test_microsofts_library_is_not_imported_where_nothing_is_read_from_entra() -> None:
    code = SHOW + "from bot.watching.checks import GROUPS; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    foreign = {"msgraph", "msgraph_core", "kiota_http", "kiota_abstractions", "azure", "msal", "opentelemetry"}
    assert not foreign.intersection(name.partition(".")[0] for name in told.split())
