"""``import``, ``export`` and ``erase``: answers in, answers out, answers gone."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from collector import clock, days, db, erasure, workspaces, write_ahead_log
from collector.cli.context import Family, find_workspace, in_workspace, sessions_of, transaction
from collector.exchange import console, tools, xes

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
sheet_option = click.option(
    "--sheet", metavar="NAME", help="Of a workbook, this sheet; by default the first with a table."
)


@click.group("import", cls=Family)
def import_() -> None:
    """Bring in what was collected elsewhere."""


@import_.command("responses")
@click.argument("file", type=FILE)
@click.option(
    "--mapping", type=FILE, required=True, help="Which column is what; see docs/reference/mapping.md."
)
@sheet_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@in_workspace
def import_responses(
    file: Path, mapping: Path, sheet: str | None, as_json: bool, workspace: str | None
) -> None:
    """Import answers from CSV, TSV or JSON Lines; the same file twice adds nothing.

    Prints what was accepted, what was skipped (by reason, with row numbers) and which values are not mapped.
    """
    with sessions_of(workspace) as (sessions, workspace_id):
        source = console.responses(workspace_id, file, mapping, clock.system_clock(), sheet)
        sys.exit(console.Import(as_json=as_json).run(sessions, source))


@import_.command("describe")
@click.argument("file", type=FILE)
@sheet_option
def describe(file: Path, sheet: str | None) -> None:
    """Propose a mapping for a file: encoding, delimiter, how times are written, which column is what.

    Prints it with remarks on what to look at. Nothing is imported:

        afterword import describe answers.csv > answers.yaml
    """
    sys.exit(console.describe_file(file, sheet))


@import_.command("memory")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@sheet_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@in_workspace
def import_memory(file: Path, dry_run: bool, sheet: str | None, as_json: bool, workspace: str | None) -> None:
    """Import who objected, consented, bounced or was asked elsewhere; the same file twice changes nothing.

    One fact a row: kind, customer, channel, address, at, outcome, text_version, source; see
    docs/how-to/move-in.md. Prints what was taken and which rows were refused, and why.
    """
    with sessions_of(workspace) as (sessions, workspace_id):
        source = console.remembered(workspace_id, file, clock.system_clock(), sheet)
        sys.exit(console.Import(dry_run, as_json).run(sessions, source))


@import_.command("outcomes")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@sheet_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@in_workspace
def import_outcomes(
    file: Path, dry_run: bool, sheet: str | None, as_json: bool, workspace: str | None
) -> None:
    """Import what became of customers; the same file twice changes nothing.

    One outcome a row: key, kind, customer, journey_instance, touchpoint, journey, value, unit, currency,
    occurred_at; see docs/how-to/put-outcomes-beside-answers.md.
    """
    _import_table("outcomes", file, dry_run, sheet, as_json, workspace)


@import_.command("kpi-values")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@sheet_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@in_workspace
def import_kpi_values(
    file: Path, dry_run: bool, sheet: str | None, as_json: bool, workspace: str | None
) -> None:
    """Import figures of other systems and benchmarks; the same file twice changes nothing.

    One value a row: kpi, touchpoint, kind, from, to, value, n, unit, source, dated.
    """
    _import_table("kpi-values", file, dry_run, sheet, as_json, workspace)


def _import_table(
    kind: str, file: Path, dry_run: bool, sheet: str | None, as_json: bool, workspace: str | None
) -> None:
    with sessions_of(workspace) as (sessions, workspace_id):
        source = console.figures(workspace_id, kind, file, clock.system_clock(), sheet)
        sys.exit(console.Import(dry_run, as_json).run(sessions, source))


@import_.command("from")
@click.argument("tool", type=click.Choice(tools.TOOLS))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--touchpoint", help="The touchpoint that the answers are about.")
@click.option(
    "--touchpoint-column", help="The column that holds touchpoints' keys, where rows are about several."
)
@click.option(
    "--question",
    "asked",
    multiple=True,
    metavar="COLUMN=METRIC[@TOUCHPOINT]",
    help="What a column of scores asked; again for each.",
)
@click.option("--comment", help="The column with the words that belong to the score.")
@click.option("--customer", help="The column that holds your own id of the customer.")
@click.option(
    "--customers", type=FILE, help="A table of two columns: an address, and your own id of that customer."
)
@click.option(
    "--consent",
    "agreed",
    multiple=True,
    metavar="COLUMN=CHANNEL",
    help="A column in which customers agreed to be asked by email or sms.",
)
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="COLUMN",
    help="A column that tells groups of customers apart; again for each.",
)
@click.option(
    "--survey", default="", help="Which of the tool's surveys this is, where two name other questions alike."
)
@click.option("--not-as-asks", is_flag=True, help="Answers do not count as asks of lately.")
@click.option(
    "--dry-run", is_flag=True, help="Say what would be taken as what, and what lost; change nothing."
)
@sheet_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@in_workspace
def import_from(
    tool: str,
    files: tuple[Path, ...],
    asked: tuple[str, ...],
    customers: Path | None,
    agreed: tuple[str, ...],
    not_as_asks: bool,
    dry_run: bool,
    as_json: bool,
    workspace: str | None,
    **said: Any,
) -> None:
    """Move in from another survey tool with its own files: answers, people, objections, bounces.

    Give all of a tool's files at once: what one of them tells of a person helps to read the others. The same files
    again add nothing. See docs/how-to/move-in.md.
    """
    choices = tools.Choices(
        **said,
        questions=tools.choices.questions(asked),
        customers=tools.choices.customers(customers) if customers else {},
        consents=tools.choices.consents(agreed),
        counts_as_contact=not not_as_asks,
    )
    with sessions_of(workspace) as (sessions, workspace_id):
        source = console.moved(workspace_id, tool, files, choices, clock.system_clock())
        sys.exit(console.Import(dry_run, as_json).run(sessions, source))


@click.group("export", cls=Family)
def export() -> None:
    """Take everything out again."""


@export.command("responses")
@click.argument("target", metavar="FILE")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), help="By default as the file's name says."
)
@click.option("--from", "since", type=DAY, help="From this day.")
@click.option("--to", "until", type=DAY, help="Before this day.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["programs", "excel"]),
    default="programs",
    help="excel: a CSV file that opens by a double click, with the marks of the company's language.",
)
@in_workspace
def export_responses(
    target: str,
    form: str | None,
    since: datetime | None,
    until: datetime | None,
    reader: str,
    workspace: str | None,
) -> None:
    """Write the responses to FILE (``-``: standard output), safe to open in a spreadsheet."""
    with sessions_of(workspace) as (sessions, workspace_id):
        with sessions() as session:
            facts = workspaces.facts(session, workspace_id)
        zone, country = facts.timezone, facts.locale if reader == "excel" else None
        first, last = (days.midnight(day.date(), zone) if day else None for day in (since, until))
        sys.exit(console.export_file(sessions, workspace_id, target, form, first, last, excel=country))


@export.command("interactions")
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--journey", help="Of this journey alone.")
@in_workspace
def export_interactions(target: Path, journey: str | None, workspace: str | None) -> None:
    """Write the interaction log to FILE as XES (IEEE 1849), for process mining."""
    with sessions_of(workspace) as (sessions, workspace_id), sessions() as session:
        db.read_only(session)
        with target.open("w", encoding="utf-8") as file:
            events = 0
            for events in xes.export_interactions(session, workspace_id, file, journey):  # noqa: B007
                pass
    click.echo(f"{events:,} events.", err=True)


@click.command()
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_workspace
def erase(customer: str, yes: bool, workspace: str | None) -> None:
    """Erase a customer (their id, or their pseudonym): triggers, invitations, answers, interactions."""
    if not yes:
        click.confirm(f"Erase everything about {customer!r}? This cannot be undone", abort=True)
    with transaction() as session:
        found = find_workspace(session, workspace)
        erased, receipt = erasure.erase_for_receipt(
            session, found, customer, "command line", clock.system_clock()
        )
    with transaction() as session:
        write_ahead_log.empty(session)
    click.echo(
        ", ".join(f"{count} {noun}" for noun, count in erased.items()) + f" erased. Receipt: {receipt}"
    )
