"""A tool as data: the files that it hands out, what tells them apart, and which column of each holds what.

Names of columns are compared without case, blanks and punctuation, since tools write them now one way, now the other; where
several are given, the first that a file has counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collector import errors
from collector.exchange.mapping import NamedList

FOLDER = Path(__file__).parent
TOOLS = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
ROLES = ("id", "at", "customer", "email", "person", "comment", "score", "kind", "locale")
"""What a column of a tool can be; ``person`` is its own id of somebody, ``kind`` what was asked in this row."""


@dataclass(frozen=True)
class Fact:
    """What a row says for the memory: its kind, when, and in which rows it holds.

    ``when``: column -> the texts that make it hold (none: any text), ``unless``: that keep it from it; ``answered``: columns
    that say that an ask was answered.
    """

    kind: str
    at: tuple[str, ...] = ()
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answered: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it asks."""
        return (*self.at, *self.when, *self.unless, *self.answered)


@dataclass(frozen=True)
class Shape:
    """One kind of file of a tool.

    ``known_by``: what it has, each as one of several names. ``roles``: role -> names of its column. ``metrics``: text of
    the column ``kind`` -> metric. ``skip``: column -> texts that make a row no customer's answer. ``empty``: texts that say
    nothing. ``timezone_row``: the row that explains in which zone times are. ``derived``: a pattern of columns that the tool computes from answers. ``counted``: ids are numbers of one survey, so that the time belongs to them. ``own``: columns of the tool that are no questions.
    """

    name: str
    documentation: str
    known_by: Sequence[tuple[str, ...]]
    roles: Mapping[str, tuple[str, ...]]
    formats: tuple[str, ...] = ("iso",)
    timezone: str | None = None
    header_rows: int = 1
    wording_row: int | None = None
    timezone_row: int | None = None
    lists: tuple[NamedList, ...] = ()
    metrics: Mapping[str, str] = field(default_factory=dict)
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    counted: bool = False
    derived: str | None = None
    own: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def holds_answers(self) -> bool:
        """Whether its rows are answers, not people."""
        return "id" in self.roles


@dataclass(frozen=True)
class Tool:
    """A tool: its key, its name, and the shapes of its files, the most telling first."""

    key: str
    name: str
    shapes: tuple[Shape, ...]


@cache
def tool(key: str) -> Tool:
    """The description of a tool; raises 404 for one that has none."""
    if key not in TOOLS:
        raise errors.NotFound(f"There is no tool {key!r}; there are {', '.join(TOOLS)}.", "unknown_tool")
    said = yaml.safe_load((FOLDER / f"{key}.yaml").read_text("utf-8"))
    return Tool(key, said["name"], tuple(_shape(each) for each in said["files"]))


def normal(name: str) -> str:
    """A column's name without what does not tell it apart."""
    return re.sub(r"[\W_]+", "", name).casefold() or name.strip()


def _shape(said: Mapping[str, Any]) -> Shape:
    return Shape(
        name=said["name"],
        documentation=said["documentation"],
        known_by=[_names(each) for each in said["known_by"]],
        roles={role: _names(said[role]) for role in ROLES if role in said},
        formats=_names(said.get("formats", "iso")),
        timezone=said.get("timezone"),
        header_rows=said.get("header_rows", 1),
        wording_row=said.get("wording_row"),
        timezone_row=said.get("timezone_row"),
        derived=said.get("derived"),
        lists=tuple(
            NamedList(e["path"], _names(e["key"]), _names(e["value"])) for e in said.get("lists", ())
        ),
        metrics=said.get("metrics", {}),
        skip={column: _names(texts) for column, texts in said.get("skip", {}).items()},
        empty=_names(said.get("empty", ())),
        counted=said.get("counted", False),
        own=_names(said.get("own", ())),
        facts=tuple(_fact(each) for each in said.get("facts", ())),
    )


def _fact(said: Mapping[str, Any]) -> Fact:
    holds, not_holds = (
        {column: _names(texts) for column, texts in said.get(name, {}).items()} for name in ("when", "unless")
    )
    return Fact(said["kind"], _names(said.get("at", ())), holds, not_holds, _names(said.get("answered", ())))


def _names(said: Any) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list | tuple) else (str(said),)
