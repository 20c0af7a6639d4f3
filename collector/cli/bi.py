"""``bi``: read-only views for tools that make charts of tables."""

from __future__ import annotations

import click

from collector import bi as views
from collector import config, db
from collector.cli.context import Family, find_workspace, transaction

schema_option = click.option(
    "--schema", default=views.SCHEMA, show_default=True, help="PostgreSQL: the schema of the views."
)


@click.group(cls=Family)
def bi() -> None:
    """Read-only views for Grafana, Metabase, Power BI or dbt."""


@bi.command()
@schema_option
@click.option("--role", help="PostgreSQL: a role that may read the views, and must not read the tables.")
@click.option("--workspace", metavar="NAME", help="Show this company alone; all of them unless said.")
def install(schema: str, role: str | None, workspace: str | None) -> None:
    """Make the views, or make them anew; running it again changes nothing.

    The role must be there: CREATE ROLE name LOGIN PASSWORD '...'. See docs/how-to/connect-bi.md.
    """
    settings = config.load()
    only = None
    if workspace is not None:
        with transaction(settings) as session:
            only = find_workspace(session, workspace).workspace_id
    with db.opened(settings.database_url) as engine, engine.begin() as connection:
        views.install(connection, schema, only, role)
    where = f"under the prefix {views.PREFIX}" if settings.is_sqlite else f"in the schema {schema}"
    reader = f" The role {role} may read them, and nothing else." if role else ""
    click.echo(f"{len(views.VIEWS)} views are {where}.{reader}")


@bi.command()
@schema_option
def remove(schema: str) -> None:
    """Drop the views; nothing else changes."""
    with db.opened(config.load().database_url) as engine, engine.begin() as connection:
        views.remove(connection, schema)
    click.echo("The views are gone.")
