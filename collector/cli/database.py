"""``db`` and ``doctor``: the tables, and whether all is well."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Engine, select, text

from collector import changes, clock, config, engines, jobs, migrations, workspaces
from collector import db as database
from collector.cli.context import Family
from collector.migrations import citus


@click.group(cls=Family)
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version; running it again changes nothing."""
    migrations.upgrade(config.load().database_url)
    click.echo(f"The database is at revision {', '.join(migrations.heads())}.")


@db.command()
@click.option("--dry-run", is_flag=True, help="Print the statements instead of running them.")
def distribute(dry_run: bool) -> None:
    """Hand the tables to Citus, each sharded by workspace (untested here: Citus could not be installed)."""
    settings = config.load()
    if dry_run:
        click.echo("\n".join(f"{statement};" for statement in citus.statements()))
        return
    if settings.is_sqlite:
        raise config.SettingError("Citus is PostgreSQL; set AFTERWORD_DATABASE_URL")
    engine = database.make_engine(settings.database_url, 1)
    with engine.begin() as connection:
        for statement in citus.statements():
            connection.execute(text(statement))
    engine.dispose()
    click.echo("The tables are distributed.")


@click.command()
def doctor() -> None:
    """Check the settings, the database and its library, and say what to do."""
    for setting in config.SETTINGS:
        click.echo(f"AFTERWORD_{setting.name:<14} {setting.help}  [default: {setting.default or 'none'}]")
    settings = config.load()
    click.echo("")
    if settings.is_sqlite:
        version = engines.sqlite_module().sqlite_version
        good = engines.sqlite_is_safe()
        click.echo(
            f"{_mark(good)} SQLite {version}"
            + ("" if good else ": has the WAL-reset bug; pip install pysqlite3")
        )
    engine = database.make_engine(settings.database_url, 1)
    with engine.connect() as connection:
        at = _revision(connection)
        states = _job_states(engine) if at == migrations.heads()[0] else []
    head = migrations.heads()[0]
    advice = "" if at == head else f" (newest: {head}); run `afterword db upgrade`"
    click.echo(f"{_mark(at == head)} tables at revision {at or 'none'}{advice}")
    holds = at != head or _record_holds(engine)
    engine.dispose()
    for state in states:
        click.echo(_job_line(state))
    click.echo(
        f"{_mark(bool(settings.smtp_url))} mail: {'set' if settings.smtp_url else 'AFTERWORD_SMTP_URL is empty, so no mail is sent'}"
    )
    if not holds:
        sys.exit(1)


def _record_holds(engine: Engine) -> bool:
    """Whether no row of any workspace's record is missing or altered; says what was found."""
    with database.make_sessions(engine)() as session:
        database.read_only(session)
        found = [
            (workspace.name, changes.verify(session, workspace.workspace_id))
            for workspace in session.scalars(select(workspaces.Workspace))
        ]
    for name, verdict in found:
        said = verdict.fault or f"{verdict.rows} rows, none missing, none altered"
        click.echo(f"{_mark(verdict.holds)} record of {name}: {said}")
    return all(verdict.holds for _name, verdict in found)


def _job_states(engine: Engine) -> list[jobs.State]:
    with database.make_sessions(engine)() as session:
        return jobs.states(database.read_only(session), clock.system_clock())


def _job_line(state: jobs.State) -> str:
    when = "never succeeded" if state.lag is None else f"last succeeded {state.lag:,.0f} s ago"
    failing = f", {state.failures} failures in a row ({state.error})" if state.failures else ""
    return f"{_mark(not state.is_late)} job: {state.name}: {when}{failing}"


def _revision(connection: object) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()  # type: ignore[arg-type]


def _mark(good: bool) -> str:
    return "ok " if good else "-- "
