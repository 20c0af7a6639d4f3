"""How the command says it: lines for people, JSON for programs, text for Prometheus."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Callable

from ..outbox.rows import DeadLetter, Row
from .places import State

_METRICS: tuple[tuple[str, str, Callable[[State], float | None]], ...] = (
    ("waiting", "Rows that wait for the collector.", lambda state: state.waiting),
    ("oldest_seconds", "Age of the oldest row that waits.", lambda state: state.oldest_age or 0),
    ("dead_letters", "Rows that the collector refused for good.", lambda state: state.dead),
    ("bytes", "Size of the file with its log.", lambda state: state.bytes),
    ("owned", "1 if a living process delivers it.", lambda state: int(state.owner != "none")),
)


def lines(states: Sequence[State]) -> str:
    """Return one line for each place."""
    return "\n".join(
        f"{state.place}: {state.waiting} waiting{_since(state.oldest_age)}, {state.dead} refused, {_OWNER[state.owner]}"
        for state in states
    )


_OWNER = {"process": "a process delivers", "none": "no process delivers", "relay": "a relay's table"}


def _since(age: float | None) -> str:
    return "" if age is None else f" (the oldest for {age:.0f} s)"


def as_json(states: Sequence[State]) -> str:
    """Return the states as a JSON document."""
    return json.dumps({"outboxes": [state._asdict() for state in states]}, indent=2)


def prometheus(states: Sequence[State]) -> str:
    """Return the states in the text format of Prometheus, for a textfile collector."""
    text = []
    for name, help_text, read in _METRICS:
        text += [f"# HELP afterword_outbox_{name} {help_text}", f"# TYPE afterword_outbox_{name} gauge"]
        for state in states:
            value = read(state)
            if value is not None:
                text.append(f'afterword_outbox_{name}{{outbox="{_label(state.place)}"}} {value}')
    return "\n".join(text)


def dead(place: str, letters: Iterable[DeadLetter]) -> Iterable[str]:
    """Yield one line for each dead letter."""
    for letter in letters:
        when = datetime.fromtimestamp(letter.failed_at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield f"{when}  {letter.kind} {letter.id}  {letter.reason}  ({place})"


def exported(place: str, state: str, item: Row | DeadLetter) -> str:
    """Return one row or dead letter as a line of JSON; `body` is what would go to the collector."""
    said = {"outbox": place, "state": state, "kind": item.kind, "id": item.id, "body": _parsed(item.body)}
    if isinstance(item, DeadLetter):
        said |= {"status": item.status, "reason": item.reason, "failed_at": item.failed_at}
    else:
        said["at"] = item.at
    return json.dumps(said, ensure_ascii=False)


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _label(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
