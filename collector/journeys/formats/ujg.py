"""UJG (User Journey Graph, W3C community group draft of June 2026), JSON-LD. Experimental: the draft still moves.

Steps are read in the order of the graph's transitions, never in that of the file. What UJG has no term for travels
in the ``extensions`` of each node under our own name, so that our own export comes back whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from collector.journeys.definitions import Definitions, Journey, compact, free_key
from collector.journeys.formats.draft import Draft
from collector.journeys.formats.ujg_nodes import OURS, WHERE, Node, key_of, own, read_nodes, refs, tell, types

CONTEXT = "https://ujg.specs.openuji.org/tr/2026.06/ns"
CONTEXTS = [f"{CONTEXT}/{module}.context.jsonld" for module in ("core", "graph", "experience")]
SAID = {"key", "name", "label", "phases", "steps", "touchpoint", "channel"}


def read(text: str, draft: Draft) -> None:
    """Read a UJG document into a draft; raises FileError for what is no UJG."""
    _Reader(draft, read_nodes(text, draft)).read()


def write(document: Definitions) -> str:
    """One journey as a graph of states with its experience steps, phases and touchpoints."""
    (journey,) = document.journeys
    people = {
        "stakeholders": [compact(item) for item in document.stakeholders],
        "personas": [compact(item) for item in document.personas],
    }
    nodes = [_journey_node(journey, people), *_graph_nodes(journey), *_experience_nodes(document, journey)]
    value = {
        "@context": CONTEXTS,
        "@id": _id("document", journey.key),
        "@type": "UJGDocument",
        "nodes": nodes,
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


class _Reader:
    """Reads the nodes of one document."""

    def __init__(self, draft: Draft, nodes: list[Node]) -> None:
        self.draft = draft
        self.by_id = {str(node["@id"]): node for node in nodes}
        self.nodes = nodes
        self.made: dict[str, list[dict[str, Any]]] = {}

    def read(self) -> None:
        """Put every journey of the document into the draft."""
        for node in self._of("Touchpoint"):
            self._touchpoint(node)
        journeys = self._of("Journey")
        for journey in journeys or [{"@id": self.draft.options.journey}]:
            self._journey(journey, single=len(journeys) < 2)
        tell(self.draft, self.nodes, self.made)

    def _journey(self, node: Node, single: bool) -> None:
        ours = own(node)
        self._people(ours)
        key = (self.draft.options.journey if single else "") or ours.get("key") or key_of(node)
        if not key:
            self.draft.refuse(WHERE, "journey", "missing", "the file has no Journey; say --key KEY")
        others = {"key", "stakeholders", "personas", "travellers"}
        facts = {name: said for name, said in ours.items() if name not in others}
        facts |= {"name": str(node.get("label") or key), "personas": ours.get("travellers", []), "phases": []}
        journey, path = self.draft.item("journeys", key, WHERE, **facts)
        self._make(node, journey)
        states = refs(node, "stateRefs") or [str(state["@id"]) for state in self._of("State")]
        for step in self._in_order(node, states):
            self._step(journey, path, step)

    def _people(self, ours: Mapping[str, Any]) -> None:
        for section in ("stakeholders", "personas"):
            for item in _dicts(ours.get(section)):
                rest = {name: said for name, said in item.items() if name != "key"}
                self.draft.item(section, str(item.get("key")), WHERE, **rest)

    def _in_order(self, journey: Node, states: list[str]) -> list[Node]:
        """The steps in the order in which the transitions lead through their states."""
        steps = self._of("ExperienceStep")
        transitions = [self.by_id[ref] for ref in refs(journey, "transitionRefs") if ref in self.by_id]
        ways: dict[str, list[str]] = {}
        for transition in transitions or self._of("Transition"):
            ways.setdefault(str(transition.get("from")), []).append(str(transition.get("to")))
        if branching := sum(len(after) - 1 for after in ways.values()):
            self.draft.lose("Transition", "branches are put in a row", branching)
        order = _walk([str(journey.get("startState") or (states[0] if states else ""))], ways)
        order += [state for state in states if state not in order]
        if not steps:
            return [self.by_id[state] for state in order if state in self.by_id]
        place = {state: number for number, state in enumerate(order)}
        mine = [
            step for step in steps if not refs(step, "stateRefs") or place.keys() & refs(step, "stateRefs")
        ]
        last = len(place)
        return sorted(
            mine, key=lambda s: min((place.get(r, last) for r in refs(s, "stateRefs")), default=last)
        )

    def _step(self, journey: dict[str, Any], path: tuple[str | int, ...], node: Node) -> None:
        phase = self.by_id.get(str(node.get("phaseRef")))
        name = str(phase.get("label") or key_of(phase)) if phase else str(journey["name"])
        phases: list[dict[str, Any]] = journey["phases"]
        wanted = own(phase).get("key") if phase else None
        if not phases or phases[-1]["name"] != name or (wanted and phases[-1]["key"] != wanted):
            key = wanted or free_key(name, {each["key"] for each in phases}, "phase")
            self.draft.add(phases, (*path, "phases"), WHERE, name=name, key=key, steps=[])
            if phase:
                self._make(phase, phases[-1])
        ours = own(node)
        taken = {step["key"] for each in phases for step in each["steps"]}
        label = str(node.get("label") or key_of(node))
        key = ours.get("key") or free_key(key_of(node) or label, taken, "step")
        said = {**ours, "key": key, "name": label}
        met = [ref for ref in refs(node, "touchpointRefs") if ref in self.by_id]
        if met:
            said["touchpoint"] = self._touchpoint(self.by_id[met[0]])
        here = (*path, "phases", len(phases) - 1, "steps")
        self.draft.add(phases[-1]["steps"], here, WHERE, **said)
        self._make(node, phases[-1]["steps"][-1])

    def _touchpoint(self, node: Node) -> str:
        ours = dict(own(node))
        key = ours.pop("key", None) or key_of(node)
        channel = self.draft.channel(str(node.get("channel", "")), WHERE)
        said = {**ours, "name": str(node.get("label") or key), "channel": channel}
        self._make(node, self.draft.item("touchpoints", key, WHERE, **said)[0])
        return str(key)

    def _make(self, node: Node, part: dict[str, Any]) -> None:
        """Remember which part of the result was made of a node."""
        self.made.setdefault(str(node["@id"]), []).append(part)

    def _of(self, kind: str) -> list[Node]:
        kinds = {kind, "CompositeState"} if kind == "State" else {kind}
        return [node for node in self.nodes if kinds & types(node)]


def _journey_node(journey: Journey, people: dict[str, Any]) -> Node:
    facts = {name: said for name, said in compact(journey).items() if name not in {*SAID, "personas"}}
    states = [_id("state", step.key) for step in journey.steps]
    moves = [_id("transition", step.key) for step in journey.steps[:-1]]
    ours = {"key": journey.key, **facts, "travellers": list(journey.personas), **people}
    return {
        "@type": "Journey",
        "@id": _id("journey", journey.key),
        "label": journey.name,
        "startState": states[0],
        "stateRefs": states,
        "transitionRefs": moves,
        "extensions": {OURS: ours},
    }


def _graph_nodes(journey: Journey) -> Iterable[Node]:
    for step in journey.steps:
        yield {"@type": "State", "@id": _id("state", step.key), "label": step.label}
    for before, after in zip(journey.steps, journey.steps[1:], strict=False):
        ends = {"from": _id("state", before.key), "to": _id("state", after.key)}
        yield {"@type": "Transition", "@id": _id("transition", before.key), **ends}


def _experience_nodes(document: Definitions, journey: Journey) -> Iterable[Node]:
    for number, phase in enumerate(journey.phases, start=1):
        name = {"label": phase.name, "order": number, "extensions": {OURS: {"key": phase.key}}}
        yield {"@type": "Phase", "@id": _id("phase", phase.key), **name}
        for step in phase.steps:
            refs = {"stateRefs": [_id("state", step.key)], "phaseRef": _id("phase", phase.key)}
            met = {"touchpointRefs": [_id("touchpoint", step.touchpoint)]} if step.touchpoint else {}
            said = {"label": step.name, **refs, **met, "extensions": {OURS: _rest(step)}}
            yield {"@type": "ExperienceStep", "@id": _id("step", step.key), **said}
    for touchpoint in document.touchpoints:
        said = {
            "label": touchpoint.name,
            "channel": touchpoint.channel,
            "extensions": {OURS: _rest(touchpoint)},
        }
        yield {"@type": "Touchpoint", "@id": _id("touchpoint", touchpoint.key), **said}


def _rest(item: Any) -> dict[str, Any]:
    said = compact(item)
    return {"key": said["key"], **{name: value for name, value in said.items() if name not in SAID}}


def _walk(ways_in: list[str], ways: Mapping[str, list[str]]) -> list[str]:
    seen: dict[str, None] = {}
    waiting = list(ways_in)
    while waiting:
        state = waiting.pop(0)
        if state and state not in seen:
            seen[state] = None
            waiting.extend(ways.get(state, []))
    return list(seen)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _id(kind: str, key: str | None) -> str:
    return f"urn:afterword:{kind}:{key}"
