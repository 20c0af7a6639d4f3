"""``surveys`` and ``templates``: what is asked, with which instruments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import survey_templates
from collector import clock, errors
from collector import surveys as survey_verbs
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.instruments import commands
from collector.surveys import files as survey_files

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ACTOR = "command line"


@click.group(cls=Family)
def surveys() -> None:
    """What is asked at which touchpoint."""


@surveys.command("apply")
@click.argument("file", type=FILE)
@click.option(
    "--dry-run", is_flag=True, help="Show what would change and which series would end; change nothing."
)
@click.option(
    "--confirm-break", is_flag=True, help="Start new series where a number would not stay comparable."
)
@in_workspace
def apply_surveys(file: Path, dry_run: bool, confirm_break: bool, workspace: str | None) -> None:
    """Create or change the surveys of FILE, by key; the same again changes nothing.

    A change of wording, labels, scale, direction or layout ends a metric series; it is refused until you confirm it.
    """
    entries, now = survey_files.load(file.read_bytes(), str(file)), clock.system_clock()
    with transaction() as session:
        workspace_id = find_workspace(session, workspace).workspace_id
        if dry_run:
            plan = survey_verbs.plan(session, workspace_id, entries, ACTOR, now)
        else:
            with _own_words():
                plan = survey_verbs.apply(session, workspace_id, entries, ACTOR, now, confirm_break)
    for verb in ("created", "versioned", "changed", "unchanged"):
        for key in getattr(plan, verb):
            click.echo(f"{verb:<10} {key}")
    for key, broken_by in plan.breaks.items():
        click.echo(f"{'would end' if dry_run else 'new series'} {key}: {', '.join(broken_by)}")
    for key, languages in plan.without_subject.items():
        click.echo(f"{'asks nobody':<10} {key}: in {', '.join(languages)}, where `subject` has no text")
    if dry_run:
        click.echo("Nothing was changed (--dry-run).")


@contextmanager
def _own_words() -> Iterator[None]:
    """Name this command's option where the verb names the API's field."""
    try:
        yield
    except errors.Conflict as error:
        if error.code != "series_break":
            raise
        told = "This starts a new series: the number would not be comparable with what was measured before. "
        todo = (
            "Repeat with --confirm-break; or, for a mere correction, say why in the file (same_meaning: ...)."
        )
        raise errors.Conflict(told + todo, error.code, error.fields) from None


@surveys.command("list")
@in_workspace
def list_surveys(workspace: str | None) -> None:
    """Show the surveys, where they stand and in which state."""
    with transaction() as session:
        found = survey_verbs.list_surveys(session, find_workspace(session, workspace).workspace_id)
    for row in found:
        click.echo(
            f"{row.key:<24} {row.template:<10} {row.state:<10} version {row.version:<3} at {row.touchpoint}"
        )
    if not found:
        click.echo("There are no surveys yet: afterword surveys apply FILE", err=True)


@click.group(cls=Family)
def templates() -> None:
    """The instruments: NPS, CSAT, CES and their like."""


@templates.command("list")
def list_templates() -> None:
    """Show the shipped templates and the languages they are complete in."""
    for row in commands.list_templates():
        lock = "locked" if row.locked else ""
        click.echo(f"{row.key:<10} {row.metric:<8} {lock:<7} {', '.join(row.locales):<22} {row.name}")


@templates.command("show")
@click.argument("key")
@click.option("--locale", default="en", show_default=True, help="In which language.")
@click.option("--subject", default="Example Telecom", show_default=True, help="What is asked about.")
def show_template(key: str, locale: str, subject: str) -> None:
    """Show a template as the customer reads it."""
    click.echo(commands.show_template(key, locale, subject))


@templates.command("lint")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1)
def lint_templates(files: tuple[Path, ...]) -> None:
    """Check template files (without FILES the shipped ones); each mistake with file, line, column and field."""
    checked = files or survey_templates.files()
    problems = commands.lint(checked)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(2)
    click.echo(f"{len(checked)} good.")
