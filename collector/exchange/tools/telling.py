"""What became of a tool's files: what was taken for what, the first rows as they are stored, and what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.exchange.memory import MemoryReport
from collector.exchange.report import Report
from collector.exchange.tools.questions import Question


@dataclass(frozen=True)
class Sample:
    """A row as it is stored: the customer as a pseudonym, what was typed as it is kept."""

    number: int
    at: str
    touchpoint: str
    answer: Any
    comment: str | None
    customer: str | None
    attributes: dict[str, str]


@dataclass
class Placed:
    """A question with what became of its rows."""

    question: Question
    samples: Sequence[Sample] = ()
    report: Report = field(default_factory=Report)


@dataclass
class Taken:
    """A file: its shape, its questions, its facts; ``lost``: columns that go nowhere, with how many rows say something there.

    ``possible``: those of them that could be questions. ``by_address``: customers that are known by their address alone.
    ``unread``: sheets of a workbook that were left.
    """

    file: str
    shape: str
    documentation: str
    questions: list[Placed] = field(default_factory=list)
    memory: MemoryReport = field(default_factory=MemoryReport)
    lost: dict[str, int] = field(default_factory=dict)
    possible: list[str] = field(default_factory=list)
    by_address: int = 0
    unread: list[str] = field(default_factory=list)


@dataclass
class Moved:
    """All files of a move."""

    tool: str
    files: list[Taken] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of answers and facts that have been looked at."""
        answers = sum(placed.report.rows for file in self.files for placed in file.questions)
        return answers + sum(file.memory.rows for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that were bad, not set aside as the tool's description foresees."""
        bad = sum(placed.report.rejected for file in self.files for placed in file.questions)
        return bad + sum(tally.count for file in self.files for tally in file.memory.refused.values())

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {"tool": self.tool, "files": [_file_as_json(file) for file in self.files]}

    def lines(self) -> Iterator[str]:
        """The report for people."""
        for file in self.files:
            yield f"{file.file}: {file.shape} of {self.tool} ({file.documentation})"
            for placed in file.questions:
                yield from (f"  {line}" for line in _question_lines(placed))
            if file.memory.rows:
                yield from (f"  {line}" for line in _memory_lines(file.memory))
            yield from (f"  {line}" for line in _loss_lines(file))


def _question_lines(placed: Placed) -> Iterator[str]:
    asked = placed.question
    where = f"touchpoint {asked.touchpoint}" if asked.touchpoint else "the touchpoint of its column"
    yield f"“{asked.wording}” is {asked.metric} at {where}, kept as source {asked.source}"
    yield f"  comment: {asked.comment or 'none'}"
    for each in placed.samples:
        said = f"row {each.number}: {each.at}  {each.touchpoint}  {asked.metric} {each.answer}"
        more = [f"customer {each.customer}"] if each.customer else []
        more += [f"{name} {text}" for name, text in each.attributes.items()]
        more += [repr(each.comment)] if each.comment else []
        yield "  " + "  ".join([said, *more])
    yield from (f"  {line}" for line in placed.report.lines())


def _memory_lines(memory: MemoryReport) -> Iterator[str]:
    yield f"{memory.rows:,} facts for the memory"
    yield from (f"  {line}" for line in memory.lines())


def _loss_lines(file: Taken) -> Iterator[str]:
    if file.by_address:
        yield (
            f"{file.by_address:,} rows name their customer by an e-mail address alone: where you trigger by an id of "
            "your own, say which address is whose (--customers FILE)"
        )
    for column in file.possible:
        yield f"not taken, could be a question: “{column}” (--question '{column}=METRIC')"
    for column, count in file.lost.items():
        yield f"lost: “{column}” ({count:,} rows say something there)"
    if file.unread:
        yield f"sheets that were not read: {', '.join(file.unread)} (--sheet {file.unread[0]!r})"


def _file_as_json(file: Taken) -> dict[str, Any]:
    return {
        "file": file.file,
        "shape": file.shape,
        "questions": [_placed_as_json(placed) for placed in file.questions],
        "memory": file.memory.as_json(),
        "lost": file.lost,
        "possible_questions": file.possible,
        "customers_by_address": file.by_address,
        "unread_sheets": file.unread,
    }


def _placed_as_json(placed: Placed) -> dict[str, Any]:
    asked = placed.question
    return {
        "column": asked.column,
        "question": asked.wording,
        "metric": asked.metric,
        "source": asked.source,
        "touchpoint": asked.touchpoint,
        "comment": asked.comment,
        "first_rows": [vars(sample) for sample in placed.samples],
        "report": placed.report.as_json(),
    }
