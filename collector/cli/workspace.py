"""``init`` and ``keys``: open a workspace, hold its keys."""

from __future__ import annotations

import json
import secrets
from zoneinfo import available_timezones

import click
from sqlalchemy import func, select

from collector import clock, config, errors, journeys, migrations, workspaces
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.workspaces import keys as key_verbs
from collector.workspaces import scopes

KEYS = (
    ("server", "Business systems"),
    ("read", "Dashboards"),
    ("admin", "Operators"),
    ("publishable", "Pages"),
)


@click.command()
@click.option("--name", default="My company", show_default=True, help="Your company, as customers know it.")
@click.option(
    "--email", default="admin@example.com", show_default=True, help="The first administrator's address."
)
@click.option("--password", help="Their password; made up if you give none.")
@click.option("--locale", default="en", show_default=True, help="The language where nothing else is known.")
@click.option("--timezone", default="UTC", show_default=True, help="Whose days figures go by: Europe/Berlin.")
@click.option("--another", is_flag=True, help="Open one more workspace beside those that are here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for scripts.")
def init(
    name: str,
    email: str,
    password: str | None,
    locale: str,
    timezone: str,
    another: bool,
    as_json: bool,
) -> None:
    """Make the database, a workspace and its first administrator.

    The keys and the password are shown this once and stored nowhere: keep them now.
    """
    settings = config.load()
    migrations.upgrade(settings.database_url)
    if timezone not in available_timezones():
        raise errors.BadInput(f"{timezone!r} is not a time zone such as Europe/Berlin.")
    now, password = clock.system_clock(), password or secrets.token_urlsafe(12)
    with transaction(settings) as session:
        if not another and session.scalar(select(func.count()).select_from(workspaces.Workspace)):
            raise errors.Conflict(
                "There is a workspace already; use --another for one more.", "known_workspace"
            )
        workspace = workspaces.create(session, name, now, locale, timezone)
        keys = {kind: workspaces.mint_key(session, workspace, kind, label, now).text for kind, label in KEYS}
        workspaces.add_person(
            session, workspace.workspace_id, email, "Administrator", password, now, role="administrator"
        )
        made: dict[str, object] = {
            "workspace": str(workspace.workspace_id),
            **{f"{kind}_key": text for kind, text in keys.items()},
            "admin": {"email": email.strip().lower(), "password": password},
        }
    click.echo(json.dumps(made) if as_json else _letter(made, settings.url))


def _letter(made: dict[str, object], url: str) -> str:
    admin = made["admin"]
    assert isinstance(admin, dict)
    return "\n".join(
        [
            "Your workspace is ready. This is shown once; keep it now.",
            "",
            f"  sign in        {url}/sign-in",
            f"  e-mail         {admin['email']}",
            f"  password       {admin['password']}",
            "",
            f"  server key     {made['server_key']}   (business systems: the SDK)",
            f"  read key       {made['read_key']}   (scripts that read figures)",
            f"  admin key      {made['admin_key']}   (scripts that manage everything)",
            f"  publishable    {made['publishable_key']}   (pages: volunteered feedback)",
            "",
            "Next: afterword journeys apply FILE, afterword surveys apply FILE, afterword serve",
        ]
    )


@click.group(cls=Family)
def keys() -> None:
    """Make, list and revoke API keys."""


@keys.command("list")
@in_workspace
def list_keys(workspace: str | None) -> None:
    """Show the keys (never their text: that is stored nowhere)."""
    with transaction() as session:
        for key in key_verbs.list_keys(session, find_workspace(session, workspace).workspace_id):
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "alive"
            click.echo(f"{key.kid}  {key.kind:<12} {state:<19} {key.name}")


@keys.command("create")
@click.argument("kind", type=click.Choice([*(kind for kind, _ in KEYS), "test", "analyst"]))
@click.option(
    "--name", required=True, help="What it is for, so that you know what breaks when you revoke it."
)
@click.option(
    "--scope", default="all", show_default=True, help="all, or the keys of stakeholders: sales,operations."
)
@in_workspace
def create_key(kind: str, name: str, scope: str, workspace: str | None) -> None:
    """Make a key and show it, this once."""
    with transaction() as session:
        where = find_workspace(session, workspace)
        known = {each.key for each in journeys.stakeholders(session, where.workspace_id)}
        reach = scopes.read(scope, known)
        made = workspaces.mint_key(session, where, kind, name, clock.system_clock(), scope=reach)
    click.echo(made.text)


@keys.command("rotate")
@in_workspace
def rotate_key(workspace: str | None) -> None:
    """Let the collector sign with a new key of its own; links that the old one signed live on until they expire."""
    with transaction() as session:
        found = find_workspace(session, workspace)
        made = workspaces.mint_key(
            session, found, "collector", "The collector's own signatures", clock.system_clock()
        )
    click.echo(f"The collector signs with {made.kid} from now on.")


@keys.command("revoke")
@click.argument("kid")
@in_workspace
def revoke_key(kid: str, workspace: str | None) -> None:
    """End a key at once; links that it signed stop working."""
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        workspaces.revoke_key(session, workspace_id, kid, clock.system_clock())
    click.echo(f"{kid} is revoked.")
