"""``db``: the tables."""

from __future__ import annotations

import click
from sqlalchemy import text

from collector import config, erasure, migrations, write_ahead_log
from collector import db as database
from collector.cli.context import Family
from collector.migrations import citus


@click.group(cls=Family)
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version; running it again changes nothing."""
    if migrations.upgrade(config.load().database_url):
        click.echo(f"The database is at revision {', '.join(migrations.heads())}.")
    else:
        click.echo("The database is of a newer version, with which this one works; it stays as it is.")


@db.command()
def tidy() -> None:
    """Write the tables anew, so that nothing of what was erased is left in their files.

    For the night: a table answers nobody while it is written, and needs its size once more on disk.
    """
    settings = config.load()
    with database.opened(settings.database_url) as engine:
        if settings.is_sqlite:
            with database.make_sessions(engine)() as session:
                write_ahead_log.empty(session)
            click.echo("SQLite overwrites at once what is deleted. Its write-ahead log is empty.")
            return
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            count = erasure.leftovers.write_anew(connection)
        click.echo(f"{count} tables and their statistics are written anew.")


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
