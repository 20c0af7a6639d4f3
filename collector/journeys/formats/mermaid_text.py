"""Where the diagrams stand in a text: alone, or in the fences of a Markdown file among prose and other diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

FENCE = re.compile(r"(?P<mark>`{3,}|~{3,}|:{3})\s*\{?\.?(?P<language>\w*)")
HEADING = re.compile(r"#{1,6}\s+(?P<text>.*?)\s*#*")
FRONT_TITLE = re.compile(r"title\s*:\s*(?P<quote>[\"']?)(?P<text>.*)(?P=quote)")
DESCRIBED = re.compile(r"accDescr\s*\{(?P<text>[^}]*)")
Said = tuple[int, str]
"""A line's number and what it says."""


@dataclass
class Diagram:
    """The lines of one journey diagram; ``title`` is its front matter's, ``above`` the heading over its fence."""

    number: int
    title: str = ""
    above: str = ""
    described: str = ""
    lines: list[Said] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)  # what is no part of it: field and text


@dataclass
class Found:
    """The journey diagrams of a text, and what stands around them: field and text."""

    diagrams: list[Diagram]
    around: list[tuple[str, str]]


def find(text: str) -> Found:
    """All journey diagrams; the text is one diagram where it has no fence."""
    lines = list(enumerate(text.split("\n"), start=1))
    if not any(_opens(line) for _, line in lines):
        diagram = _diagram(lines)
        return Found([diagram] if diagram else [], [])
    found, heading = Found([], []), ""
    inside: list[Said] = []
    mark = ""
    for number, line in lines:
        opening = _opens(line)
        if mark and line.strip() == mark[0] * len(line.strip()) and len(line.strip()) >= len(mark):
            _close(found, inside, heading)
            mark, inside = "", []
        elif mark:
            inside.append((number, line))
        elif opening:
            mark = opening
        elif line.strip():
            match = HEADING.fullmatch(line.strip())
            heading = match["text"] if match else heading
            found.around.append(("text around the diagram", match["text"] if match else line.strip()))
    _close(found, inside, heading)
    return found


def _opens(line: str) -> str:
    """The mark of a fence that may hold a diagram or anything else."""
    match = FENCE.match(line.strip())
    return match["mark"] if match else ""


def _close(found: Found, inside: list[Said], heading: str) -> None:
    diagram = _diagram(inside)
    if diagram:
        diagram.above = heading
        found.diagrams.append(diagram)
    else:
        found.around += [("other diagram or code", line.strip()) for _, line in inside if line.strip()]


def _diagram(lines: list[Said]) -> Diagram | None:
    """A journey diagram out of its lines; None where it is another kind."""
    diagram = Diagram(lines[0][0] if lines else 1)
    said = list(_without_asides(lines, diagram))
    if not said or said[0][1].casefold() != "journey":
        return None
    diagram.lines = said[1:]
    return diagram


def _without_asides(lines: list[Said], diagram: Diagram) -> Iterator[Said]:
    """The lines that belong to the diagram; front matter, comments and a long description are put beside it."""
    until, held = "", list[str]()
    started = False
    for number, line in lines:
        plain = line.strip()
        if until:
            text, end, rest = plain.partition(until)
            held.append(text.strip())
            if not end:
                continue
            _put(diagram, until, held)
            until, held, plain = "", [], rest.strip()
        if plain == "---" and not started:
            until, started = "---", True
        elif plain.startswith("%%{") and "}%%" not in plain:
            until, held = "}%%", [plain[3:]]
        elif match := DESCRIBED.fullmatch(plain):
            until, held = "}", [match["text"].strip()]
        elif match := re.fullmatch(r"accDescr\s*\{([^}]*)\}", plain):
            diagram.described = match[1].strip()
        elif plain.startswith(("%%", "#")):
            diagram.aside.append(("comment", plain.strip("%{}# ")))
        elif plain:
            started = True
            plain, sign, comment = plain.partition("%%")
            if sign:
                diagram.aside.append(("comment", comment.strip()))
            if plain.strip():
                yield number, plain.strip()
    _put(diagram, until, held)


def _put(diagram: Diagram, until: str, held: list[str]) -> None:
    words = [line for line in held if line]
    if until == "}":
        diagram.described = " ".join(words)
    elif until == "---":
        for line in words:
            match = FRONT_TITLE.fullmatch(line)
            if match:
                diagram.title = match["text"]
            else:
                diagram.aside.append(("front matter", line))
    elif until:
        diagram.aside.append(("directive", " ".join(words).strip("%{} ")))
