"""What members answered, one by one: only of those who agreed to a text that says so, and have not left since.

Of all others aggregates of five and more are shown. Their figure is what is left of the whole when the single answers are
taken off, so nothing is shown singly while the others are one to four.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import surveys
from collector.communities import panels
from collector.communities.panels import PanelMember
from collector.communities.runs import StoredRun
from collector.instruments import COMPOSITES, ON_A_PICTURE
from collector.responses import Response
from collector.results import clicks, measures, tallies, verdict
from collector.statistics import K
from collector.workspaces import sight

SHOWN = 500


@dataclass(frozen=True)
class Said:
    """One member's answer, under their pseudonym."""

    customer: str
    attributes: Mapping[str, Any]
    variant: str | None
    score: int | None
    comment: str | None
    at: datetime
    answers: Mapping[str, Any]
    figures: Mapping[str, float | str]
    """Questionnaire (``sus``) -> what all of its answers make together: a figure, or a category of a Kano pair."""
    version: int
    """Which version of the survey was answered."""


@dataclass(frozen=True)
class Respondents:
    """``said``: what may be read singly; ``others``: how many answers may not; ``is_held``: these are too few for it."""

    said: tuple[Said, ...]
    others: int
    is_held: bool
    is_early: bool = False
    """Whether the run's verdict may not be seen yet, and so no answer either."""


def of_run(session: Session, run: StoredRun) -> Respondents:
    """The answers of a run's members, the newest first; none before the verdict may be seen."""
    if not verdict.of(session, run).may_be_seen:
        return Respondents((), 0, is_held=False, is_early=True)
    mine = Response.workspace_id == run.workspace_id, Response.run == run.key
    texts = _texts(session, run)
    agreed = (
        PanelMember.workspace_id == Response.workspace_id,
        PanelMember.customer == Response.customer,
        PanelMember.panel == run.panel,
        PanelMember.left_at.is_(None),
        PanelMember.consent_text.in_(texts),
    )
    query = select(Response, PanelMember.attributes).where(*mine, *agreed)
    with sight.unsealed(session):  # its verdict may be seen
        whole = session.scalar(select(func.count()).where(*mine)) or 0
        rows = session.execute(query.order_by(Response.received_at.desc(), Response.response_id)).all()
    others = whole - len(rows)
    is_held = bool(rows) and 0 < others < K
    said = () if is_held else tuple(_said(session, run, *row) for row in rows[:SHOWN])
    return Respondents(said, others, is_held)


def _texts(session: Session, run: StoredRun) -> list[str]:
    """The names of those consent texts of the run's panel that say it."""
    if run.panel is None:
        return []
    panel = panels.actions.get(session, run.workspace_id, run.panel)
    known = panels.actions.consents(session, panel)
    return [panels.actions.text_of(each) for each in known if each.one_by_one]


def _said(session: Session, run: StoredRun, row: Response, attributes: Mapping[str, Any]) -> Said:
    comment = row.comment if row.hidden_at is None else None
    published = surveys.version(session, run.workspace_id, run.survey, row.survey_version)
    return Said(
        customer=row.customer or "",
        attributes=attributes,
        variant=row.variant,
        score=row.score,
        comment=comment,
        at=row.received_at,
        answers={**row.answers, "comment": comment},
        figures=dict(_figures(published, row.answers)),
        version=row.survey_version,
    )


def _figures(published: surveys.Published, answers: Mapping[str, Any]) -> Iterator[tuple[str, float | str]]:
    scores = surveys.scores_of(published, answers)
    for key, items in published.template.composites.items():
        count, of = measures.together(key, items, scores, answers), COMPOSITES[key]
        if count is not None:
            yield key, of.categories[count] if of.categories else count * of.unit


def told(session: Session, run: StoredRun, said: Said, language: str) -> list[tuple[str, str]]:
    """(question, answer) in words, of all that a member answered besides the comment."""
    published = surveys.version(session, run.workspace_id, run.survey, said.version)
    found = []
    for question in surveys.localised(published, [language])["questions"]:
        given = said.answers.get(question["id"])
        if tallies.is_counted(question) and given is not None:
            labels = dict(tallies.labels(question))
            chosen = given if isinstance(given, list) else [given]
            found.append((question["text"], ", ".join(str(labels.get(each, each)) for each in chosen)))
        elif question["kind"] == ON_A_PICTURE and given is not None:
            area, _hits = clicks.told(run, said.variant, given)
            place = f"x {given['x']:.0%}, y {given['y']:.0%}"
            found.append((question["text"], f"{area} ({place})" if area else place))
    return found
