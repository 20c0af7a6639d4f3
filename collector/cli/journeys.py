"""``journeys``: journey files in and out, foreign formats, and a lint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from collector import clock
from collector import journeys as verbs
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.journeys import FORMATS, commands, files, yaml_text
from collector.surveys import files as survey_files
from collector.surveys import mixing
from collector.yaml_marks import FileError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)
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
    now = clock.system_clock()
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        plan = commands.apply(session, workspace_id, file.read_bytes(), str(file), ACTOR, now, dry_run)
    click.echo(commands.plan_text(plan))
    if dry_run:
        click.echo("Nothing was changed (--dry-run).")


@journeys.command("lint")
@click.argument("paths", type=FILE, nargs=-1, required=True)
def lint_journeys(paths: tuple[Path, ...]) -> None:
    """Check journey files; each mistake with file, line, column and field."""
    bad = False
    for path in paths:
        try:
            click.echo(_warnings(path))
        except FileError as error:
            bad = True
            click.echo("\n".join(str(problem) for problem in error.problems), err=True)
    if bad:
        sys.exit(2)


def _warnings(path: Path) -> str:
    """What is odd about a sound file; of its surveys, where a journey mixes questions."""
    raw = path.read_bytes()
    found, mixed = commands.lint(raw, str(path)), list[str]()
    if b"surveys:" in raw:
        document = files.load(raw, str(path)).document
        mixed = [
            f"{path}: {line}" for line in mixing.advice(survey_files.load(raw, str(path)), document.journeys)
        ]
    return "\n".join([*([commands.warnings_text(found)] if found or not mixed else []), *mixed])


@journeys.command("export")
@click.argument("key", required=False)
@click.option("--format", "form", type=click.Choice(["yaml", *FORMATS]), default="yaml", show_default=True)
@click.option("--output", type=OUTPUT, help="Where to; standard output by default.")
@in_workspace
def export_journeys(key: str | None, form: str, output: Path | None, workspace: str | None) -> None:
    """Write everything, or one journey with what it needs; what a format cannot say is told."""
    with transaction() as session:
        made = commands.export(session, find_workspace(session, workspace).workspace_id, key, form)
    if output is None:
        click.echo(made.text, nl=False)
    else:
        output.write_text(made.text, "utf-8")
    if made.losses:
        click.echo(commands.losses_text(made.losses), err=True)


@journeys.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), help="By default as the file's name says."
)
@click.option("--key", default="", help="The journey's key, where the file has none.")
@click.option("--name", help="The journey's name, where the file has none.")
@click.option("--definition", help="What the journey is: from where to where.")
@click.option("--customer-goal", help="What the customer wants of it.")
@click.option("--business-goal", help="What the company wants of it.")
@click.option("--lanes", is_flag=True, help="CSV: rows are lanes and columns are steps (mapping tools).")
@click.option("--column", "columns", multiple=True, metavar="THEIRS=OURS", help="CSV: a heading of theirs.")
@click.option("--channel", "channels", multiple=True, metavar="THEIRS=OURS", help="A channel word of theirs.")
@click.option(
    "--scale", default="", metavar="LOW:HIGH", help="Their scores, where not 1:5 (Mermaid) or -2:2 (CSV)."
)
@click.option("--apply", "apply_it", is_flag=True, help="Apply it; otherwise the journey file is printed.")
@in_workspace
def import_journeys(
    file: Path, form: str | None, key: str, apply_it: bool, workspace: str | None, **said: Any
) -> None:
    """Turn a CSV, Mermaid, CJML or UJG file into a journey file, and say what was lost on the way."""
    options = commands.import_options(key, **said)
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        found = commands.import_(session, workspace_id, file.read_bytes(), str(file), options, form)
        if apply_it:
            plan = verbs.apply(session, workspace_id, found.file.document, ACTOR, clock.system_clock())
    click.echo(commands.plan_text(plan) if apply_it else yaml_text.write(found.file.document))
    click.echo(commands.losses_text(found.losses), err=True)
