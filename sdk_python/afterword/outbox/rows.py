"""One thing that is on its way to the collector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

TRIGGER = "trigger"
INTERACTION = "interaction"
CANCEL = "cancel"
ERASE = "erase"

BARRIERS = frozenset({CANCEL, ERASE})
"""Kinds that undo earlier rows, and so must never overtake them."""


class Row(NamedTuple):
    """`seq` orders the rows, `id` names the thing on the wire, `body` is its JSON, `at` Unix seconds when it came in."""

    seq: int
    kind: str
    id: str
    body: str
    at: float


class DeadLetter(NamedTuple):
    """A row that the collector refused for good, with its reason."""

    kind: str
    id: str
    body: str
    status: int
    reason: str
    failed_at: float


class DeadRow(NamedTuple):
    """A dead letter as it stands in a file, to be moved to another one or put back into the queue."""

    seq: int
    kind: str
    id: str
    body: str
    at: float
    status: int
    reason: str
    failed_at: float


class Source(Protocol):
    """Where the delivery takes rows from: the outbox of this process, or a table in the caller's database."""

    def take(self, limit: int) -> Sequence[Row]:
        """Return the oldest rows without removing them; the same again until they are struck off."""
        ...

    def delivered(self, rows: Sequence[Row]) -> None:
        """Strike rows off: the collector has them."""

    def dead(self, refused: dict[Row, str], status: int) -> None:
        """Move rows to the dead letters, each with the server's reason."""

    def retried(self, count: int) -> None:
        """Count rows that have to be sent once more."""

    def tend(self, *, idle: bool) -> None:
        """Do the house-keeping that does not belong on the caller's path."""
