"""A mapping: which column of somebody's file means what. Plain, frozen values; ``schemas`` says how they are written.

The language stands in ``docs/reference/mapping.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from marshmallow import ValidationError

from collector import yaml_marks
from collector.exchange.schemas import MappingSchema
from collector.instruments import MEASURES

Treatment = Literal["skip", "keep", "quarantine"]
Score: TypeAlias = "int | str | None"
"""An answer to the score question as it is stored (a number, or an option key such as ``yes``); None: no answer."""


@dataclass(frozen=True)
class NamedList:
    """A list of objects inside a JSON row, whose entries are columns of it.

    ``path`` leads there, through lists on the way; an entry is named by the first of ``key`` that it has, and holds the
    first of ``value``.
    """

    path: str
    key: tuple[str, ...]
    value: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """How the file is written; ``format`` None: by its ending. Names stand in the first of its ``header_rows``."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    neutralised: bool = False
    header_rows: int = 1
    lists: tuple[NamedList, ...] = ()
    sheet: str | None = None


@dataclass(frozen=True)
class Field:
    """A value per row: a column's text, translated by ``values`` where it stands there; or the same constant."""

    column: str | None = None
    constant: str | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    unmapped: Treatment = "keep"
    missing: Sequence[str] = ()
    without: Treatment = "keep"


@dataclass(frozen=True)
class ScoreField:
    """Where the score stands, and how its words or its scale become the metric's."""

    column: str
    values: Mapping[str, Score] = field(default_factory=dict)
    scale: tuple[int, int] | None = None
    reversed: bool = False
    missing: Sequence[str] = ()
    without: Treatment = "skip"


@dataclass(frozen=True)
class TimeField:
    """When it was answered. Each of ``formats`` is one that ``moments`` reads; the first that fits counts.

    ``timezone`` holds where the file names none; without it, the workspace's.
    """

    column: str
    formats: tuple[str, ...] = ("iso",)
    timezone: str | None = None


@dataclass(frozen=True)
class ResponseMapping:
    """The whole mapping; ``name`` keeps this source's row ids and its metric series apart from all others."""

    name: str
    metric: str
    touchpoint: Field
    occurred_at: TimeField
    id: tuple[str, ...]
    score: ScoreField | None = None
    comment: Field | None = None
    subject: str = ""
    source: Source = Source()
    fields: Mapping[str, Field] = field(default_factory=dict)
    attributes: Mapping[str, Field] = field(default_factory=dict)
    counts_as_contact: bool = True

    @property
    def columns(self) -> set[str]:
        """Every column that the file must have."""
        return {column for _, column in self.named_columns()}

    def named_columns(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Each column with its place in the mapping file."""
        single = {"touchpoint": self.touchpoint, "comment": self.comment, **self.fields}
        for name, found in single.items():
            if found is not None and found.column is not None:
                yield (name, "column"), found.column
        if self.score is not None:
            yield ("score", "column"), self.score.column
        yield ("occurred_at", "column"), self.occurred_at.column
        for column in self.id:
            yield ("id",), column
        for name, found in self.attributes.items():
            if found.column is not None:
                yield ("attributes", name, "column"), found.column


PLAIN_FIELDS = ("journey", "channel", "persona", "locale", "customer", "transaction", "respondent")
"""The fields that are one value per row and need no treatment of their own."""


@dataclass(frozen=True)
class MappingFile:
    """A mapping with the document it was read from, so that later findings can name its lines."""

    mapping: ResponseMapping
    document: yaml_marks.Document


def load(text: str | bytes, filename: str) -> MappingFile:
    """Read a mapping; ``yaml_marks.FileError`` names file, line and field of everything that is wrong."""
    document = yaml_marks.load(text, filename)
    if not isinstance(document.value, dict):
        raise yaml_marks.FileError([document.problem((), "invalid", "must be a mapping of fields")])
    try:
        mapping = _mapping(MappingSchema().load(document.value))
    except ValidationError as error:
        raise yaml_marks.FileError(document.problems(error.messages_dict)) from None
    problems = [document.problem(path, "invalid", text) for path, text in _contradictions(mapping)]
    if problems:
        raise yaml_marks.FileError(problems)
    return MappingFile(mapping, document)


def _mapping(data: dict[str, Any]) -> ResponseMapping:
    score, comment = data.get("score"), data.get("comment")
    return ResponseMapping(
        name=data["name"],
        metric=data["metric"],
        subject=data.get("subject", ""),
        source=Source(**data.get("file", {})),
        id=tuple(data["id"]) if isinstance(data["id"], list) else (data["id"],),
        touchpoint=Field(**{"unmapped": "quarantine", **data["touchpoint"]}),
        occurred_at=_time(data["occurred_at"]),
        score=ScoreField(**{**score, "scale": _pair(score.get("scale"))}) if score else None,
        comment=Field(**comment) if comment else None,
        fields={name: Field(**data[name]) for name in PLAIN_FIELDS if name in data},
        attributes={name: Field(**item) for name, item in data.get("attributes", {}).items()},
        counts_as_contact=data.get("counts_as_contact", True),
    )


def _time(data: dict[str, Any]) -> TimeField:
    given = data.get("format", "iso")
    formats = tuple(given) if isinstance(given, list) else (given,)
    return TimeField(data["column"], formats, data.get("timezone"))


def _pair(scale: Sequence[int] | None) -> tuple[int, int] | None:
    return (scale[0], scale[1]) if scale else None


def _contradictions(mapping: ResponseMapping) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What each field allows and the whole does not."""
    if mapping.score is None and mapping.comment is None:
        yield (), "needs a score or a comment"
    if mapping.score is not None:
        yield from _score_contradictions(mapping.score, mapping.metric)


def _score_contradictions(score: ScoreField, metric: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    kind = MEASURES[metric]
    points = kind.scale or range(0)
    if score.scale and score.scale[1] - score.scale[0] + 1 != len(points):
        yield (
            ("score", "scale"),
            f"must have {len(points)} points to become {metric}; name each score under values instead",
        )
    if kind.options and (score.scale or score.reversed):
        yield ("score",), f"{metric} has options, not a scale; name each answer under values"
    good = set(kind.options or points)
    for text, value in score.values.items():
        if value is not None and value not in good:
            listed = ", ".join(map(str, kind.options or (points[0], "...", points[-1])))
            yield ("score", "values", text), f"must be one of {listed}, or null for no answer"
