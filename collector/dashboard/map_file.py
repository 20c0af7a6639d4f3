"""A journey as one SVG file to put into a slide or a report: phases across, the curve, steps with scores, owners."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from collector.dashboard import charts
from collector.dashboard.charts import svg
from collector.dashboard.drawings import Drawings
from collector.dashboard.journey_page import JourneyPage
from collector.dashboard.journey_parts import StepView

COLUMN, TOP, CURVE, FOOT = 132.0, 92.0, 200.0, 132.0
STYLES = ("tokens.css", "charts.css")
MOST_CHARACTERS = 19


def draw(page: JourneyPage, drawings: Drawings) -> Markup:
    """The file's text: it carries its own styles and needs nothing else."""
    width = max(4, len(page.steps)) * COLUMN
    height = TOP + CURVE + FOOT
    inside = [
        svg.element("style", Markup(_styles())),
        svg.element("rect", width=width, height=height, class_="paper"),
        svg.words(page.journey.name, 16, 30, "headline", "start"),
        svg.words(drawings.wording.days(page.period), 16, 50, "tick", "start"),
        *_phases(page),
        svg.element("svg", drawings.curve(page), y=TOP, width=len(page.steps) * COLUMN, height=CURVE),
        *(_column(step, index, drawings) for index, step in enumerate(page.steps)),
    ]
    return svg.element(
        "svg",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart map-file",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
    )


def _phases(page: JourneyPage) -> list[Markup]:
    drawn, start = [], 0
    for name, steps in page.phases:
        x = start * COLUMN
        drawn.append(
            svg.element("rect", x=x + 1, y=62, width=len(steps) * COLUMN - 2, height=24, class_="phase")
        )
        drawn.append(svg.words(name, x + 10, 79, "phase-name", "start"))
        start += len(steps)
    return drawn


def _column(step: StepView, index: int, drawings: Drawings) -> Markup:
    middle, y = (index + 0.5) * COLUMN, TOP + CURVE + 24
    say, reading = drawings.wording, step.reading
    score = say.value(reading.metric, reading.figure.value) if reading else say._("no data")
    about = f"{say.interval(reading.figure)} · n {say.count(reading.figure.n)}" if reading else ""
    lines = [svg.words(line, middle, y + 15 * i, "name") for i, line in enumerate(_wrapped(step.at.label))]
    owners = say.names(step.owners) if step.at.touchpoint else "–"
    return svg.element(
        "g",
        *lines,
        svg.words(score, middle, y + 52, "value score"),
        svg.words(about, middle, y + 68, "tick"),
        svg.words(owners, middle, y + 90, "owner"),
        class_="column-text pain" if step.pain else "column-text",
    )


def _wrapped(text: str) -> list[str]:
    """At most two lines; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= MOST_CHARACTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 2 else [lines[0], lines[1][: MOST_CHARACTERS - 1] + "…"]


@cache
def _styles() -> str:
    folder = Path(charts.__file__).parents[2] / "static"
    own = (
        ".map-file .paper { fill: #fff; } .map-file .phase { fill: var(--sunken); }"
        " .map-file .phase-name, .map-file .name { fill: var(--ink); font-weight: 600; }"
        " .map-file .headline { fill: var(--ink); font-size: 20px; font-weight: 600; }"
        " .map-file .score { font-size: 18px; } .map-file .owner { fill: var(--ink-soft); }"
        " .map-file { color-scheme: light; }"
    )
    return "\n".join([*((folder / name).read_text() for name in STYLES), own])
