"""Surveys over the API."""

from __future__ import annotations

from typing import Any

from collector import web
from collector.surveys import actions, schemas
from collector.workspaces import caller, requires

api = web.Blueprint("surveys", __name__, url_prefix="/api/v1", description="Surveys")


@api.route("/surveys")
@requires("admin", "read", "person")
@api.response(200, schemas.SurveysOut)
def get_surveys() -> Any:
    """List the surveys."""
    return {"surveys": actions.list_surveys(web.session(), caller().workspace.workspace_id)}


@api.route("/surveys/apply", methods=["POST"])
@requires("admin", "administrator")
@api.arguments(schemas.SurveysIn)
@api.response(200, schemas.PlanOut)
def post_surveys(given: dict[str, Any]) -> Any:
    """Create or change surveys by key; the same again changes nothing."""
    who = caller()
    return actions.apply(web.session(), who.workspace.workspace_id, given["surveys"], who.name, web.now())


@api.route("/surveys/<key>")
@requires("admin", "read", "person")
@api.response(200, schemas.SurveyOut)
def get_survey(key: str) -> Any:
    """Show one survey."""
    return actions.get(web.session(), caller().workspace.workspace_id, key)
