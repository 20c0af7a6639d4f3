"""A read-only server of the Model Context Protocol: assistants ask the collector's own API, with a key of one's own.

It runs beside the assistant, on any machine, and touches no database: what a key may not read, no tool can tell. Needs
the extra ``mcp``, which is loaded by ``serve`` alone.
"""

from collector.mcp.reading import CannotRead, Read, over_http

__all__ = ["CannotRead", "Read", "over_http", "serve"]


def serve(read: Read) -> None:
    """Answer on standard input and output until that ends."""
    from collector.mcp import tools

    tools.server(read).run()
