"""The command line: ``afterword``. Each command calls the same verbs as the API and the pages do.

Errors are one line (code, sentence, and each bad place) on standard error, exit code 2 for what was typed or given
wrong, 1 for what failed.
"""

from __future__ import annotations

import atexit
import gc

import click

from collector import __version__
from collector.cli import (
    backups,
    bi,
    data,
    database,
    definitions,
    doctor,
    journeys,
    mcp,
    panels,
    people,
    pseudonyms,
    rollups,
    runs,
    serving,
    webhooks,
    workspace,
)
from collector.cli.context import Family


@click.group(cls=Family, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="afterword")
def main() -> None:
    """Afterword asks a customer one short question at the end of an experience.

    \b
    Try it:          afterword demo
    Begin for real:  afterword init, then afterword serve
    Then:            afterword journeys apply FILE, afterword surveys apply FILE

    Settings come from the environment (AFTERWORD_DATABASE_URL, AFTERWORD_URL, ...); `afterword doctor` lists them.
    """


for command in (
    serving.demo,
    workspace.init,
    serving.serve,
    serving.work,
    workspace.keys,
    people.people,
    webhooks.webhooks,
    journeys.journeys,
    panels.panels,
    runs.runs,
    definitions.surveys,
    definitions.templates,
    data.import_,
    data.export,
    data.erase,
    pseudonyms.pseudonyms,
    rollups.rollups,
    backups.backup,
    backups.restore,
    bi.bi,
    mcp.mcp,
    database.db,
    doctor.doctor,
):
    main.add_command(command)

# Else what all modules hold is searched for circles before the process may go: a third of a short command's time.
atexit.register(gc.freeze)
