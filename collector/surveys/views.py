"""Surveys over the API."""

from __future__ import annotations

from typing import Any

from collector import web
from collector.surveys import actions, comparability, schemas, states
from collector.workspaces import caller, requires

api = web.Blueprint("surveys", __name__, url_prefix="/api/v1", description="Surveys")


@api.route("/surveys")
@requires("admin", "read", "person")
@api.arguments(schemas.SurveysQuery, location="query")
@api.response(200, schemas.SurveysOut)
def get_surveys(query: dict[str, Any]) -> Any:
    """List the surveys, ordered by key."""
    found, following = actions.page(web.session(), caller().workspace.workspace_id, **query)
    return {"surveys": found, "next": following}


@api.route("/surveys/apply", methods=["POST"])
@requires("admin", "editor")
@api.arguments(schemas.ApplyIn)
@api.response(200, schemas.PlanOut)
@api.alt_response(409)
def post_surveys(given: dict[str, Any]) -> Any:
    """Create or change surveys by key."""
    who = caller()
    return actions.apply(
        web.session(),
        who.workspace.workspace_id,
        given["surveys"],
        who.name,
        web.now(),
        given["confirm_break"],
    )


@api.route("/surveys/plan", methods=["POST"])
@requires("admin", "person")
@api.arguments(schemas.SurveysIn)
@api.response(200, schemas.PlanOut)
@api.alt_response(409)
def post_plan(given: dict[str, Any]) -> Any:
    """Say what applying would change, and what it would break."""
    who = caller()
    return actions.plan(web.session(), who.workspace.workspace_id, given["surveys"], who.name, web.now())


@api.route("/surveys/<key>")
@requires("admin", "read", "person")
@api.response(200, schemas.OneSurveyOut)
def get_survey(key: str) -> Any:
    """Show a survey."""
    survey = actions.get(web.session(), caller().workspace.workspace_id, key)
    asked = comparability.current(web.session(), survey)
    return {**vars(survey), "subject": asked.definition["subject"]}


@api.route("/surveys/<key>/history")
@requires("admin", "read", "person")
@api.response(200, schemas.HistoryOut)
def get_history(key: str) -> Any:
    """Show a survey's versions and metric series."""
    session, workspace_id = web.session(), caller().workspace.workspace_id
    survey = actions.get(session, workspace_id, key)
    return {
        "series": actions.series_of(session, workspace_id, survey.key),
        "versions": actions.versions(session, workspace_id, survey.key),
    }


@api.route("/surveys/<key>/state", methods=["PUT"])
@requires("admin", "editor")
@api.arguments(schemas.StateIn)
@api.response(200, schemas.SurveyOut)
@api.alt_response(409)
def put_state(given: dict[str, Any], key: str) -> Any:
    """Publish, pause, resume or close a survey."""
    who = caller()
    survey = actions.get(web.session(), who.workspace.workspace_id, key)
    return states.change(web.session(), survey, given["state"], who.name, web.now())
