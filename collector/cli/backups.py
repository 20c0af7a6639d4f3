"""``backup`` and ``restore``: everything in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from collector import backups, clock, config

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", metavar="FILE|FOLDER", type=FILE)
@click.option(
    "--keep", type=click.IntRange(1), help="In a FOLDER: keep so many of the newest, remove the older."
)
def backup(file: Path, keep: int | None) -> None:
    """Write everything to one file, while answers come in.

    \b
    FILE is a SQLite database, or a dump that PostgreSQL's own pg_restore reads
    (its pg_dump must be installed). It is readable by its owner only: it holds
    whatever customers wrote. In a FOLDER the file is named by the time.

    The secret key is not in it; keep AFTERWORD_SECRET_KEY (or afterword.secret) with it, or people sign in anew.
    """
    if keep and not file.is_dir():
        raise click.UsageError("--keep needs a FOLDER that exists")
    now = clock.system_clock()
    path = backups.made_in(file, now) if file.is_dir() else file
    size = backups.back_up(config.load().database_url, path, now)
    click.echo(f"{path}: {size:,} bytes.")
    for old in backups.drop_old(file, keep) if keep else []:
        click.echo(f"{old}: removed.")


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--replace", is_flag=True, help="Move the SQLite file that is there aside (the collector must not run)."
)
def restore(file: Path, replace: bool) -> None:
    """Put a backup back, into a place that holds nothing yet.

    \b
    SQLite: the file that AFTERWORD_DATABASE_URL names must not be there.
    PostgreSQL: the database must be empty (createdb).

    An older backup is brought to this version's tables; one of a newer version is refused.
    """
    done = backups.restore(file, config.load().database_url, clock.system_clock(), replace)
    if done.aside:
        click.echo(f"What was there is now {done.aside}.")
    click.echo(
        f"Workspaces back: {done.workspaces:,}; answers back: {done.answers:,} (from revision {done.revision})."
    )
