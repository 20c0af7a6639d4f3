"""What whoever moves in says beside the files: where answers belong, which question is which, who a customer is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collector import errors
from collector.contact import MESSAGE_CHANNELS
from collector.exchange import guessing, reading
from collector.exchange.file_problem import FileProblem
from collector.instruments import MEASURES

QUESTION = re.compile(r"(?P<column>.+)=(?P<metric>[a-z_]+)(@(?P<touchpoint>[^@=]+))?\Z", re.DOTALL)
CONSENT = re.compile(r"(?P<column>.+)=(?P<channel>[a-z_]+)\Z", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """What a column of scores asked; ``touchpoint`` where it is not that of the whole file."""

    metric: str
    touchpoint: str | None = None


@dataclass(frozen=True)
class Choices:
    """All of it; ``customers``: an address or a tool's own id -> your id of this customer, ``consents``: column -> channel.

    ``survey``: which of a tool's surveys it is, where two of them name other questions alike. ``sheet``: which one is
    read of each workbook.
    """

    touchpoint: str | None = None
    touchpoint_column: str | None = None
    questions: Mapping[str, Asked] = field(default_factory=dict)
    comment: str | None = None
    customer: str | None = None
    customers: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    attributes: Sequence[str] = ()
    survey: str = ""
    sheet: str | None = None
    counts_as_contact: bool = True


def customers(path: Path) -> dict[str, str]:
    """Read a table of two columns, an address or a tool's own id and your id of this customer; raises 422 for another."""
    table = guessing.table(path)
    if len(table.columns) != 2:
        raise FileProblem(
            f"{path.name}: two columns are needed, the address and your id of the customer; there are {len(table.columns)}.",
            "bad_customers",
        )
    theirs, own = table.columns
    rows = (row.columns for row in reading.rows(path, table.source) if not row.broken)
    found = ((row[theirs].strip().casefold(), row[own].strip()) for row in rows)
    return {address: customer for address, customer in found if address and customer}


def questions(said: Sequence[str]) -> dict[str, Asked]:
    """Read ``COLUMN=METRIC`` and ``COLUMN=METRIC@TOUCHPOINT``; raises 422 for anything else."""
    found = {}
    for text in filter(str.strip, said):
        match = QUESTION.fullmatch(text.strip())
        if match is None or match["metric"] not in MEASURES:
            raise errors.BadInput(
                f"{text!r} is no question: say COLUMN=METRIC or COLUMN=METRIC@TOUCHPOINT, with one of {', '.join(MEASURES)}.",
                "bad_question",
                {"question": ["COLUMN=METRIC[@TOUCHPOINT]"]},
            )
        found[match["column"].strip()] = Asked(match["metric"], match["touchpoint"])
    return found


def consents(said: Sequence[str]) -> dict[str, str]:
    """Read ``COLUMN=CHANNEL``; raises 422 for anything else."""
    found = {}
    for text in filter(str.strip, said):
        match = CONSENT.fullmatch(text.strip())
        if match is None or match["channel"] not in MESSAGE_CHANNELS:
            raise errors.BadInput(
                f"{text!r} is no consent: say COLUMN=CHANNEL, with one of {', '.join(MESSAGE_CHANNELS)}.",
                "bad_consent",
                {"consent": ["COLUMN=CHANNEL"]},
            )
        found[match["column"].strip()] = match["channel"]
    return found
