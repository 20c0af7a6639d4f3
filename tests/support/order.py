"""The order of the files: what starts processes, builds and browsers comes first, so that no worker ends on it alone."""

from __future__ import annotations

from collections import Counter
from typing import Protocol, TypeVar

LONG = ("recipes", "artefact", "browser", "end_to_end", "sdk_python")
"""Folders of tests whose single file may take minutes, the longest first; the others follow by their number of tests."""


class Test(Protocol):
    """What is read of a pytest item."""

    nodeid: str


Some = TypeVar("Some", bound=Test)


def longest_first(items: list[Some]) -> list[Some]:
    """The same tests; those of a file stay together and in their order."""
    counts = Counter(_file(item) for item in items)

    def rank(item: Some) -> tuple[int, int, str]:
        file = _file(item)
        folder = file.split("/")[1] if file.count("/") > 1 else ""
        if folder in LONG:
            return LONG.index(folder), 0, file
        return len(LONG), -counts[file], file

    return sorted(items, key=rank)


def _file(item: Test) -> str:
    return item.nodeid.partition("::")[0]
