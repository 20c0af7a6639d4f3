"""A run's answers as files: one by one of those who agreed to be read so, of all others counts of five people and more.

Nothing leaves while the verdict may not be seen. Who was asked, how and when stands in the protocol (``results.protocol``).
"""

from __future__ import annotations

from typing import Any, TextIO

from sqlalchemy.orm import Session

from collector.communities.runs import StoredRun
from collector.exchange.writing import PLAIN, Style, table
from collector.results import clicks, reading, respondents, tallies, verdict

HEAD = ("customer", "variant", "received_at", "attributes")
COUNTED = ("variant", "question", "answer", "n", "of")


def write_answers(session: Session, run: StoredRun, file: TextIO, style: Style = PLAIN) -> None:
    """A row for each answer that may be read singly: pseudonym, variant, time, attributes, what was said to each question, and what a
    questionnaire's answers make together."""
    published = reading.measured(session, run.workspace_id, run.survey)
    click = published.template.click
    questions = [question.id for question in published.template.questions if question.id != click]
    places = [f"{click}.{name}" for name in ("x", "y", "hit", "area", "ms")] if click else []
    figures = list(published.template.composites)
    write = table(file, "csv", (*HEAD, *places, *questions, *figures), style)
    for each in respondents.of_run(session, run).said:
        said = [_plain(each.answers.get(question)) for question in questions]
        made = [_figure(each.figures.get(figure)) for figure in figures]
        clicked = _click(run, each.variant, each.answers.get(click)) if click else []
        write([each.customer, each.variant, each.at, dict(each.attributes), *clicked, *said, *made])


def write_counts(session: Session, run: StoredRun, language: str, file: TextIO, style: Style = PLAIN) -> None:
    """How often each answer was given, of all and by variant; of clicks on a picture, each area, and beside all of them."""
    found = verdict.of(session, run)
    write = table(file, "csv", COUNTED, style)
    for each in clicks.of_run(session, run, found):
        for area in each.rows:
            write([", ".join(each.variants) or None, "click", area.area, area.n, each.n])
    for variant in [None, *(str(each["key"]) for each in run.variants)]:
        for tally in tallies.of_run(session, run, found, language, variant):
            for row in tally.rows:
                write([variant, tally.text or "kano", row.label, row.n, tally.n])


def _click(run: StoredRun, variant: str | None, place: Any) -> list[Any]:
    if place is None:
        return [None] * 5
    area, is_hit = clicks.told(run, variant, place)
    return [place["x"], place["y"], is_hit, area, place.get("ms")]


def _plain(answer: Any) -> Any:
    return ", ".join(answer) if isinstance(answer, list) else answer


def _figure(made: float | str | None) -> float | str | None:
    return round(made, 2) if isinstance(made, float) else made
