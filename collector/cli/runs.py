"""``runs``: community runs, how far they are and what they came to."""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from collector import clock, exchange
from collector.changes import record
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.communities import runs as station
from collector.locale import Speaker
from collector.results import Words, concluding, reading, telling, verdict

ACTOR = "command line"


@click.group(cls=Family)
def runs() -> None:
    """Community runs: list, show, stop, export."""


@runs.command("list")
@in_workspace
def list_(workspace: str | None) -> None:
    """Show each run with its state and its touchpoint."""
    with transaction() as session:
        for run in station.page(session, find_workspace(session, workspace).workspace_id, limit=1000)[0]:
            click.echo(f"{run.key:<24} {run.state:<10} {run.touchpoint:<24} {run.name}")


@runs.command()
@click.argument("key")
@in_workspace
def show(key: str, workspace: str | None) -> None:
    """Show how far a run is, and what it came to so far."""
    with transaction() as session:
        _tell(session, station.get(session, find_workspace(session, workspace).workspace_id, key))


@runs.command()
@click.argument("key")
@in_workspace
def stop(key: str, workspace: str | None) -> None:
    """Conclude a run: its verdict is kept, and filed as an insight at its touchpoint."""
    with transaction() as session:
        run = station.get(session, find_workspace(session, workspace).workspace_id, key)
        concluding.conclude(session, run, _words(session, run), ACTOR, clock.system_clock())
        _tell(session, run)


@runs.command()
@click.argument("key")
@click.option("--counts", is_flag=True, help="Write how often each answer was given, of all and by variant.")
@in_workspace
def export(key: str, counts: bool, workspace: str | None) -> None:
    """Write a run's answers as CSV, once its verdict may be seen.

    Singly only of members who agreed to be read one by one; with --counts of all, in fives and more.
    """
    with transaction() as session:
        run = station.get(session, find_workspace(session, workspace).workspace_id, key)
        what = "run_counts" if counts else "run_answers"
        record(session, run.workspace_id, clock.system_clock(), ACTOR, "exported", what, run.key)
        if counts:
            exchange.run_files.write_counts(session, run, "en", sys.stdout)
        else:
            exchange.run_files.write_answers(session, run, sys.stdout)


def _tell(session: Session, run: station.StoredRun) -> None:
    steps, found = reading.progress(session, run).whole, verdict.of(session, run)
    click.echo(f"{run.name}: {run.state}")
    click.echo(
        f"Invited {steps.invited}, opened {steps.opened}, started {steps.started}, finished {steps.finished}."
    )
    for sentence in _words(session, run).sentences(run, found) if run.state != "draft" else ():
        click.echo(sentence)


def _words(session: Session, run: station.StoredRun) -> Words:
    return telling.words_of(session, run, Speaker("en"))
