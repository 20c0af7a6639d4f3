"""``/api/v1/outcomes`` and ``/api/v1/kpi-values``: what became of customers, and what others measured."""

from __future__ import annotations

import uuid
from typing import Any

from collector import days, journeys, web
from collector.outcomes import actions, association, beside, reading, schemas
from collector.workspaces import caller, requires

api = web.Blueprint("outcomes", __name__, url_prefix="/api/v1", description="What became of customers, and what others measured")  # fmt: skip
MEANING = "associated, not caused"


@api.route("/outcomes", methods=["PUT"])
@requires("server", "admin")
@api.arguments(schemas.OutcomesIn)
@api.response(200, schemas.PutOut)
def put_outcomes(given: dict[str, Any]) -> Any:
    """Take outcomes under your own keys; the same again changes nothing, another value replaces the one before."""
    session, items = web.session(), given["outcomes"]
    _demand(item["touchpoint"] for item in items)
    return actions.take(session, caller().company, items, web.now())


@api.route("/outcomes")
@requires("admin", "administrator")
@api.arguments(schemas.OutcomesQuery, location="query")
@api.response(200, schemas.OutcomesOut)
def get_outcomes(query: dict[str, Any]) -> Any:
    """Outcomes by their keys; ``unmatched`` gives those whose customer nobody has met here."""
    found = reading.listed(
        web.session(), _workspace(), query["kind"], query["unmatched"], query["cursor"], query["limit"]
    )
    last = found[-1].key if len(found) == query["limit"] else None
    return {"outcomes": [schemas.outcome_dict(row) for row in found], "next": last}


@api.route("/outcomes/summary")
@requires("read", "admin", "person")
@api.response(200, schemas.OutcomeSummaryOut)
def get_summary() -> Any:
    """How many outcomes there are of each kind, and how many are joined to customers."""
    journeys.scoping.demand_all_figures(web.session())
    return {"outcomes": reading.summary(web.session(), _workspace())}


@api.route("/outcomes/bands")
@requires("read", "admin", "person")
@api.arguments(schemas.BandsQuery, location="query")
@api.response(200, schemas.BandsOut)
@api.alt_response(404)
def get_bands(query: dict[str, Any]) -> Any:
    """Outcomes by the band of the score given before, along a journey: associated, not caused."""
    session = web.session()
    journeys.scoping.demand_all_figures(session)
    year = query["year"] or days.day_of(web.now(), caller().company.timezone).year
    found = beside.along(session, _workspace(), query["journey"], year)
    return {"meaning": MEANING, "year": year, "within_days": association.WITHIN.days, "lines": found}


@api.route("/kpi-values", methods=["PUT"])
@requires("server", "admin", "editor")
@api.arguments(schemas.KpiValuesIn)
@api.response(200, schemas.PutOut)
def put_kpi_values(given: dict[str, Any]) -> Any:
    """Take what another system measured, or a benchmark, by KPI, touchpoint and period."""
    session, items = web.session(), given["values_"]
    _demand(item["touchpoint"] for item in items)
    if not all(item["touchpoint"] for item in items):
        journeys.scoping.demand_everything(session)
    return actions.put_kpi_values(session, _workspace(), items, caller().name, web.now())


@api.route("/kpi-values")
@requires("read", "admin", "person")
@api.arguments(schemas.KpiValuesQuery, location="query")
@api.response(200, schemas.KpiValuesOut)
def get_kpi_values(query: dict[str, Any]) -> Any:
    """What others measured, the newest period first."""
    found = reading.kpi_values(web.session(), _workspace(), query["kpi"], query["touchpoint"])
    return {"values_": found}


def _demand(touchpoints: Any) -> None:
    journeys.scoping.demand(web.session(), [each for each in touchpoints if each])


def _workspace() -> uuid.UUID:
    return caller().company.workspace_id
