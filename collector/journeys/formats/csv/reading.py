"""Rows into a draft."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collector import values
from collector.journeys.definitions import free_key
from collector.journeys.formats.csv.columns import (
    BY_PERSONA,
    FLAGS,
    HEADINGS,
    JOURNEY,
    LISTS,
    NO,
    PARTED,
    RISKY,
    SCALE,
    STEP,
    TOUCHPOINT,
    YES,
)
from collector.journeys.formats.draft import NUMBER, Draft
from collector.journeys.formats.heard import NOWHERE
from collector.yaml_marks import Path, Place

Row = Mapping[str, tuple[str, Place]]


@dataclass(frozen=True)
class Line:
    """A row's known cells by heading, and all that it says: what the column is called, and the cell."""

    row: Row
    cells: tuple[tuple[str, str], ...]


def read(text: str, draft: Draft) -> None:
    """Read rows into a draft; raises FileError with row and column of what does not fit."""
    reader = _Reader(draft)
    for line in _rows(text, draft):
        parts = reader.take(line.row)
        for called, cell in line.cells:
            for said in _parts(cell) if called in PARTED else [cell]:
                draft.hear(called, said, *parts)


class _Reader:
    """Takes one row after another; remembers the journey and the phase that a blank cell repeats."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.journey: tuple[dict[str, Any], Path] | None = None
        self.phase = ""

    def take(self, row: Row) -> list[dict[str, Any]]:
        """Put what a row says into the draft; returns the parts that may hold it."""
        touchpoint = self._touchpoint(row)
        name, place = row.get("step_name") or row.get("step") or ("", (1, 1))
        parts = [] if touchpoint is None else [self.draft.item("touchpoints", touchpoint, place)[0]]
        if name:
            parts.append(self._step(row, name, touchpoint, place))
        elif touchpoint is None or "journey" in row or "phase" in row:
            self._phase(row)
        else:
            return parts
        journey, _ = self._journey(row)
        return [*parts, journey["phases"][-1], journey]

    def _journey(self, row: Row) -> tuple[dict[str, Any], Path]:
        key, place = row.get("journey") or ("", _place(row))
        name, _ = row.get("journey_name") or ("", place)
        wanted = key or (free_key(name, (), "journey") if name else "")
        if self.journey is None or (wanted and wanted != self.journey[0]["key"]):
            wanted = wanted or self.draft.options.journey
            if not wanted:
                self.draft.refuse(place, "journey", "missing", "say which journey this is: --key KEY")
            self.journey, self.phase = self.draft.item("journeys", wanted, place, phases=[]), ""
        journey, path = self.journey
        if name:
            journey.setdefault("name", name)
        _fill(self.draft, journey, path, row, JOURNEY)
        return self.journey

    def _phase(self, row: Row) -> tuple[dict[str, Any], Path]:
        journey, path = self._journey(row)
        name, place = row.get("phase") or (self.phase, _place(row))
        self.phase = name or journey.get("name") or journey["key"]
        said, _ = row.get("phase_key") or ("", place)
        phases: list[dict[str, Any]] = journey["phases"]
        last = phases[-1] if phases else None
        if last is None or last["name"] != self.phase or (said and last["key"] != said):
            key = said or free_key(self.phase, {phase["key"] for phase in phases}, "phase")
            self.draft.add(phases, (*path, "phases"), place, name=self.phase, key=key, steps=[])
        return phases[-1], (*path, "phases", len(phases) - 1)

    def _step(self, row: Row, name: str, touchpoint: str | None, place: Place) -> dict[str, Any]:
        phase, path = self._phase(row)
        journey, _ = self._journey(row)
        taken = {step["key"] for each in journey["phases"] for step in each["steps"]}
        key, _ = row.get("step") or (free_key(name, taken, "step"), place)
        said: dict[str, Any] = {"key": key, "name": name}
        if touchpoint is not None:
            said["touchpoint"] = touchpoint
        here = self.draft.add(phase["steps"], (*path, "steps"), place, **said)
        step: dict[str, Any] = phase["steps"][-1]
        _fill(self.draft, step, here, row, STEP)
        for heading, (text, spot) in row.items():
            if match := BY_PERSONA.fullmatch(heading):
                persona = self.draft.named("personas", match[2], spot)
                own = step.setdefault("expectations", {}).setdefault(persona, {})
                field = "value" if match[1] == "expectation" else "text"
                own[field] = self.draft.feeling(text, spot, SCALE) if field == "value" else text
        return step

    def _touchpoint(self, row: Row) -> str | None:
        key, place = row.get("touchpoint") or ("", _place(row))
        name, _ = row.get("touchpoint_name") or ("", place)
        if not key and not name:
            return None
        key = key or free_key(name, (), "touchpoint")
        item, path = self.draft.item("touchpoints", key, place)
        item.setdefault("name", name or key)
        if name and item["name"] == key:
            item["name"] = name
        _fill(self.draft, item, path, row, TOUCHPOINT)
        return key


def _fill(draft: Draft, item: dict[str, Any], path: Path, row: Row, fields: Mapping[str, str]) -> None:
    """Take the cells of a row into an item; a cell that contradicts an earlier row is refused."""
    for heading, name in fields.items():
        if heading not in row:
            continue
        text, place = row[heading]
        value = _value(draft, heading, text, place)
        if name in item and item[name] != value:
            message = f"{item['key']} has {item[name]!r} in an earlier row"
            draft.refuse(place, heading, "contradiction", message)
        item[name] = value
        draft.places[(*path, name)] = place


def _value(draft: Draft, heading: str, text: str, place: Place) -> Any:
    if heading == "channel":
        return draft.channel(text, place)
    if heading == "owners":
        return [draft.named("stakeholders", part, place) for part in _parts(text)]
    if heading == "personas":
        return [draft.named("personas", part, place) for part in _parts(text)]
    if heading in LISTS:
        return _parts(text)
    if heading == "expectation" and NUMBER.fullmatch(text):
        return draft.feeling(text, place, SCALE)
    if heading in FLAGS:
        return _flag(draft, heading, text, place)
    number = values.whole(text) if heading == "abandoned_after_days" else None
    if number is None:
        return text
    draft.turn(text, number)
    return number


def _flag(draft: Draft, name: str, text: str, place: Place) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        draft.refuse(place, name, "invalid", f"{text!r} is neither yes nor no")
    draft.turn(text, word in YES)
    return word in YES


def _rows(text: str, draft: Draft) -> Iterator[Line]:
    """The rows without blank cells, those of headings that we do not know among them."""
    grid = list(_grid(text, draft))
    if draft.options.lanes:
        width = max((len(cells) for _, cells in grid), default=0)
        columns = [[cells[at] if at < len(cells) else "" for _, cells in grid] for at in range(width)]
        lines = [line for line, _ in grid]
        table = [
            [(cell, (lines[row], at + 1)) for row, cell in enumerate(cells)]
            for at, cells in enumerate(columns)
        ]
    else:
        table = [[(cell, (line, at + 1)) for at, cell in enumerate(cells)] for line, cells in grid]
    if not table:
        draft.refuse((1, 1), "", "empty", "there is no heading row")
    headings = [_heading(cell, draft) for cell, _ in table[0]]
    for cells in table[1:]:
        row: dict[str, tuple[str, Place]] = {}
        said: list[tuple[str, str]] = []
        for at, (cell, place) in enumerate(cells):
            heading = headings[at] if at < len(headings) else "?"
            if not (text := _as_written(cell.strip())):
                continue
            said.append((f"column {heading[1:] or at + 1}" if heading.startswith("?") else heading, text))
            if not heading.startswith("?"):
                row[heading] = (text, place)
        if row:
            yield Line(row, tuple(said))
        elif said:
            for called, text in said:
                draft.hear(called, text, NOWHERE)


def _grid(text: str, draft: Draft) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        draft.refuse((before + 1, 1), "", "not_csv", f"not readable as CSV: {error}")


def _heading(cell: str, draft: Draft) -> str:
    given = {theirs.strip().casefold(): ours for theirs, ours in draft.options.columns.items()}
    plain = cell.strip().casefold()
    wanted = given.get(plain, plain.replace(" ", "_"))
    if BY_PERSONA.fullmatch(cell.strip()):
        return cell.strip()
    return wanted if wanted in HEADINGS else f"?{cell.strip()}"


def _place(row: Row) -> Place:
    return next(iter(row.values()))[1]


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _as_written(text: str) -> str:
    return text[1:] if text.startswith("'") and RISKY.match(text) else text
