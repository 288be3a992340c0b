"""What tests share: a real store, migrated once and copied for each test, on SQLite or PostgreSQL by one variable."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.migrate import upgrade
from storage.store import Store
from tests.office import Office
from tests.slack_installs import Two, install_both, open_two
from tests.slack_proxy import Proxy, stand_between
from tests.slack_server import OTHER_DOMAIN, run_slack, what_is_missing
from tests.teams_server import Teams, run_teams
from tests.teams_ways import Tenant

POSTGRES = os.environ.get("MEDVIRK_TEST_POSTGRES", "")
MUST_RUN_ALL = bool(os.environ.get("MEDVIRK_TEST_MUST_RUN_ALL"))
MAY_BE_LEFT_OUT = ("oracle", "mount")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on a database are told from pure ones, so that `make check` stays quick. Files with slow tests come first:
    what takes a minute and begins last keeps one processor waiting for the other."""
    for item in items:
        if "make_database" in getattr(item, "fixturenames", ()):
            item.add_marker("stored")
    others = "sqlite" if POSTGRES else "postgres"
    items[:] = [item for item in items if item.get_closest_marker(others) is None]
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def make_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A maker of fresh databases with today's tables; each call gives the address of a new one."""
    if POSTGRES:
        yield from _make_on_postgres()
        return
    template = tmp_path_factory.mktemp("template") / "template.sqlite3"
    store = Store(f"sqlite:///{template}")
    upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()

    def copy() -> str:
        path = tmp_path_factory.mktemp("database") / "medvirk.sqlite3"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    yield copy  # noqa: PT022  the other branch has something to clear away


def _make_on_postgres() -> Iterator[Callable[[], str]]:
    with _postgres_server() as create:
        template = create(None)
        store = Store(template)
        upgrade(store)
        store.close()
        yield lambda: create(str(store.url.database))


@contextmanager
def _postgres_server() -> Iterator[Callable[[str | None], str]]:
    """A maker of databases on the server, empty or from a template; each call gives an address. They go at the end."""
    server = make_url(POSTGRES)
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def create(template: str | None) -> str:
        name = f"medvirk_{uuid.uuid4().hex[:12]}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
        made.append(name)
        return server.set(database=name).render_as_string(hide_password=False)

    yield create
    with admin.connect() as connection:
        for name in reversed(made):
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def make_empty(make_database: Callable[[], str], tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A maker of databases without a table, on the database the suite runs on; each call gives an address."""
    if not POSTGRES:
        yield lambda: f"sqlite:///{tmp_path / f'empty-{uuid.uuid4().hex[:6]}.sqlite3'}"
        return
    with _postgres_server() as create:
        yield lambda: create(None)


@pytest.fixture
def database_url(make_database: Callable[[], str]) -> str:
    """The address of a fresh, migrated database."""
    return make_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a fresh, migrated database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def make_office(store: Store, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """A maker of made-up offices on the one store; `Office` says what may be chosen."""
    made: list[Office] = []

    def make(**chosen: Any) -> Office:
        made.append(Office(store, tmp_path, **chosen))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """The made-up office on its first morning, with the flows that come with Medvirk."""
    return make_office()


@pytest.fixture(scope="session")
def slack_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Slack on this machine, started once."""
    if missing := what_is_missing():
        pytest.skip(f"no Slack to test against: {missing}")
    with run_slack(tmp_path_factory.mktemp("slack")) as url:
        yield url


@pytest.fixture(scope="session")
def other_slack_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another, with a workspace of its own."""
    if missing := what_is_missing():
        pytest.skip(f"no Slack to test against: {missing}")
    with run_slack(tmp_path_factory.mktemp("other_slack"), OTHER_DOMAIN) as url:
        yield url


@pytest.fixture
def two_slacks(slack_url: str, other_slack_url: str) -> Iterator[Proxy]:
    """What stands before both, as one Slack with two workspaces."""
    with stand_between(slack_url, other_slack_url) as proxy:
        yield proxy


@pytest.fixture
def two(make_office: Callable[..., Office], two_slacks: Proxy) -> Two:
    """An app that may be installed in two workspaces of Slack, and is in neither."""
    return open_two(make_office, two_slacks)


@pytest.fixture
def installed(two: Two) -> Two:
    """The same, installed in both."""
    return install_both(two)


@pytest.fixture
def slack_proxy(slack_url: str) -> Iterator[Proxy]:
    """What stands before that Slack, for one test."""
    with stand_between(slack_url) as proxy:
        yield proxy


@pytest.fixture
def teams() -> Iterator[Teams]:
    """A strict Teams on this machine, for one test."""
    with run_teams() as one:
        yield one


@pytest.fixture
def make_tenant(teams: Teams) -> Iterator[Callable[..., Tenant]]:
    """A maker of tenants of that Teams with an office in them; `Tenant` says what may be chosen."""
    made: list[Tenant] = []

    def make(office: Office, **chosen: Any) -> Tenant:
        made.append(Tenant(office, teams, **chosen))
        return made[-1]

    yield make
    for one in made:
        one.office.run(one.channel.close())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say visibly, after everything else, what was left out and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = sorted({str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped if report.longrepr})
    if not POSTGRES:
        reasons.append("PostgreSQL: set MEDVIRK_TEST_POSTGRES to a server's address to run the suite on it too")
    if reasons:
        terminalreporter.section("left out")
        for reason in reasons:
            terminalreporter.line(f"  {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything must run, a test that was left out is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not MUST_RUN_ALL or reporter is None:
        return
    left_out = [
        report.nodeid
        for report in reporter.stats.get("skipped", [])
        if not any(marker in report.keywords for marker in MAY_BE_LEFT_OUT)
    ]
    if left_out:
        reporter.write_line(f"left out, though everything must run: {', '.join(left_out)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
