"""Mermaid ``journey``: title, sections, and tasks as ``name: score 1 to 5: actors``; Markdown may hold several.

The score is what a step is expected to feel like (1 to 5 is -2 to 2). An actor ``Customer`` or ``Me`` is nobody in
particular, ``Company`` is the company, every other one a persona: of the journey where it is at every step, else of
its steps, which keep the score as what that persona expects. Touchpoints, channels and owners have no place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from collector.journeys.definitions import Definitions, Journey, Persona, Step, free_key
from collector.journeys.formats import mermaid_text
from collector.journeys.formats.draft import NUMBER, Draft
from collector.journeys.formats.heard import NOWHERE
from collector.yaml_marks import Path

TASK = re.compile(r"(?P<name>[^:]+):\s*(?P<score>[^:]*?)\s*(?::\s*(?P<actors>.*))?")
FACT = re.compile(
    r"(?P<word>title|section|accTitle|accDescr)\s*:?\s+(?P<text>.*)|accDescr\s*:\s*(?P<tight>.*)"
)
SCALE = (1, 5)
ANYBODY = {"customer", "user", "me", "kunde", "kundin", "ich"}
COMPANY = {"company", "firma", "unternehmen"}
REPLACED = str.maketrans({":": " –", ";": ",", "#": "No. ", "\n": " ", "\r": " "})


def read(text: str, draft: Draft) -> None:
    """Read the journey diagrams of a file into a draft; raises FileError with the line of what is none."""
    found = mermaid_text.find(text)
    if not found.diagrams:
        draft.refuse((1, 1), "", "not_mermaid", "no journey diagram: one begins with the line `journey`")
    readers = [_Reader(draft, diagram) for diagram in found.diagrams]
    for reader in _chosen(readers, draft):
        reader.finish()
    for field, said in found.around:
        draft.hear(field, said)


def _chosen(readers: list[_Reader], draft: Draft) -> list[_Reader]:
    """All diagrams, or of several the one that the importer's key names; the others are told as lost."""
    wanted = draft.options.journey
    if len(readers) == 1 or not wanted:
        return readers
    names = [free_key(reader.name, (), "journey") for reader in readers]
    if wanted not in names:
        message = (
            f"there are several diagrams, none is {wanted}; say --key {' or --key '.join(names)}, or none"
        )
        draft.refuse((readers[0].number, 1), "journey", "several", message)
    at = names.index(wanted)
    for reader in readers[:at] + readers[at + 1 :]:
        for _, line in reader.lines:
            draft.hear("other diagram", line, NOWHERE)
    return [readers[at]]


def write(document: Definitions) -> str:
    """One journey as a diagram."""
    (journey,) = document.journeys
    personas = {item.key: item for item in document.personas}
    lines = ["journey", f"    accDescr: {_plain(journey.definition)}", f"    title {_plain(journey.name)}"]
    for phase in journey.phases:
        lines.append(f"    section {_plain(phase.name)}")
        lines += [f"      {_task(step, journey, personas)}" for step in phase.steps]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Task:
    section: str
    name: str
    score: str
    actors: tuple[str, ...]
    number: int

    @property
    def people(self) -> set[str]:
        """Its actors who are somebody in particular."""
        return {actor for actor in self.actors if actor.casefold() not in ANYBODY | COMPANY}


class _Reader:
    """Reads one diagram: first its lines, then the journey is made."""

    def __init__(self, draft: Draft, diagram: mermaid_text.Diagram) -> None:
        self.draft, self.number, self.lines = draft, diagram.number, diagram.lines
        self.sections: list[str] = []
        self.titles, self.definitions = [diagram.title], [diagram.described]
        self.aside, self.tasks = diagram.aside, list[_Task]()
        for number, line in diagram.lines:
            self._take(line, number)
        told = [
            *self.titles[1:],
            diagram.title,
            *self.aside_titles(),
            str(draft.options.facts.get("name") or ""),
        ]
        self.name = next((text for text in [*told, diagram.above] if text), "")

    def aside_titles(self) -> list[str]:
        """A title for readers who do not see the diagram, where it has no other one."""
        return [text for field, text in self.aside if field == "accTitle"]

    def _take(self, line: str, number: int) -> None:
        """Remember a title, a section or a task."""
        fact, task = FACT.fullmatch(line), TASK.fullmatch(line)
        if fact and fact["word"] == "title":
            self.titles.append(fact["text"].strip())
        elif fact and fact["word"] == "section":
            self.sections.append(fact["text"].strip())
        elif fact and fact["word"] == "accTitle":
            self.aside.append(("accTitle", fact["text"].strip()))
        elif fact:
            self.definitions.append((fact["text"] or fact["tight"] or "").strip())
        elif task and NUMBER.fullmatch(task["score"]):
            actors = tuple(part.strip() for part in (task["actors"] or "").split(",") if part.strip())
            section = self.sections[-1] if self.sections else ""
            self.tasks.append(_Task(section, task["name"].strip(), task["score"], actors, number))
        elif task:
            message = f"the score must be a number, not {task['score']!r}: `Task: 4: Customer`"
            self.draft.refuse((number, 1), "expectation", "invalid", message)
        else:
            self.draft.refuse((number, 1), "", "not_mermaid", f"neither title, section nor task: {line!r}")

    def finish(self) -> None:
        """Put the journey into the draft, and tell all that the diagram says."""
        draft, key = self.draft, self.draft.options.journey
        if not self.name and not key:
            draft.refuse((self.number, 1), "journey", "missing", "the diagram has no title; say --name NAME")
        taken = {journey["key"] for journey in draft.value["journeys"]}
        key = key or free_key(self.name, taken, "journey")
        journey, path = draft.item("journeys", key, (self.number, 1), phases=[])
        journey |= {"name": self.name} if self.name else {}
        if definition := next((text for text in reversed(self.definitions) if text), ""):
            journey["definition"] = definition
        always = set.intersection(*(task.people for task in self.tasks)) if self.tasks else set()
        for task in self.tasks:
            self._step(journey, path, task, always)
        told = [("title", text) for text in self.titles] + [("accDescr", text) for text in self.definitions]
        for field, said in [*told, *(("section", section) for section in self.sections), *self.aside]:
            draft.hear(field, said, *(() if field == "section" else (journey,)))

    def _step(self, journey: dict[str, Any], path: Path, task: _Task, always: set[str]) -> None:
        phases, called = journey["phases"], task.section or self.name or journey["key"]
        if not phases or phases[-1]["name"] != called:
            key = free_key(called, {phase["key"] for phase in phases}, "phase")
            place = (task.number, 1)
            self.draft.add(phases, (*path, "phases"), place, name=called, key=key, steps=[])
        here = (*path, "phases", len(phases) - 1, "steps")
        taken = {step["key"] for phase in phases for step in phase["steps"]}
        score = self.draft.feeling(task.score, (task.number, 1), SCALE)
        said = {"key": free_key(task.name, taken, "step"), "name": task.name, "expectation": score}
        self.draft.add(phases[-1]["steps"], here, (task.number, 1), **said)
        step = phases[-1]["steps"][-1]
        for actor in task.actors:
            self._actor(journey, step, actor, task, always)
        self.draft.hear("task", task.name, step)
        self.draft.hear("score", task.score, step)
        for actor in task.actors:
            self.draft.hear("actor", actor, step, *([journey] if actor in always else []))

    def _actor(
        self, journey: dict[str, Any], step: dict[str, Any], actor: str, task: _Task, always: set[str]
    ) -> None:
        """Who takes part: the customer, the company, or a persona, who feels at this step what the score says."""
        if actor.casefold() in COMPANY:
            step["actor"] = "company"
            self.draft.turn(actor, "company")
        elif actor.casefold() in ANYBODY:
            step.setdefault("actor", "customer")
            self.draft.turn(actor, "customer")
        else:
            persona = self.draft.named("personas", actor, (task.number, 1))
            known = journey.setdefault("personas", [])
            if persona not in known:
                known.append(persona)
            if actor not in always:
                step.setdefault("expectations", {})[persona] = {"value": step["expectation"]}


def _task(step: Step, journey: Journey, personas: dict[str, Persona]) -> str:
    score = 3 if step.expectation is None else step.expectation + 3
    apart = any(each.expectations for each in journey.steps)  # who takes part differs from step to step
    people = [key for key in journey.personas if key in personas and (not apart or key in step.expectations)]
    names = [_plain(personas[key].name).replace(",", " ") for key in people]
    actors = "Company" if step.actor == "company" else ", ".join(names) or "Customer"
    return f"{_plain(step.label)}: {score}: {actors}"


def _plain(text: str) -> str:
    """A text without the characters by which Mermaid parts a line."""
    return " ".join(text.translate(REPLACED).split())
