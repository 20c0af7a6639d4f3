"""What customers say of each page of a site: answers given beside a page's address, summed up.

A page is a place, as a touchpoint is; but a path may name a person (``/orders/4711``). So pages that fewer than
``K`` people answered for stand together in one row without an address.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.kpis.metrics import METRICS
from collector.kpis.scores import figure
from collector.responses import Response
from collector.statistics import K

COLUMNS = ("page", "touchpoint", "metric", "source", "n", "score", "low", "high", "low_base")
OTHERS = ""
Cells = dict[int, int]


def by_page(
    session: Session,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    touchpoint: str | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The rows of the report, the most answered page of a touchpoint first; ``since`` is inclusive, ``until`` is not."""
    for (place, metric, source), pages in sorted(_counted(session, workspace_id, since, until, touchpoint)):
        for page, cells in sorted(
            _gathered(pages).items(), key=lambda item: (-sum(item[1].values()), item[0])
        ):
            found = figure(METRICS[metric], cells)
            bounds = (_round(found.value), _round(found.low), _round(found.high))
            yield page, place, metric, source, found.n, *bounds, found.low_base


def _gathered(pages: dict[str, Cells]) -> dict[str, Cells]:
    """Page -> score -> n, where small pages are one."""
    gathered: dict[str, Cells] = defaultdict(lambda: defaultdict(int))
    for page, cells in pages.items():
        for score, n in cells.items():
            gathered[page if sum(cells.values()) >= K else OTHERS][score] += n
    return gathered


def _counted(
    session: Session,
    workspace_id: uuid.UUID,
    since: datetime | None,
    until: datetime | None,
    touchpoint: str | None,
) -> list[tuple[tuple[str, str, str], dict[str, Cells]]]:
    """(touchpoint, metric, source) -> page -> score -> n."""
    page = Response.context["url"].as_string().label("page")
    each = select(Response.touchpoint, Response.metric, Response.source, page, Response.score).where(
        Response.workspace_id == workspace_id,
        Response.respondent == "customer",
        Response.score.is_not(None),
        page.is_not(None),
        *([Response.occurred_at >= since] if since else []),
        *([Response.occurred_at < until] if until else []),
        *([Response.touchpoint == touchpoint] if touchpoint else []),
    )
    rows = each.subquery()
    found: dict[tuple[str, str, str], dict[str, Cells]] = defaultdict(lambda: defaultdict(dict))
    summed = select(rows, func.count().label("n")).group_by(*rows.c)
    for place, metric, source, path, score, n in session.execute(summed):
        found[place, metric, source][path][score] = n
    return [(key, dict(pages)) for key, pages in found.items()]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
