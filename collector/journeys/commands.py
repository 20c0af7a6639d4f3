"""What ``afterword journeys apply|export|lint|import`` do: values and the text to print; the CLI only wires them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import errors
from collector.journeys import actions, files, formats, reading, rows, yaml_text
from collector.journeys.formats import Imported, Loss, Options
from collector.journeys.plans import Plan
from collector.yaml_marks import FileError, Problem

FACTS = ("name", "definition", "customer_goal", "business_goal", "scenario", "expected_result")
MARKS = {"create": "+", "change": "~", "version": "~", "restore": "+", "unchanged": "="}


@dataclass(frozen=True)
class Exported:
    """A file's text, and what its format could not say."""

    text: str
    losses: tuple[Loss, ...]


def apply(
    session: Session,
    workspace_id: uuid.UUID,
    raw: bytes | str,
    filename: str,
    actor: str,
    now: datetime,
    dry_run: bool = False,
) -> Plan:
    """Apply a journey file, or only plan it; raises FileError with the line of each mistake."""
    with _at_home(raw, filename):
        document = files.load(raw, filename, rows.known(session, workspace_id)).document
    if dry_run:
        return actions.plan(session, workspace_id, document)
    return actions.apply(session, workspace_id, document, actor, now)


def lint(raw: bytes | str, filename: str) -> list[Problem]:
    """The warnings about a sound file; raises FileError with the line of each mistake in one that is not."""
    with _at_home(raw, filename):
        return files.load(raw, filename).warnings()


@contextmanager
def _at_home(raw: bytes | str, filename: str) -> Iterator[None]:
    """Where a file is no journey file but one of another tool, say how that comes in."""
    try:
        yield
    except FileError:
        if (form := formats.recognise(raw, filename)) is None:
            raise
        message = f"this is {form}, no journey file; bring it in with `afterword journeys import {filename}`"
        raise FileError([Problem(filename, 1, 1, "", "foreign_format", message)]) from None


def export(
    session: Session, workspace_id: uuid.UUID, journey: str | None = None, name: str = "yaml"
) -> Exported:
    """The whole workspace, or one journey with all it refers to, in a format."""
    document = reading.document(session, workspace_id, journey)
    if name == "yaml":
        return Exported(yaml_text.write(document), ())
    return Exported(*formats.write(name, document))


def import_(
    session: Session,
    workspace_id: uuid.UUID,
    raw: bytes | str,
    filename: str,
    options: Options,
    name: str | None = None,
) -> Imported:
    """A foreign file as a journey file that fits this workspace; nothing is changed yet: ``apply`` what it holds.

    Facts that neither the file nor ``options`` give are taken from the journey that has the key already.
    """
    options = _with_known_facts(session, workspace_id, options)
    known = rows.known(session, workspace_id)
    return formats.read(name or formats.guess(filename), raw, filename, options, known)


def import_options(
    journey: str,
    columns: Iterable[str] = (),
    channels: Iterable[str] = (),
    scale: str = "",
    lanes: bool = False,
    **facts: str | None,
) -> Options:
    """What was typed beside the file: ``THEIRS=OURS`` pairs, ``LOW:HIGH``; raises BadInput for another form."""
    given = {name: said for name, said in facts.items() if said}
    return Options(
        journey, given, _pairs("channel", channels), _pairs("column", columns), lanes, _scale(scale)
    )


def plan_text(plan: Plan) -> str:
    """A plan as a table: a mark, what it is, its key, what happens, what differs."""
    lines = [
        f"{MARKS[item.verb]} {item.noun:<12} {item.key:<28} {_what(item.verb, item.number):<12} "
        f"{'; '.join(item.changes)}".rstrip()
        for item in plan.items
    ]
    counts = ", ".join(f"{count} {verb}" for verb, count in plan.counts.items() if count)
    return "\n".join([*lines, counts or "nothing in it"])


def losses_text(losses: tuple[Loss, ...]) -> str:
    """What was lost, a line for each field; one line where nothing was."""
    if not losses:
        return "Nothing was lost."
    return "\n".join(["Lost on the way:", *(f"  {loss}" for loss in losses)])


def warnings_text(warnings: list[Problem]) -> str:
    """Warnings like a compiler's, with their codes."""
    return "\n".join(f"{warning} [{warning.code}]" for warning in warnings) or "Nothing to complain about."


def _pairs(option: str, items: Iterable[str]) -> dict[str, str]:
    found = [item.partition("=") for item in items]
    if bad := [theirs for theirs, sign, ours in found if not (theirs and sign and ours)]:
        raise errors.BadInput(f"--{option} must be THEIRS=OURS, not {bad[0]}.", "bad_pair", {option: bad})
    return {theirs.strip(): ours.strip() for theirs, _, ours in found}


def _scale(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?):(-?\d+(?:\.\d+)?)", text)
    if match is None or not float(match[1]) < float(match[2]):
        raise errors.BadInput(f"--scale must be LOW:HIGH, not {text}.", "bad_scale", {"scale": [text]})
    return float(match[1]), float(match[2])


def _what(verb: str, number: int) -> str:
    return f"version {number}" if verb == "version" else verb


def _with_known_facts(session: Session, workspace_id: uuid.UUID, options: Options) -> Options:
    if not options.journey:
        return options
    try:
        there = reading.get(session, workspace_id, options.journey)
    except errors.NotFound:
        return options
    facts = {name: getattr(there, name) for name in FACTS} | {
        name: said for name, said in options.facts.items() if said
    }
    return Options(options.journey, facts, options.channels, options.columns, options.lanes, options.scale)
