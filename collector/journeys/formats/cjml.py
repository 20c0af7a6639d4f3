"""CJML 2.0 (SINTEF's customer journey modelling language), XML.

A communication point with the company is a step at a touchpoint, an action is a step without one, a service
provider is an owner. What a customer lived through (an actual journey's experience, times, compliance) is a
measurement and no part of a plan: it is named as lost, never read as an expectation.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree  # writes only; reading goes through xml_tree

from collector.journeys.channels import BY_KEY
from collector.journeys.definitions import Definitions, Journey, Stakeholder, Step, Touchpoint, free_key
from collector.journeys.formats.draft import Draft
from collector.journeys.formats.heard import NO_FIELD
from collector.journeys.formats.xml_tree import Element, parse
from collector.yaml_marks import Path

POINTS = {"plannedCommunicationPoint", "actualCommunicationPoint", "plannedAction", "actualAction"}
LINK = re.compile(r"\w*ID(ref)?|version|schemaLocation|noNamespaceSchemaLocation")
CONTAINERS = {"plannedJourney", "actualJourney", "touchpoints", "actors", "journeyPhases"}
CUSTOMER = "customer"
COMPANY = "company"


def read(text: str, draft: Draft) -> None:
    """Read planned and actual journeys into a draft; raises FileError for what is no CJML."""
    root = parse(text, draft)
    if root.name != "CJML":
        draft.refuse(root.place, "", "not_cjml", f"the root element is {root.name}, not CJML")
    journeys = [child for child in root.children if child.name in {"plannedJourney", "actualJourney"}]
    if not journeys:
        draft.refuse(root.place, "", "not_cjml", "there is neither a plannedJourney nor an actualJourney")
    steps: dict[int, dict[str, Any]] = {}
    for element in journeys:
        steps |= _Reader(draft, element, single=len(journeys) == 1).read()
    for child in root.children:
        _hear(draft, child, steps)


def _hear(
    draft: Draft,
    element: Element,
    steps: dict[int, dict[str, Any]],
    path: str = "",
    *where: Any,
    note: str = NO_FIELD,
) -> None:
    """Tell every text and attribute of an element; those that only link one element with another say nothing."""
    if id(element) in steps:
        where, path = (steps[id(element)],), ""
        note = "measured, not planned" if element.name.startswith("actual") else note
    draft.hear(path or element.name, " ".join(element.text.split()), *where, note=note)
    for name, said in element.attributes.items():
        if not LINK.fullmatch(name):
            draft.hear(f"{path or element.name}@{name}", said, *where, note=note)
    for child in element.children:
        inner = child.name if element.name in CONTAINERS or id(element) in steps else f"{path}.{child.name}"
        _hear(draft, child, steps, inner, *where, note=note)


class _Reader:
    """Reads one journey."""

    def __init__(self, draft: Draft, element: Element, single: bool) -> None:
        self.draft, self.element = draft, element
        self.customers = {
            actor.attributes.get("actorID") or actor.attributes.get("actorIDref", "")
            for actor in _inside(element, "actors", "endUser")
        }
        self.providers = {
            actor.attributes.get("actorID") or actor.attributes.get("actorIDref", ""): actor
            for actor in _inside(element, "actors", "serviceProvider")
        }
        self.single = single
        self.steps: dict[int, dict[str, Any]] = {}

    def read(self) -> dict[int, dict[str, Any]]:
        """Put the journey, its phases and its steps into the draft; returns the step made of each element."""
        element, draft = self.element, self.draft
        given = str(draft.options.facts.get("name") or draft.options.journey)
        name = element.words("journeyTitle") or element.words("journeyID") or given
        plain = free_key(element.words("journeyID") or name, (), "journey")
        key = (draft.options.journey if self.single else "") or plain
        self.journey, self.path = draft.item("journeys", key, element.place, name=name, phases=[])
        if summary := element.words("journeyShortSummary"):
            self.journey["definition"] = summary
        self.names = {
            phase.attributes.get("phaseID", "").strip(): phase.words("phaseName")
            for phase in _inside(element, "journeyPhases", "journeyPhase")
        }
        points = element.find("touchpoints")
        for point in points.children if points else ():
            if point.name in POINTS:
                self._step(point)
        return self.steps

    def _step(self, point: Element) -> None:
        phase, path = self._phase(point)
        by = _actor(point, "initiator")
        said: dict[str, Any] = {}
        if by and by not in self.customers:
            said["actor"] = COMPANY
        mine, theirs = ("receiver", "initiator") if "actor" in said else ("initiator", "receiver")
        name = point.words(mine, f"{mine}Label") or point.words(theirs, f"{theirs}Label")
        number = point.words("touchpointID")
        taken = {step["key"] for each in self.journey["phases"] for step in each["steps"]}
        key = free_key(number or name, taken, "step")
        if point.name.endswith("CommunicationPoint"):
            said["touchpoint"] = self._touchpoint(point, key, theirs, name or key)
        if comment := point.words("comment"):
            said["notes"] = comment
        self.draft.add(phase["steps"], (*path, "steps"), point.place, key=key, name=name or key, **said)
        self.steps[id(point)] = phase["steps"][-1]

    def _phase(self, point: Element) -> tuple[dict[str, Any], Path]:
        belongs = point.find("belongsTo")
        number = belongs.attributes.get("phaseIDref", "").strip() if belongs else ""
        name = self.names.get(number) or number or self.journey["name"] or self.journey["key"]
        phases: list[dict[str, Any]] = self.journey["phases"]
        if not phases or phases[-1]["name"] != name:
            key = free_key(name, {phase["key"] for phase in phases}, "phase")
            self.draft.add(phases, (*self.path, "phases"), point.place, name=name, key=key, steps=[])
        return phases[-1], (*self.path, "phases", len(phases) - 1)

    def _touchpoint(self, point: Element, key: str, theirs: str, name: str) -> str:
        word = point.words("channel", "channelName")
        if not word:
            message = "a communication point needs a channelName"
            self.draft.refuse(point.place, "channel", "missing", message)
        label = point.words(theirs, f"{theirs}Label") or name
        touchpoint, path = self.draft.item("touchpoints", key, point.place, name=label)
        place = point.find("channel", "channelName")
        touchpoint["channel"] = self.draft.channel(word, place.place if place else point.place)
        provider = self.providers.get(_actor(point, theirs))
        if provider is not None:
            called = provider.words("companyName") or _actor(point, theirs)
            touchpoint["owners"] = [self.draft.named("stakeholders", called, provider.place)]
        self.draft.places[path] = point.place
        return key


def write(document: Definitions) -> str:
    """One journey as a planned journey (an as-is map says what is planned, not what was measured)."""
    (journey,) = document.journeys
    root = ElementTree.Element("CJML", version="2.0")
    planned = ElementTree.SubElement(root, "plannedJourney")
    _add(planned, "journeyID", journey.key)
    _add(planned, "journeyTitle", journey.name)
    phases = ElementTree.SubElement(planned, "journeyPhases")
    for phase in journey.phases:
        _add(ElementTree.SubElement(phases, "journeyPhase", phaseID=phase.key), "phaseName", phase.name)
    _add(planned, "journeyShortSummary", journey.definition)
    _actors(planned, document)
    _points(planned, journey, {item.key: item for item in document.touchpoints})
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=False) + "\n"


def _actors(planned: ElementTree.Element, document: Definitions) -> None:
    actors = ElementTree.SubElement(planned, "actors")
    ElementTree.SubElement(actors, "endUser", actorID=CUSTOMER)
    for owner in document.stakeholders or (Stakeholder(COMPANY, "Company"),):
        _add(
            ElementTree.SubElement(actors, "serviceProvider", actorID=owner.key), "companyName", _named(owner)
        )


def _points(planned: ElementTree.Element, journey: Journey, touchpoints: dict[str, Touchpoint]) -> None:
    points = ElementTree.SubElement(planned, "touchpoints")
    for phase in journey.phases:
        for step in phase.steps:
            touchpoint = touchpoints.get(step.touchpoint or "")
            kind = "plannedCommunicationPoint" if touchpoint else "plannedAction"
            point = ElementTree.SubElement(points, kind)
            _add(point, "touchpointID", step.key)
            ElementTree.SubElement(point, "belongsTo", phaseIDref=phase.key)
            _parties(point, step, touchpoint)
            if touchpoint:
                channel = ElementTree.SubElement(point, "channel")
                _add(channel, "channelName", BY_KEY[touchpoint.channel].elsewhere)
            if step.notes:
                _add(point, "comment", step.notes)


def _parties(point: ElementTree.Element, step: Step, touchpoint: Touchpoint | None) -> None:
    provider = touchpoint.owners[0] if touchpoint and touchpoint.owners else COMPANY
    customer, company = (CUSTOMER, step.name), (provider, touchpoint.name if touchpoint else step.name)
    first, second = (company, customer) if step.actor == COMPANY else (customer, company)
    for role, (actor, label) in zip(
        ("initiator", "receiver")[: 2 if touchpoint else 1], (first, second), strict=False
    ):
        party = ElementTree.SubElement(point, role)
        ElementTree.SubElement(party, "refersTo", actorIDref=actor)
        _add(party, f"{role}Label", label)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _named(owner: Stakeholder) -> str:
    return owner.name if free_key(owner.name, (), "") == owner.key else f"{owner.name} [{owner.key}]"


def _inside(element: Element, parent: str, name: str) -> list[Element]:
    found = element.find(parent)
    return list(found.all(name)) if found else []


def _actor(point: Element, role: str) -> str:
    found = point.find(role, "refersTo")
    return found.attributes.get("actorIDref", "") if found else ""
