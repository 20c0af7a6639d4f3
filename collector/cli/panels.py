"""``panels``: who agreed to be asked again; members in by file, out by name, invited to runs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from collector import clock, config, deliveries, errors, exchange, invitations, workspaces
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.communities import panels as station
from collector.communities import runs

ACTOR = "command line"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Family)
def panels() -> None:
    """Panels: people who agreed to be asked again and again.

    \b
    A panel and its consent text are made on the page "Panels" or by POST /api/v1/communities. Then:
    who is in:        afterword panels members testers
    let people in:    afterword panels import testers members.csv --dry-run
    ask them:         afterword panels invite new-page --by email
    let one out:      afterword panels withdraw c-1842
    """


@panels.command("list")
@in_workspace
def list_(workspace: str | None) -> None:
    """Show each panel with how many are in it, and how many have left."""
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        counts = station.actions.counts(session, workspace_id)
        for row in station.actions.everyone(session, workspace_id):
            of = counts.get(row.key, station.actions.Counts())
            click.echo(f"{row.key:<24} {of.active:>7} in {of.left:>6} left  {row.name}")


@panels.command()
@click.argument("key")
@in_workspace
def members(key: str, workspace: str | None) -> None:
    """Write a panel's members as CSV: pseudonym, consent, attributes. How they are reached is never in it."""
    with transaction() as session:
        panel = station.actions.get(session, find_workspace(session, workspace).workspace_id, key)
        exchange.members.export_members(session, panel, sys.stdout)


@panels.command("import")
@click.argument("key")
@click.argument("file", type=FILE)
@click.option(
    "--consent", metavar="TEXT", help="Which consent text the members agreed to, where a row names none."
)
@click.option(
    "--consent-at", type=click.DateTime(["%Y-%m-%d"]), help="When they agreed, where a row does not say."
)
@click.option("--consent-source", metavar="WHERE", help="Where they agreed, such as 'order form 2026'.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and keep nothing.")
@in_workspace
def import_(
    key: str,
    file: Path,
    consent: str | None,
    consent_at: datetime | None,
    consent_source: str | None,
    dry_run: bool,
    workspace: str | None,
) -> None:
    """Let in the members of a file (CSV as any spreadsheet saves it), each with the proof of their consent.

    \b
    Columns: customer (or email), email, phone, name, locale, consent_text, consent_at, consent_source;
    every other one is an attribute. Nobody is in without a consent: of the row, or of all three --consent options.
    The same file twice changes nothing; who has left is not brought back.

        afterword panels import testers members.csv --consent form-3 --consent-at 2026-10-01 --consent-source "order form"
    """
    agreed = _agreed(consent, consent_at, consent_source)
    settings, now = config.load(), clock.system_clock()
    with transaction(settings) as session:
        company = workspaces.facts(session, find_workspace(session, workspace).workspace_id)
        panel = station.actions.get(session, company.workspace_id, key)
        means = station.Means(panel, company, agreed, settings.secret_key)
        *_, report = exchange.members.import_members(session, means, file, now)
        _tell(report, dry_run)
        if dry_run:
            session.rollback()


@panels.command()
@click.argument("run")
@click.option(
    "--by", "way", type=click.Choice(station.asking.WAYS), required=True, help="How they hear of it."
)
@in_workspace
def invite(run: str, way: str, workspace: str | None) -> None:
    """Ask a run's share of its panel, each member once; the worker sends what is to be sent."""
    settings, now = config.load(), clock.system_clock()
    with transaction(settings) as session:
        found = find_workspace(session, workspace)
        known = runs.run_by_key(session, workspace_id=found.workspace_id, key=run)
        if known is None:
            raise errors.NotFound(f"There is no run {run!r}.", "unknown_run")
        enlisted = deliveries.enlisting.enlist(session, found, known, way, settings, ACTOR, now)
    click.echo(f"{enlisted} members are on the list of {run} now.")


@panels.command()
@click.argument("customer")
@click.option("--panel", metavar="KEY", help="Only out of this panel; out of all of them, if not said.")
@in_workspace
def withdraw(customer: str, panel: str | None, workspace: str | None) -> None:
    """Take a customer (your own id) out: nothing more is asked, sent or taken, and no file brings them back."""
    with transaction() as session:
        company = workspaces.facts(session, find_workspace(session, workspace).workspace_id)
        if panel:
            station.actions.get(session, company.workspace_id, panel)
        names = workspaces.pseudonyms.names_of(session, company, customer)
        invitations.members.leave(session, company.workspace_id, names, clock.system_clock(), panel)
    click.echo("Out, if they were in: nothing more is asked of them there.")


def _agreed(text: str | None, at: datetime | None, source: str | None) -> station.joining.Consent | None:
    if not (text or at or source):
        return None
    if not (text and at and source):
        raise errors.BadInput(
            "A proof of consent is all three: --consent, --consent-at, --consent-source.", "no_consent"
        )
    return station.joining.Consent(text, at.replace(tzinfo=UTC), source)


def _tell(report: station.Report, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    taken = ", ".join(f"{report.taken[name]} {would}{name}" for name in ("joined", "updated", "known"))
    click.echo(f"{report.rows} rows: {taken}.")
    for reason, count in sorted(report.refused_count.items()):
        numbers = ", ".join(map(str, report.refused[reason][:20]))
        click.echo(f"  {count} refused, {station.rows.REASONS.get(reason, reason)}: line {numbers}")
    if dry_run:
        click.echo("Nothing was kept.")
