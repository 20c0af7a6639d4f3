"""``journeys``: journey files in, out, and checked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from collector import clock
from collector import journeys as verbs
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.journeys import files, reading, rows
from collector.yaml_marks import FileError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ACTOR = "command line"


@click.group(cls=Family)
def journeys() -> None:
    """Journeys, touchpoints, their owners and personas."""


@journeys.command("apply")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show the plan; change nothing.")
@in_workspace
def apply_journeys(file: Path, dry_run: bool, workspace: str | None) -> None:
    """Make the workspace hold what FILE says, by key; the same again changes nothing.

    A journey that differs becomes a new version; answers keep the version under which they were asked.
    """
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        loaded = files.load(file.read_bytes(), str(file), rows.known(session, workspace_id))
        for warning in loaded.warnings():
            click.echo(f"warning: {warning}", err=True)
        if dry_run:
            plan = verbs.plan(session, workspace_id, loaded.document)
        else:
            plan = verbs.apply(session, workspace_id, loaded.document, ACTOR, clock.system_clock())
    for item in plan.items:
        click.echo(f"{item.verb:<10} {item.noun:<12} {item.key}")
        for change in item.changes:
            click.echo(f"{'':<24}{change}")
    click.echo(_summary(plan, dry_run))


@journeys.command("lint")
@click.argument("paths", type=FILE, nargs=-1, required=True)
def lint_journeys(paths: tuple[Path, ...]) -> None:
    """Check journey files; each mistake with file, line, column and field."""
    bad = False
    for path in paths:
        try:
            for warning in files.load(path.read_bytes(), str(path)).warnings():
                click.echo(f"warning: {warning}", err=True)
        except FileError as error:
            bad = True
            click.echo("\n".join(str(problem) for problem in error.problems), err=True)
    if bad:
        sys.exit(2)
    click.echo(f"{len(paths)} good.")


@journeys.command("export")
@click.argument("key", required=False)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; standard output by default."
)
@in_workspace
def export_journeys(key: str | None, output: Path | None, workspace: str | None) -> None:
    """Write everything, or one journey with what it needs, as a journey file."""
    with transaction() as session:
        text = reading.export(session, find_workspace(session, workspace).workspace_id, key)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


def _summary(plan: verbs.Plan, dry_run: bool) -> str:
    counts = ", ".join(f"{count} {verb}" for verb, count in plan.counts.items() if count)
    return f"{'Would be' if dry_run else 'Done'}: {counts or 'nothing to do'}."
