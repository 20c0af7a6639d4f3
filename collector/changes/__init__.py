"""Who did what, when: an append-only record.

In: every verb that changes something. Out: the record, newest first. Read by journeys' histories and the company's
record page.
"""

from collector.changes import retention
from collector.changes.chain import verify
from collector.changes.models import Change, ChangeHead
from collector.changes.reading import LARGEST_PAGE, PAGE, Wanted, changes, every
from collector.changes.recording import record

__all__ = [
    "LARGEST_PAGE",
    "PAGE",
    "Change",
    "ChangeHead",
    "Wanted",
    "changes",
    "every",
    "record",
    "retention",
    "verify",
]
