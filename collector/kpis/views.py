"""``GET /api/v1/kpis``."""

from __future__ import annotations

from typing import Any

from collector import errors, journeys, web
from collector.kpis import cube, figures, schemas
from collector.workspaces import caller, requires

api = web.Blueprint("kpis", __name__, url_prefix="/api/v1", description="Scores with n and interval")


@api.route("/kpis")
@requires("read", "admin", "person")
@api.arguments(schemas.KpiQuery, location="query")
@api.response(200, schemas.KpisOut)
@api.alt_response(404)
def get_kpis(query: dict[str, Any]) -> Any:
    """Scores with n, interval and counts, over time and by group."""
    workspace_id = caller().workspace.workspace_id
    metric = figures.metric_named(query["metric"])
    _check(workspace_id, query)
    chosen = cube.Slice(
        metric=metric.key,
        touchpoints=(query["touchpoint"],) if query["touchpoint"] else None,
        journey=query["journey"],
        since=query["since"],
        until=query["until"],
        channel=query["channel"],
        persona=query["persona"],
        variant=query["variant"],
        sources=("volunteered",) if query["source"] == "volunteered" else cube.SOLICITED,
    )
    found = figures.lines(web.session(), workspace_id, chosen, query["interval"], query["group_by"])
    return {"metric": metric.key, "definition": metric, "series": [schemas.line_dict(line) for line in found]}


def _check(workspace_id: Any, query: dict[str, Any]) -> None:
    """A touchpoint or journey that is not here is an error, not an empty figure."""
    session = web.session()
    if query["touchpoint"] and journeys.find_touchpoint(session, workspace_id, query["touchpoint"]) is None:
        raise errors.NotFound(f"There is no touchpoint {query['touchpoint']!r}.", "unknown_touchpoint")
    if query["journey"] and journeys.find_journey(session, workspace_id, query["journey"]) is None:
        raise errors.NotFound(f"There is no journey {query['journey']!r}.", "unknown_journey")
    if query["since"] and query["until"] and query["since"] > query["until"]:
        raise errors.BadInput(
            "`from` lies behind `to`.", "bad_period", {"from": ["must not lie behind `to`"]}
        )
