"""``pseudonyms``: a new key for the names under which customers are known here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from collector import clock, erasure, write_ahead_log
from collector.cli.context import Family, find_workspace, in_workspace, transaction
from collector.workspaces import pseudonyms as verbs

ACTOR = "command line"
BATCH = 1000


@click.group(cls=Family)
def pseudonyms() -> None:
    """Rotate the key of customers' pseudonyms, after a server key was lost: rotate, rename, finish."""


@pseudonyms.command()
@in_workspace
def rotate(workspace: str | None) -> None:
    """Begin: server keys made from now on carry a new pseudonym key."""
    with transaction() as session:
        verbs.rotate(session, find_workspace(session, workspace).workspace_id, ACTOR, clock.system_clock())
    click.echo("Next: make new server keys, revoke the old ones, then afterword pseudonyms rename FILE")


@pseudonyms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_workspace
def rename(file: Path, workspace: str | None) -> None:
    """Give the customers whose ids stand in FILE, one a line, their new pseudonyms; may be run again and again."""
    count = 0
    for ids in _batches(file):
        with transaction() as session:
            found = find_workspace(session, workspace)
            count += erasure.rekeying.rekey(session, found, ids, clock.system_clock())
    click.echo(f"{count:,} customers renamed.")


@pseudonyms.command()
@in_workspace
def finish(workspace: str | None) -> None:
    """Rename what came in meanwhile, and forget the old key for good."""
    with transaction() as session:
        found, now = find_workspace(session, workspace), clock.system_clock()
        count = erasure.rekeying.follow(session, found.workspace_id, now)
        verbs.finish(session, found.workspace_id, ACTOR, now)
    with transaction() as session:
        write_ahead_log.empty(session)
    click.echo(f"{count:,} customers renamed. The old key is forgotten.")


def _batches(file: Path) -> Iterator[list[str]]:
    """Each batch is renamed in a transaction of its own, so that nobody waits long."""
    batch: list[str] = []
    with file.open(encoding="utf-8") as lines:
        for line in filter(None, (line.strip() for line in lines)):
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch
