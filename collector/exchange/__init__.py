"""Answers in from other people's files, answers out into anyone's tools.

In: CSV, TSV or JSON with a mapping file, and other survey tools' own files without one (``tools``); out of the store: CSV
and JSON Lines, row by row. What a mapping cannot place is quarantined, never lost; the same file twice adds nothing. Two
reports go out as tables too: answers by page (``by_page``), and where customers leave a journey (``drop_off``).
Read by the command line and the ``/api/v1`` of imports and exports.
"""

from collector.exchange import console, forget, inbound, members, run_files, tools, uploads, xes
from collector.exchange.progress import Progress

__all__ = [
    "Progress",
    "console",
    "forget",
    "inbound",
    "members",
    "run_files",
    "tools",
    "uploads",
    "xes",
]
