"""A mapping that is wrong is refused before a row is read, with the line of each mistake."""

from __future__ import annotations

import pytest

from collector.exchange import mapping
from collector.yaml_marks import FileError

GOOD = """\
name: cards
metric: csat
id: id
touchpoint: {column: place}
score: {column: score}
comment: {column: text}
occurred_at: {column: at}
"""


def _problems(text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        mapping.load(text, "m.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_good_mapping_names_its_columns() -> None:
    assert mapping.load(GOOD, "m.yaml").mapping.columns == {"id", "place", "score", "text", "at"}


@pytest.mark.parametrize(
    ("line", "replacement", "place"),
    [
        (1, "name: Cards and more", "m.yaml:1:1: name"),
        (2, "metric: happiness", "m.yaml:2:1: metric"),
        (3, "id: []", "m.yaml:3:1: id"),
        (4, "touchpoint: {}", "m.yaml:4:1: touchpoint"),
        (4, "touchpoint: {column: place, constant: ward}", "m.yaml:4:1: touchpoint"),
        (4, "touchpoint: {column: place, unmapped: ignore}", "m.yaml:4:29: touchpoint.unmapped"),
        (5, "score: {column: score, scale: [0, 10]}", "m.yaml:5:24: score.scale"),
        (5, "score: {column: score, scale: [5, 1]}", "m.yaml:5:24: score.scale"),
        (5, "score: {column: score, values: {good: 6}}", "m.yaml:5:33: score.values.good"),
        (5, "score: {column: score, reversed: sometimes}", "m.yaml:5:24: score.reversed"),
        (6, "comments: {column: text}", "m.yaml:6:1: comments"),
        (7, 'occurred_at: {column: at, format: "%d/%m"}', "m.yaml:7:27: occurred_at.format"),
        (7, "occurred_at: {column: at, timezone: Middle/Earth}", "m.yaml:7:27: occurred_at.timezone"),
        (7, "occurred_at: {format: iso}", "m.yaml:7:1: occurred_at.column"),
    ],
)
def test_each_mistake_is_named_with_line_and_field(line: int, replacement: str, place: str) -> None:
    lines = GOOD.splitlines()
    lines[line - 1] = replacement
    problems = _problems("\n".join(lines))
    assert any(problem.startswith(place) for problem in problems), problems


def test_a_scale_is_never_stretched() -> None:
    [problem] = _problems(GOOD.replace("column: score", "column: score, scale: [1, 10]"))
    assert problem.endswith("must have 5 points to become csat; name each score under values instead")


def test_a_mapping_needs_something_to_import() -> None:
    text = "".join(f"{line}\n" for line in GOOD.splitlines() if not line.startswith(("score", "comment")))
    assert _problems(text) == ["m.yaml:1:1: needs a score or a comment"]


@pytest.mark.parametrize("text", ["", "- a list", "name: [", "a: &x 1\nb: *x"])
def test_what_is_no_mapping_at_all_is_refused(text: str) -> None:
    assert _problems(text)[0].startswith("m.yaml:")
