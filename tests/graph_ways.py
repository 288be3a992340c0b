"""The ways tests use Entra: a mapping file, the command in a terminal, and what came of it."""

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result
from sqlmodel import select

from bot.__main__ import main
from storage.store import Store
from storage.tables import Address, Membership, Person, Role, Unit
from tests.graph_server import CLIENT_ID, SECRET, TEAMS_APP, TENANT, Graph, object_id

WARD, OFFICE, DEMENTIA, COORDINATORS, EVERYBODY = (object_id(number) for number in range(9001, 9006))
TOP = "Solvik kommune"
ENTRA = f"""people: entra
units:
  - group: {WARD}
    path: {TOP} / Sykehjem / Avdeling 2
  - group: {OFFICE}
    path: {TOP} / NAV
    employer: Staten
resource_groups:
  - path: {TOP} / Ressursgruppe demens
    group: {DEMENTIA}
    coordinators: {COORDINATORS}
"""
GROUPS_ALONE = f"""resource_groups:
  - path: Solvik / Ressursgruppe demens
    group: {DEMENTIA}
"""


def settings_of(store: Store, graph: Graph, folder: Path, mapping: str | None = None) -> dict[str, str]:
    """The environment of a command that reads this Entra."""
    origin = graph.url.removesuffix("/v1.0")
    env = {
        "MEDVIRK_DATABASE_URL": store.url.render_as_string(hide_password=False),
        "MEDVIRK_KEYS_DIR": str(folder / "keys"),
        "MEDVIRK_GRAPH_TENANT_ID": TENANT,
        "MEDVIRK_GRAPH_CLIENT_ID": CLIENT_ID,
        "MEDVIRK_GRAPH_CLIENT_SECRET": SECRET,
        "MEDVIRK_GRAPH_TEAMS_APP": TEAMS_APP,
        "MEDVIRK_GRAPH_URL": graph.url,
        "MEDVIRK_GRAPH_LOGIN_URL": origin,
    }
    if mapping is not None:
        file = folder / "entra.yaml"
        file.write_text(mapping, encoding="utf-8")
        env["MEDVIRK_GRAPH_MAPPING"] = str(file)
    return env


def give(env: Mapping[str, str], *arguments: str) -> Result:
    """A command in a terminal at which nobody sits."""
    return CliRunner().invoke(main, list(arguments), env=dict(env))


def active(store: Store) -> set[str]:
    """The first names of the active people."""
    with store.reading() as session:
        names = session.exec(select(Person.name).where(Person.active == True)).all()  # noqa: E712
    return {name.split()[0] for name in names}


def in_teams(store: Store) -> dict[str, str]:
    """First name -> address there."""
    with store.reading() as session:
        query = select(Person.name, Address.value).join(Address).where(Address.channel == "teams")
        return {name.split()[0]: value for name, value in session.exec(query)}


def belonging(store: Store) -> set[tuple[str, str, str]]:
    """(first name, the unit's own name, kind) of each membership."""
    with store.reading() as session:
        query = select(Person.name, Unit.name, Membership.kind).select_from(Membership).join(Person).join(Unit)
        return {(name.split()[0], unit, kind) for name, unit, kind in session.exec(query)}


def roles(store: Store) -> set[tuple[str, str, str]]:
    """(first name, the unit's own name, role)."""
    with store.reading() as session:
        query = select(Person.name, Unit.name, Role.name).select_from(Role).join(Person).join(Unit)
        return {(name.split()[0], unit, role) for name, unit, role in session.exec(query)}
