"""What a run has so far: how far its invitations came, and its answers in the order they were received."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector import journeys, surveys
from collector.communities.runs import StoredRun, answered, pictures
from collector.invitations import Invitation
from collector.responses import Response
from collector.results.measures import LEADING, Measure, hits
from collector.statistics import Group
from collector.workspaces import sight

NONE = ""
"""The name of "no variant"."""
Split = ColumnElement[Any] | InstrumentedAttribute[Any]
SHOWN = 20
"""So many runs stand on the page of their touchpoint."""


@dataclass(frozen=True)
class Steps:
    """How far invitations came."""

    invited: int = 0
    opened: int = 0
    started: int = 0
    finished: int = 0


@dataclass(frozen=True)
class Cell:
    """A quota cell: how many answers it has, of how many it wants, and how far its invitations came, by variant too."""

    value: str
    answered: int
    wanted: int
    steps: Steps = Steps()
    by_variant: Mapping[str, Steps] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return self.answered >= self.wanted


@dataclass(frozen=True)
class Progress:
    """A run as it stands, by variant (``NONE`` where it has none) and by quota cell; ``assigned``: customers by variant."""

    by_variant: Mapping[str, Steps]
    assigned: Mapping[str, int]
    cells: Sequence[Cell]

    @property
    def whole(self) -> Steps:
        every = self.by_variant.values()
        names = ("invited", "opened", "started", "finished")
        return Steps(**{name: sum(getattr(each, name) for each in every) for name in names})


def runs_at(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> list[StoredRun]:
    """The runs that have asked at a touchpoint, or do so now; the newest first."""
    mine = StoredRun.workspace_id == workspace_id, StoredRun.touchpoint == touchpoint
    query = select(StoredRun).where(*mine, StoredRun.started_at.is_not(None))
    return list(session.scalars(query.order_by(StoredRun.started_at.desc()).limit(SHOWN)))


def progress(session: Session, run: StoredRun) -> Progress:
    """Count a run's invitations and answers."""
    keys = [variant["key"] for variant in run.variants] or [NONE]
    with sight.whole(session):  # only counted
        asked = _asked(session, run, Invitation.variant)
        given = _given(session, run, Response.variant)
        cells = _cells(session, run) if run.cells else []
    return Progress(
        {key: Steps(*asked.get(key, (0, 0, 0))[:2], *given.get(key, (0, 0))) for key in keys},
        {key: asked.get(key, (0, 0, 0))[2] for key in keys},
        cells,
    )


def started(session: Session, run: StoredRun) -> int:
    """How many have answered at least in part."""
    with sight.whole(session):  # only counted
        return sum(begun for begun, _ in _given(session, run, Response.variant).values())


def _cells(session: Session, run: StoredRun) -> list[Cell]:
    """The quota cells, by what was known of those who were asked when they were."""
    by = Invitation.attributes[run.cells["attribute"]].as_string()
    whole = _steps(session, run, by)
    counted = answered(session, run.workspace_id, run.key)
    parts: dict[str, dict[str, Steps]] = {}
    keys = [str(each["key"]) for each in run.variants]
    for key in keys:
        for value, steps in _steps(session, run, by, key).items():
            parts.setdefault(value, {})[key] = steps
    return [
        Cell(value, counted.get(value, 0), most, whole.get(value, Steps()), {key: parts.get(value, {}).get(key, Steps()) for key in keys})
        for value, most in run.cells["quotas"].items()
    ]  # fmt: skip


def _steps(session: Session, run: StoredRun, by: Split, variant: str | None = None) -> dict[str, Steps]:
    """part -> how far its invitations came; of one variant alone, if said."""
    asked, given = _asked(session, run, by, variant), _given(session, run, by, variant)
    return {part: Steps(*asked[part][:2], *given.get(part, (0, 0))) for part in asked}


def groups(
    session: Session, run: StoredRun, measure: Measure, variants: Sequence[str], first: int | None
) -> list[Group]:
    """The answers of each variant (``NONE``: of all) as groups; with ``first``, only so many that came first."""
    with sight.whole(session):  # only counted
        scores = _scores(session, run, measure)
    return [
        measure.group([score for variant, score in scores if not key or variant == key][:first])
        for key in variants
    ]


def _asked(
    session: Session, run: StoredRun, by: Split, variant: str | None = None
) -> dict[str, tuple[int, int, int]]:
    """variant (or cell) -> invited, opened, customers; of one variant alone, if said."""
    query = select(
        func.coalesce(by, NONE).label("part"),
        func.count(Invitation.asked_at),
        func.count(Invitation.shown_at),
        func.count(func.distinct(Invitation.customer)),
    ).where(Invitation.workspace_id == run.workspace_id, Invitation.run == run.key)
    query = query.where(Invitation.asked_at.is_not(None)).group_by("part")
    query = query.where(Invitation.variant == variant) if variant else query
    found = session.execute(query)
    return {str(part): (invited, opened, people) for part, invited, opened, people in found}


def _given(
    session: Session, run: StoredRun, by: Split, variant: str | None = None
) -> dict[str, tuple[int, int]]:
    """variant (or cell) -> answers begun, answers finished; of one variant alone, if said."""
    query = select(func.coalesce(by, NONE).label("part"), Response.complete, func.count()).where(
        Response.workspace_id == run.workspace_id, Response.run == run.key
    )
    query = query.where(Response.variant == variant) if variant else query
    if by is not Response.variant:
        made = (
            Invitation.workspace_id == Response.workspace_id,
            Invitation.invitation_id == Response.invitation_id,
        )
        query = query.join(Invitation, and_(*made))  # fmt: skip
    found: dict[str, tuple[int, int]] = {}
    for part, is_whole, n in session.execute(query.group_by("part", Response.complete)):
        begun, whole = found.get(str(part), (0, 0))
        found[str(part)] = begun + n, whole + (n if is_whole else 0)
    return found


def _scores(session: Session, run: StoredRun, measure: Measure) -> list[tuple[str, int]]:
    """(variant, what they count as), in the order they were received."""
    own = measure.is_leading
    columns = (Response.variant, Response.survey_version, Response.score if own else Response.answers)
    query = select(*columns).where(Response.workspace_id == run.workspace_id, Response.run == run.key)
    query = query.order_by(Response.received_at, Response.response_id)
    found: list[tuple[str, int]] = []
    for variant, version, said in session.execute(query):
        if own:
            counted = measure.count({} if said is None else {LEADING: said}, {})
        else:
            published = surveys.version(session, run.workspace_id, run.survey, version)
            clicked = _hits(run, published.template.click, variant, said)
            counted = measure.count(surveys.scores_of(published, said) | clicked, said)
        if counted is not None:
            found.append((variant or NONE, counted))
    return found


def _hits(run: StoredRun, click: str | None, variant: str | None, said: Mapping[str, Any]) -> dict[str, int]:
    """The score of a click on a picture: 1 for one that hits; nothing where no area is marked."""
    picture = pictures.of(run.pictures, variant)
    if click is None or click not in said or picture is None or not picture["areas"]:
        return {}
    return {hits(click): int(pictures.hit(picture, said[click]) is not None)}


def names(session: Session, workspace_id: uuid.UUID) -> dict[str, str]:
    """What the touchpoints are called, by key."""
    found: dict[str, str] = {}
    after: str | None = ""
    while after is not None:
        page = journeys.touchpoints(session, workspace_id, after=after, limit=500)
        found |= {item.key: item.label for item in page.items}
        after = page.next
    return found


def measured(session: Session, workspace_id: uuid.UUID, survey: str) -> surveys.Published:
    """The survey of a run as it is asked now."""
    row = surveys.get(session, workspace_id, survey)
    return surveys.version(session, workspace_id, survey, row.version)
