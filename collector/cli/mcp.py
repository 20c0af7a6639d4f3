"""``mcp``: let an assistant read the figures."""

from __future__ import annotations

import os
from importlib.util import find_spec

import click

from collector.cli.context import Refusal
from collector.mcp import CannotRead, over_http, serve


@click.command()
@click.option("--url", envvar="AFTERWORD_URL", help="The collector's address; else AFTERWORD_URL.")
def mcp(url: str | None) -> None:
    """Serve the Model Context Protocol on standard input and output, for an assistant on this machine.

    The key comes from AFTERWORD_READ_KEY only, since a command line is public: a read key (figures), or an analyst key
    (comments too), best kept to a scope. See docs/how-to/connect-an-assistant.md.
    """
    if find_spec("mcp") is None:
        raise Refusal("the extra is missing: pip install 'afterword[mcp]'", 1)
    try:
        read = over_http(url or "", os.environ.get("AFTERWORD_READ_KEY", ""))
        read("/api/v1/journeys", {"limit": 1})
    except CannotRead as error:
        raise Refusal(str(error), 1) from None
    serve(read)
