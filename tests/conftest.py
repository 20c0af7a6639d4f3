"""Real databases for every test: SQLite in a file, and a PostgreSQL that the suite starts itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cost
import order
import own_postgresql
import pytest
import quick
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, db, patience, workspaces
from collector.config import Config
from collector.config import load as load_config
from collector.migrations import upgrade
from collector.migrations.models import metadata

quick.collect_garbage_rarely()
quick.hash_passwords_cheaply()
quick.wait_longer_for_postgresql()

# Properties run on busy machines too: no deadline per example.
hypothesis_settings.register_profile("no_deadline", deadline=None)
hypothesis_settings.load_profile("no_deadline")
DEAREST = 40
DATABASES = ("sqlite", "postgresql")
SECRET = "test-secret-that-is-long-enough-0123456789"


def pytest_configure(config: pytest.Config) -> None:
    """Before xdist starts its workers, which inherit the server's name and take the files in our order."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False
    server = own_postgresql.one_for_this_run()
    server.__enter__()
    config.add_cleanup(lambda: server.__exit__(None, None, None))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest has put the tests of each parametrised fixture side by side."""
    items[:] = order.longest_first(items)
    quick.keep_what_is_here()
    cost.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Each report tells what its part of the test has used."""
    report = yield
    cost.note(report)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what passed only at the second try (``docs/decisions/0012-second-try.md``), and the dearest files."""
    dearest = cost.by_file(
        each for kind in ("", "passed", "failed") for each in terminalreporter.stats.get(kind, [])
    )
    if terminalreporter.config.option.durations:
        used = sum(seconds for _file, seconds, _tests in dearest)
        terminalreporter.section(f"processor time, by file: {used:.0f} s in all")
        for file, seconds, tests in dearest[:DEAREST]:
            terminalreporter.line(f"{seconds:7.1f}s {tests:4d} {file}")
    passed = {report.nodeid for report in terminalreporter.stats.get("passed", [])}
    again = [report for report in terminalreporter.stats.get("rerun", []) if report.nodeid in passed]
    if again:
        terminalreporter.section("passed only at the second try")
    for report in again:
        said = getattr(getattr(report.longrepr, "reprcrash", None), "message", str(report.longrepr))
        terminalreporter.line(f"{report.nodeid} ({report.when}): {said}")


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The address of a real PostgreSQL: ``TEST_DATABASE_URL``, else the pip-carried server; never skipped."""
    return own_postgresql.shared()


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[str]:
    """One migrated database of this test process."""
    with own_postgresql.migrated(postgresql_server, upgrade) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file from which each test's own is copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgresql_url(postgresql_database: str) -> Iterator[str]:
    """A migrated PostgreSQL database, emptied after the test."""
    yield postgresql_database
    quick.empty_postgresql(postgresql_database, metadata.sorted_tables)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """A fresh, migrated SQLite file, where the last test's was."""
    path = sqlite_template.with_name("afterword.db")
    quick.renew_sqlite(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for this runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables, on either database, for a test that changes tables."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "empty") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = quick.engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.make_sessions(engine)() as made:
        yield made


@pytest.fixture
def time() -> clock.FixedClock:
    """The clock of the test: Monday 2 November 2026, 10:00 UTC, until it is moved."""
    return clock.FixedClock()


@pytest.fixture
def config(database_url: str) -> Config:
    return load_config({"AFTERWORD_DATABASE_URL": database_url, "AFTERWORD_SECRET_KEY": SECRET})


@pytest.fixture
def app(config: Config, engine: Engine, time: clock.FixedClock) -> Flask:
    return quick.app(config, engine, time)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Overrides pytest-flask's: under a context of the whole test, requests would share one ``g`` (time, session)."""


@pytest.fixture(autouse=True)
def _patience() -> None:
    """What a request of the last test had patience for is no measure for this one, which runs in the same thread."""
    patience.patience.set(patience.LONG)


@pytest.fixture
def workspace(session: Session, time: clock.FixedClock) -> Any:
    """A committed, empty workspace."""
    made = workspaces.create(session, "Example Telecom", time())
    session.commit()
    return made


@pytest.fixture
def keys(session: Session, workspace: Any, time: clock.FixedClock) -> dict[str, dict[str, str]]:
    """Ready-made headers by key kind: ``client.post(..., headers=keys["server"])``."""
    kinds = ("server", "read", "admin", "publishable")
    minted = {kind: workspaces.mint_key(session, workspace, kind, kind, time()).text for kind in kinds}
    session.commit()
    return {kind: {"Authorization": f"Bearer {text}"} for kind, text in minted.items()}


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; fails with one clear line where there is none (``apt-get install chromium``)."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is needed for the browser tests: apt-get install chromium")
    subprocess.run([path, "--version"], check=True, capture_output=True)
    return path
