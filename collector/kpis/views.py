"""``GET /api/v1/kpis`` and ``GET /api/v1/verdicts``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from collector import days, errors, journeys, web
from collector.kpis import contacts, cube, figures, schemas, verdicts
from collector.kpis.said import Window
from collector.workspaces import caller, requires

DEFAULT_DAYS = 90

api = web.Blueprint("kpis", __name__, url_prefix="/api/v1", description="Scores with n and interval")


@api.route("/kpis")
@requires("read", "admin", "person")
@api.arguments(schemas.KpiQuery, location="query")
@api.response(200, schemas.KpisOut)
@api.alt_response(404)
def get_kpis(query: dict[str, Any]) -> Any:
    """Scores with n, interval and counts, over time and by group."""
    workspace_id, zone = caller().workspace.workspace_id, caller().company.timezone
    query = schemas.in_zone(query, zone)
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
        respondent=query["respondent"],
        target=query["target"],
        series_id=query["series"],
        sources=("volunteered",) if query["source"] == "volunteered" else cube.SOLICITED,
    )
    found = figures.lines(web.session(), workspace_id, chosen, query["interval"], query["group_by"])
    return {
        "metric": metric.key,
        "definition": metric,
        "series": [schemas.line_dict(line, zone) for line in found],
    }


@api.route("/verdicts")
@requires("read", "admin", "person")
@api.arguments(schemas.VerdictsQuery, location="query")
@api.response(200, schemas.VerdictsOut)
@api.alt_response(404)
def get_verdicts(query: dict[str, Any]) -> Any:
    """Differences that hold beside all that were compared, and what was compared; the last 90 days unless said."""
    session, workspace_id = web.session(), caller().workspace.workspace_id
    query = schemas.in_zone(query, caller().company.timezone)
    _check(workspace_id, {**query, "touchpoint": None})
    window = _window(query["since"], query["until"])
    keys = [query["journey"]] if query["journey"] else verdicts.journey_keys(session, workspace_id)
    found = {
        key: verdicts.of_journey(
            session, workspace_id, window, key, verdicts.places(session, workspace_id, key)
        )
        for key in keys
    }
    return schemas.verdicts_dict(found)


@api.route("/contacts")
@requires("read", "admin", "person")
@api.arguments(schemas.ContactsQuery, location="query")
@api.response(200, schemas.ContactsOut)
@api.alt_response(404)
def get_contacts(query: dict[str, Any]) -> Any:
    """Who left self-service for people, and who had to come back to them, along a journey; the last 90 days unless said."""
    session, company = web.session(), caller().company
    journeys.scoping.demand_all_figures(session)
    query = schemas.in_zone(query, company.timezone)
    window = _window(query["since"], query["until"])
    bounds = days.bounds(window.first, window.last, company.timezone)
    found = contacts.contacts(session, company.workspace_id, query["journey"], *bounds, web.now())
    told = [{"touchpoint": key, **vars(each)} for key, each in sorted(found.resolved.items())]
    return {
        "journey": query["journey"],
        "ways": found.all,
        "read": found.n,
        "again_within_days": contacts.AGAIN.days,
        "leaked": found.leaked,
        "resolved": told,
    }


def _window(since: date | None, until: date | None) -> Window:
    last = until or days.day_of(web.now(), caller().company.timezone)
    first = since or last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise errors.BadInput(
            "`from` lies behind `to`.", "bad_period", {"from": ["must not lie behind `to`"]}
        )
    return Window(first, last, first - (last - first) - timedelta(days=1))


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
