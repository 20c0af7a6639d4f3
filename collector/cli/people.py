"""``people``: who may sign in, and as what."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from collector import clock, config, journeys
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.workspaces import Workspace, scopes
from collector.workspaces import people as verbs
from collector.workspaces import second_factor as factors

ACTOR = "command line"
role_option = click.option("--role", type=click.Choice(verbs.ROLES), required=True, help="What they may do.")
scope_option = click.option(
    "--scope",
    default="all",
    show_default=True,
    metavar="all|KEY,...",
    help="Whose comments, customers and actions they see: everything, or what some stakeholders own.",
)


@click.group(cls=Family)
def people() -> None:
    """Who may sign in: invite, list, change, reset, end."""


@people.command()
@click.argument("email")
@role_option
@scope_option
@click.option("--name", default="", help="How they are called; they may change it.")
@in_workspace
def add(email: str, role: str, scope: str, name: str, workspace: str | None) -> None:
    """Invite somebody; prints the link with which they open their account, once, within a week."""
    settings, now = config.load(), clock.system_clock()
    with transaction(settings) as session:
        found = find_workspace(session, workspace)
        wanted = _scope(session, found, scope)
        made = verbs.invite(session, found.workspace_id, email, role, wanted, ACTOR, now, name)
    click.echo(_link(settings, made.secret))


@people.command("list")
@in_workspace
def list_(workspace: str | None) -> None:
    """Show everybody, with role, scope and state."""
    with transaction() as session:
        rows = verbs.list_people(session, find_workspace(session, workspace).workspace_id)
    for row in rows:
        scope = "all" if row.scope is None else ",".join(row.scope)
        click.echo(f"{row.email:<32} {row.role:<14} {scope:<20} {row.state:<8} {row.name}")


@people.command("role")
@click.argument("email")
@role_option
@scope_option
@in_workspace
def set_role(email: str, role: str, scope: str, workspace: str | None) -> None:
    """Give somebody another role and scope."""
    with transaction() as session:
        found = find_workspace(session, workspace)
        person = verbs.by_email(session, found.workspace_id, email)
        verbs.set_role(session, person, role, _scope(session, found, scope), ACTOR, clock.system_clock())
    click.echo(f"{person.email} is {role} now, scope {scope}.")


@people.command()
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="End their second factor too: the device is lost.")
@in_workspace
def reset(email: str, second_factor: bool, workspace: str | None) -> None:
    """For the locked-out: print a link with which they choose a new password, once, within a day."""
    settings = config.load()
    with transaction(settings) as session:
        person = verbs.by_email(session, find_workspace(session, workspace).workspace_id, email)
        if second_factor:
            factors.end(session, person, ACTOR, clock.system_clock())
        secret = verbs.reset(session, person, ACTOR, clock.system_clock())
    click.echo(_link(settings, secret))


@people.command()
@click.argument("email")
@in_workspace
def end(email: str, workspace: str | None) -> None:
    """End somebody's account at once; their name stays in the record."""
    with transaction() as session:
        person = verbs.by_email(session, find_workspace(session, workspace).workspace_id, email)
        verbs.end(session, person, ACTOR, clock.system_clock())
    click.echo(f"{person.email} can no longer sign in.")


def _link(settings: config.Config, secret: str) -> str:
    return f"{settings.url}/welcome/{secret}" if settings.passwords else f"{settings.url}/sign-in"


def _scope(session: Session, workspace: Workspace, said: str) -> list[str] | None:
    known = {each.key for each in journeys.stakeholders(session, workspace.workspace_id)}
    return scopes.read(said, known)
