"""``webhooks``: which other systems and chats are told of what."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from collector import clock, config, errors
from collector import webhooks as station
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.webhooks import Webhook, sent, subscribing
from collector.workspaces import Workspace

ACTOR = "command line"
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"])


@click.group(cls=Family)
def webhooks() -> None:
    """Other systems and chats that are told of events: list, add, resend, stop."""


@webhooks.command("list")
@in_workspace
def list_(workspace: str | None) -> None:
    """Show each webhook with its form, its state, where it leads and what it is told of."""
    with transaction() as session:
        for row in subscribing.listed(session, find_workspace(session, workspace).workspace_id):
            state = "stopped" if row.disabled_at else "open"
            kinds = ",".join(row.kinds)
            click.echo(f"{row.name:<24} {row.form:<10} {state:<8} {subscribing.shown_url(row)}  {kinds}")


@webhooks.command()
@click.argument("name")
@click.argument("url")
@click.option("--kinds", required=True, metavar="KIND,...", help=f"Some of: {', '.join(station.KINDS)}.")
@click.option("--form", type=click.Choice(subscribing.FORMS), default=subscribing.STANDARD, show_default=True)
@click.option("--scope", default="all", show_default=True, metavar="all|KEY,...", help="Whose touchpoints.")
@in_workspace
def add(name: str, url: str, kinds: str, form: str, scope: str, workspace: str | None) -> None:
    """Tell another system, or a chat, of events; prints the secret with which they are signed, once."""
    settings, now = config.load(), clock.system_clock()
    wanted = [part.strip() for part in kinds.split(",") if part.strip()]
    owners = None if scope == "all" else [part.strip() for part in scope.split(",") if part.strip()]
    with transaction(settings) as session:
        found = find_workspace(session, workspace)
        wish = subscribing.Wish(name, url, wanted, owners, form)
        made = subscribing.create(session, found.workspace_id, wish, settings.private_hosts, ACTOR, now)
        secret = made.secret
    click.echo(secret if form == subscribing.STANDARD else f"{name} is told from now on.")


@webhooks.command()
@click.argument("name")
@click.option(
    "--since", type=MOMENT, required=True, help="All events since this time (UTC), each under its own id."
)
@in_workspace
def resend(name: str, since: datetime, workspace: str | None) -> None:
    """Send what was sent before once more: the receiver had lost it."""
    with transaction() as session:
        row = _named(session, find_workspace(session, workspace), name)
        count = sent.resend_since(session, row, since.replace(tzinfo=UTC), clock.system_clock())
    click.echo(f"{count} events are sent again.")


@webhooks.command()
@click.argument("name")
@in_workspace
def stop(name: str, workspace: str | None) -> None:
    """Send nothing more to a webhook; it can be enabled again on its page."""
    with transaction() as session:
        row = _named(session, find_workspace(session, workspace), name)
        subscribing.disable(session, row, ACTOR, clock.system_clock())
    click.echo(f"{name} is told nothing more.")


def _named(session: Session, workspace: Workspace, name: str) -> Webhook:
    """The webhook of this name; raises 404, and 409 where several are called so."""
    found = [row for row in subscribing.listed(session, workspace.workspace_id) if row.name == name]
    if not found:
        raise errors.NotFound(f"There is no webhook called {name}.", "unknown_webhook")
    if len(found) > 1:
        raise errors.Conflict(f"{len(found)} webhooks are called {name}: rename one.", "same_name")
    return found[0]
