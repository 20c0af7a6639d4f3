"""Whatever a foreign file says stands in the journey file that it becomes, or in the list of what was lost."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.journeys import formats, yaml_text
from collector.journeys.formats import Options
from collector.yaml_marks import FileError

FACTS = {"name": "The name", "definition": "d", "customer_goal": "c", "business_goal": "b"}
WORD = re.compile(r"q\d+z")
"""The words that a drawn file says; everything else in it is the format's own."""

MARKDOWN = """# Journeys of 2026

We drew these in March.

```mermaid
---
title: Moving house
---
journey
    accDescr {
      From the decision
      to the first evening
    }
    section Decide
      Compare: 8: Customer, Support
      Order: 10: Customer
```

Nobody has asked the technicians.

```mermaid
flowchart LR
  a --> b
```

## Get help

~~~mermaid
journey
  section Call
    Ring: 1: Me
    Wait: 5: Company, Me
~~~
"""


def _read(name: str, text: str, **options: Any) -> formats.Imported:
    return formats.read(name, text, "journeys.md", Options(facts=FACTS, **options))


def test_a_markdown_file_gives_all_its_journeys_and_names_what_stands_around_them() -> None:
    imported = _read("mermaid", MARKDOWN, scale=(0, 10))
    moving, help_ = imported.file.document.journeys
    assert (moving.name, moving.definition) == ("Moving house", "From the decision to the first evening")
    assert [step.expectation for step in moving.steps] == [1, 2]
    assert {key: item.value for key, item in moving.steps[0].expectations.items()} == {"support": 1}
    assert moving.steps[1].expectations == {}
    assert help_.name == "The name"
    lost = {loss.field: loss.said for loss in imported.losses}
    assert lost["text around the diagram"] == (
        "Journeys of 2026",
        "We drew these in March.",
        "Nobody has asked the technicians.",
        "Get help",
    )
    assert lost["other diagram or code"] == ("flowchart LR", "a --> b")
    assert lost["actor"] == ("Me",)  # the company's step has no room for a second actor


def test_a_diagram_without_a_title_takes_the_name_that_is_given_or_the_heading_above() -> None:
    diagram = "```mermaid\njourney\n  A: 3\n  B: 3\n```\n"
    facts = {name: said for name, said in FACTS.items() if name != "name"}
    (named,) = _read("mermaid", diagram, journey="j1").file.document.journeys
    assert (named.key, named.name) == ("j1", "The name")
    found = formats.read("mermaid", f"## Get help\n\n{diagram}", "f.md", Options(facts=facts))
    assert (found.file.document.journeys[0].name, found.losses) == ("Get help", ())
    with pytest.raises(FileError, match="--name"):
        formats.read("mermaid", diagram, "f.md", Options(facts=facts))


def test_of_several_diagrams_the_key_chooses_one_and_the_others_are_named() -> None:
    text = "".join(f"```mermaid\njourney\n title {name}\n {name}1: 3\n {name}2: 3\n```\n" for name in "AB")
    chosen = _read("mermaid", text, journey="b")
    assert [journey.name for journey in chosen.file.document.journeys] == ["B"]
    assert [loss.said for loss in chosen.losses] == [("title A", "A1: 3", "A2: 3")]
    with pytest.raises(FileError, match="--key a or --key b"):
        _read("mermaid", text, journey="c")


def test_scores_beyond_the_usual_ones_say_which_option_helps() -> None:
    with pytest.raises(FileError, match="--scale 1:10"):
        _read("mermaid", "journey\n title T\n A: 10: Me\n B: 3: Me")


class _Words:
    """Gives a new word whenever it is asked, or now and then nothing."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.count = draw, 0

    def new(self) -> str:
        self.count += 1
        return f"q{self.count}z"

    def maybe(self, text: str) -> str:
        return text if self.draw(st.booleans()) else ""


@st.composite
def mermaid(draw: st.DrawFn) -> str:
    word = _Words(draw)
    front = word.maybe(f"---\ntitle: {word.new()}\nauthor: {word.new()}\n---\n")
    lines = [
        word.maybe(f"title {word.new()}"),
        word.maybe(f"accTitle: {word.new()}"),
        word.maybe(f"accDescr {{\n{word.new()}\n{word.new()}\n}}"),
        word.maybe(f"%% {word.new()}"),
        word.maybe(f"accDescr: {word.new()}"),
    ]
    people = [word.new() for _ in range(3)] + ["Me", "Company"]
    for _ in range(draw(st.integers(1, 3))):
        lines.append(word.maybe(f"section {word.new()}"))
        for _ in range(draw(st.integers(0, 3))):
            actors = ", ".join(draw(st.lists(st.sampled_from(people), max_size=4)))
            lines.append(
                f"{word.new()}: {draw(st.integers(1, 5))}: {actors} {word.maybe('%% ' + word.new())}"
            )
    lines += [f"{word.new()}: 3", f"{word.new()}: 4: {word.new()}"]
    diagram = front + "\n".join(["journey", *filter(None, lines)])
    if not draw(st.booleans()):
        return diagram
    return (
        f"# {word.new()}\n{word.new()}\n\n```mermaid\n{diagram}\n```\n{word.new()}\n```\n{word.new()}\n```\n"
    )


@st.composite
def csv(draw: st.DrawFn) -> str:
    word = _Words(draw)
    free = [
        "journey_name",
        "definition",
        "phase",
        "action",
        "notes",
        "touchpoint_name",
        "owners",
        "systems",
        "Colour",
    ]
    headings = draw(st.lists(st.sampled_from(free), unique=True))
    rows = [["journey", "step_name", *headings, word.maybe("Colour")]]
    for number in range(draw(st.integers(2, 4))):
        once = {"journey_name", "definition"} if number else set()
        cells = ["" if heading in once else word.maybe(word.new()) for heading in headings]
        rows.append(["j", word.new(), *cells, word.maybe(word.new()), word.maybe(word.new())])
    if "touchpoint_name" in headings:
        rows = [["Website" if at else "channel", *row] for at, row in enumerate(rows)]
    return "\n".join(",".join(row) for row in rows)


@st.composite
def cjml(draw: st.DrawFn) -> str:
    word = _Words(draw)

    def said(name: str, inside: str = "") -> str:
        return word.maybe(f"<{name}>{inside or word.new()}</{name}>")

    def party(role: str, actor: str) -> str:
        return f'<{role}><refersTo actorIDref="{actor}"/><{role}Label>{word.new()}</{role}Label></{role}>'

    phases = "".join(
        f'<journeyPhase phaseID="p{at}"><phaseName>{word.new()}</phaseName>{said("phaseDescription")}</journeyPhase>'
        for at in range(2)
    )
    points = ""
    for _ in range(draw(st.integers(2, 4))):
        kind = draw(st.sampled_from(["plannedCommunicationPoint", "actualAction", "plannedWeather"]))
        ends = draw(st.permutations(["c", "s"]))
        points += (
            f'<{kind} tone="{word.new()}">{said("touchpointID")}<belongsTo phaseIDref="p{draw(st.integers(0, 2))}"/>'
            f"{party('initiator', ends[0])}{party('receiver', ends[1])}{said('comment')}"
            f"<channel><channelName>Email</channelName></channel>{said('timestamps', f'<t>{word.new()}</t>')}</{kind}>"
        )
    actors = f'<endUser actorID="c">{said("age")}</endUser><serviceProvider actorID="s"><companyName>{word.new()}</companyName></serviceProvider>'
    for _ in range(2):
        points += f"<actualAction>{party('initiator', 'c')}</actualAction>"
    return (
        f"<CJML>{said('author')}<plannedJourney>{said('journeyID')}{said('journeyTitle')}{said('journeyShortSummary')}"
        f"<journeyPhases>{phases}</journeyPhases><actors>{actors}</actors><touchpoints>{points}</touchpoints>"
        f"{said('weather')}</plannedJourney></CJML>"
    )


@st.composite
def ujg(draw: st.DrawFn) -> str:
    word = _Words(draw)

    def node(kind: str, at: int, **more: Any) -> dict[str, Any]:
        extra = {"tags": [word.new()]} if draw(st.booleans()) else {}
        return {"@id": f"urn:{kind}:{at}", "@type": kind, "label": word.new(), **extra, **more}

    numbers = range(draw(st.integers(2, 4)))
    nodes = [node("Phase", at, order=draw(st.integers(1, 3))) for at in numbers]
    nodes += [
        node("Touchpoint", at, channel="web", extensions={"urn:x": {"a": word.new()}}) for at in numbers
    ]
    nodes += [node("State", at) for at in numbers] + [
        node("PainPoint", at, severity=word.new()) for at in numbers
    ]
    for at in numbers:
        met = draw(
            st.lists(st.sampled_from([f"urn:Touchpoint:{one}" for one in numbers]), max_size=2, unique=True)
        )
        state = draw(st.sampled_from([f"urn:State:{at}", word.new()]))
        links = {"phaseRef": f"urn:Phase:{at}", "touchpointRefs": met, "stateRefs": [state]}
        nodes.append(node("ExperienceStep", at, **links))
    nodes.append(node("ExperienceStep", 9))
    nodes.append(node("ExperienceStep", 8))
    nodes.append(node("Journey", 1, stateRefs=[f"urn:State:{at}" for at in numbers], goal=word.new()))
    return json.dumps({"@type": "UJGDocument", "imports": [word.new()], "title": word.new(), "nodes": nodes})


DRAWN = {"mermaid": mermaid(), "csv": csv(), "cjml": cjml(), "ujg": ujg()}


def test_every_format_is_drawn() -> None:
    assert DRAWN.keys() == formats.FORMATS.keys()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(list(DRAWN)))
def test_each_word_of_a_file_stands_in_the_result_or_among_the_losses(data: st.DataObject, name: str) -> None:
    text = data.draw(DRAWN[name])
    imported = _read(name, text)
    result = yaml_text.write(imported.file.document)
    lost = " ".join(word for loss in imported.losses for word in loss.said)
    assert set(WORD.findall(text)) <= set(WORD.findall(f"{result} {lost}"))


@settings(max_examples=40, deadline=None)
@given(text=mermaid())
def test_who_does_which_step_is_kept_at_the_step_or_lost_with_it(text: str) -> None:
    imported = _read("mermaid", text)
    (journey,) = imported.file.document.journeys
    names = {persona.key: persona.name for persona in imported.file.document.personas}
    kept = [names[key] for step in journey.steps for key in step.expectations]
    lost = [word for loss in imported.losses if loss.field == "actor" for word in loss.said]
    for name in names.values():
        steps = [
            line for line in text.splitlines() if re.search(rf":\s*\d:.*\b{name}\b", line.split("%%")[0])
        ]
        assert kept.count(name) + lost.count(name) == len(steps)
