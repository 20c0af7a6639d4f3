"""``doctor``: whether all is well, and what to do where it is not."""

from __future__ import annotations

import sys

import click

from collector import clock, config, service

MARKS = {"well": "ok ", "advice": "-- ", "fault": "!! "}


@click.command()
def doctor() -> None:
    """Check settings, database, jobs, disk, mail and backups; say what to do.

    \b
    Writes nothing and makes nothing. ok: well; --: worth a look; !!: at fault.
    Ends with 0 where nothing is at fault, with 1 otherwise, with 2 for a bad setting.
    """
    for setting in config.SETTINGS:
        click.echo(f"AFTERWORD_{setting.name:<14} {setting.help}  [default: {setting.default or 'none'}]")
    settings = config.load(writes=False)
    click.echo("")
    at_fault = False
    for finding in service.findings(settings, clock.system_clock()):
        click.echo(f"{MARKS[finding.state]} {finding.said}")
        at_fault = at_fault or finding.state == "fault"
    sys.exit(1 if at_fault else 0)
