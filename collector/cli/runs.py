"""``runs``: community runs, how far they are and what they came to."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from collector import clock
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.communities import runs as station
from collector.locale import Speaker
from collector.results import Words, concluding, reading, telling, verdict

ACTOR = "command line"


@click.group(cls=Family)
def runs() -> None:
    """Community runs: list, show, stop."""


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
