"""Try it without spoiling anything: what a test key sends, and what is answered to it, in a table of its own.

In: triggers sent with a test key (``aw_sk_test_...``), and links that it signed. Out: decisions and surveys as real
ones, and a list for the page that connects a business system. No figure, no policy and no export reads this table.
"""

from collector.test_mode import forget
from collector.test_mode.actions import (
    answer,
    is_test,
    newest,
    note,
    opened,
    pending,
    published,
    take,
    token_of,
)
from collector.test_mode.models import TestOrder

__all__ = [
    "TestOrder",
    "answer",
    "forget",
    "is_test",
    "newest",
    "note",
    "opened",
    "pending",
    "published",
    "take",
    "token_of",
]
