"""``rollups``: the counts that figures are made of, counted anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from collector.cli.context import Family, in_workspace, sessions_of
from collector.exchange import Progress
from collector.kpis import recounting, recounting_asks


@click.group(cls=Family)
def rollups() -> None:
    """The counts that figures are made of."""


@rollups.command()
@in_workspace
def rebuild(workspace: str | None) -> None:
    """Count all answers and all who were asked anew, and mend what the rollups have wrong; figures stay right meanwhile.

    It may be stopped at any time and run again. What came in the last minutes and waits to be counted stays with the worker.
    """
    with sessions_of(workspace) as (sessions, workspace_id):
        said = _drawn(recounting.rebuild(sessions, workspace_id), "answers")
        asked = _drawn(recounting_asks.rebuild(sessions, workspace_id), "weeks of asks")
    click.echo(
        f"{said.total:,} answers counted anew; {said.mended:,} cells and tallies were wrong and are right now. "
        f"Of who was asked, {asked.mended:,}."
    )


def _drawn(rebuilding: Iterator[recounting.Recounted], noun: str) -> recounting.Recounted:
    said, bar = recounting.Recounted(), Progress(sys.stderr, 0)
    for said in rebuilding:
        bar.total = said.total
        bar.at(said.done)
        bar.draw(f"{said.done:,} {noun}", last=said.done == said.total)
    return said
