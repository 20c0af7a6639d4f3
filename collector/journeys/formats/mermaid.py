"""Mermaid ``journey``: title, sections, and tasks as ``name: score 1 to 5: actors``.

The score is what a step is expected to feel like (1 to 5 is -2 to 2). An actor ``Customer`` or ``Me`` is nobody in
particular, ``Company`` is the company, every other one a persona. Touchpoints, channels and owners have no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from collector.journeys.definitions import Definitions, Journey, Persona, Step, free_key
from collector.journeys.formats.draft import Draft
from collector.yaml_marks import Path

TASK = re.compile(r"(?P<name>[^:]+):\s*(?P<score>[^:]*?)\s*(?::\s*(?P<actors>.*))?")
FACT = re.compile(
    r"(?P<word>title|section|accTitle|accDescr)\s*:?\s+(?P<text>.*)|accDescr\s*:\s*(?P<tight>.*)"
)
ANYBODY = {"customer", "user", "me", "kunde", "kundin", "ich"}
COMPANY = {"company", "firma", "unternehmen"}
REPLACED = str.maketrans({":": " –", ";": ",", "#": "No. ", "\n": " ", "\r": " "})


def read(text: str, draft: Draft) -> None:
    """Read one diagram into a draft; raises FileError with the line of what is no journey diagram."""
    lines = _lines(text)
    opening = next(lines, (1, ""))
    if opening[1] != "journey":
        draft.refuse((opening[0], 1), "", "not_mermaid", "the diagram must begin with the line `journey`")
    reader = _Reader(draft)
    for number, line in lines:
        reader.take(line, number)
    reader.finish()


def write(document: Definitions) -> str:
    """One journey as a diagram."""
    (journey,) = document.journeys
    personas = {item.key: item for item in document.personas}
    lines = ["journey", f"    accDescr: {_plain(journey.definition)}", f"    title {_plain(journey.name)}"]
    for phase in journey.phases:
        lines.append(f"    section {_plain(phase.name)}")
        lines += [f"      {_task(step, journey, personas)}" for step in phase.steps]
    return "\n".join(lines) + "\n"


class _Reader:
    """Takes one line after another; the journey is made at the first line that says something."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.section, self.title, self.definition = draft, "", "", ""
        self.tasks: list[tuple[str, str, int, str, int]] = []

    def take(self, line: str, number: int) -> None:
        """Remember a title, a section or a task."""
        fact, task = FACT.fullmatch(line), TASK.fullmatch(line)
        if fact and fact["word"] == "title":
            self.title = fact["text"].strip()
        elif fact and fact["word"] == "section":
            self.section = fact["text"].strip()
        elif fact and fact["word"] == "accTitle":
            self.title = self.title or fact["text"].strip()
        elif fact:
            self.definition = (fact["text"] or fact["tight"] or "").strip()
        elif task and task["score"] in {"1", "2", "3", "4", "5"}:
            name, actors = task["name"].strip(), task["actors"] or ""
            self.tasks.append((self.section, name, int(task["score"]), actors, number))
        elif task:
            message = f"the score must be a whole number from 1 to 5, not {task['score']!r}"
            self.draft.refuse((number, 1), "expectation", "invalid", message)
        else:
            self.draft.refuse((number, 1), "", "not_mermaid", f"neither title, section nor task: {line!r}")

    def finish(self) -> None:
        """Put the journey into the draft."""
        name = self.title or self.draft.options.journey
        if not name:
            self.draft.refuse((1, 1), "journey", "missing", "the diagram has no title; say --key KEY")
        key = self.draft.options.journey or free_key(name, (), "journey")
        journey, path = self.draft.item("journeys", key, (1, 1), name=name, phases=[])
        if self.definition:
            journey["definition"] = self.definition
        here: Path = path
        for section, task, score, actors, number in self.tasks:
            phases = journey["phases"]
            if not phases or phases[-1]["name"] != (section or name):
                taken = {phase["key"] for phase in phases}
                phase = free_key(section or name, taken, "phase")
                here = self.draft.add(
                    phases, (*path, "phases"), (number, 1), name=section or name, key=phase, steps=[]
                )
            taken = {step["key"] for phase in phases for step in phase["steps"]}
            said = {"key": free_key(task, taken, "step"), "name": task, "expectation": score - 3}
            self.draft.add(phases[-1]["steps"], (*here, "steps"), (number, 1), **said)
            self._actors(journey, phases[-1]["steps"][-1], actors, number)

    def _actors(self, journey: dict[str, Any], step: dict[str, Any], text: str, number: int) -> None:
        for actor in (part.strip() for part in text.split(",")):
            if actor.casefold() in COMPANY:
                step["actor"] = "company"
            elif actor and actor.casefold() not in ANYBODY:
                persona = self.draft.named("personas", actor, (number, 1))
                known = journey.setdefault("personas", [])
                if persona not in known:
                    known.append(persona)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers; fences, front matter and comments are passed over."""
    front = False
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.split("%%", 1)[0].strip()
        if plain == "---":
            front = not front
        elif plain and not front and not plain.startswith(("```", "#")):
            yield number, plain


def _task(step: Step, journey: Journey, personas: dict[str, Persona]) -> str:
    score = 3 if step.expectation is None else step.expectation + 3
    names = [_plain(personas[key].name).replace(",", " ") for key in journey.personas if key in personas]
    actors = "Company" if step.actor == "company" else ", ".join(names) or "Customer"
    return f"{_plain(step.label)}: {score}: {actors}"


def _plain(text: str) -> str:
    """A text without the characters by which Mermaid parts a line."""
    return " ".join(text.translate(REPLACED).split())
