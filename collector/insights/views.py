"""``/api/v1/insights``: what hurts, who sees to it, what they do about it."""

from __future__ import annotations

import uuid
from typing import Any

from collector import days, errors, journeys, signals, web
from collector.insights import (
    actions,
    asked_again,
    doing,
    evidence,
    following_up,
    loop_schemas,
    quarters,
    reading,
    report,
    report_schemas,
    rules,
    schemas,
    taking_up,
)
from collector.insights.models import Action, Insight
from collector.workspaces import caller, requires

api = web.Blueprint("insights", __name__, url_prefix="/api/v1", description="Insights and their actions")
READERS = ("read", "admin", "person")
WRITERS = ("admin", "person")


@api.route("/insights")
@requires(*READERS)
@api.arguments(schemas.InsightQuery, location="query")
@api.response(200, schemas.InsightsOut)
@api.alt_response(404)
def get_insights(query: dict[str, Any]) -> Any:
    """Insights, the weightiest first."""
    states = rules.OPEN if query["state"] == "open" else [query["state"]] if query["state"] else None
    wanted = reading.Wanted(states, query["owner"], query["touchpoint"], query["journey"])
    found = reading.listed(web.session(), _workspace(), wanted, query["cursor"], query["limit"])
    owners = reading.owners_of(web.session(), found)
    rows = [schemas.insight_dict(row, owners[row.insight_id]) for row in found]
    return {"insights": rows, "next": found[-1].insight_id if len(found) == query["limit"] else None}


@api.route("/insights", methods=["POST"])
@requires(*WRITERS)
@api.arguments(schemas.InsightIn)
@api.response(201, schemas.WholeInsightOut)
@api.alt_response(404)
def post_insight(given: dict[str, Any]) -> Any:
    """File an insight; with `evidence` or a `signal`, the figures of that are kept as they stand."""
    if signal_id := given.pop("signal"):
        return schemas.whole_dict(web.session(), _taken_up(signal_id, given))
    cited = given.pop("evidence")
    kept = _evidence(cited, given["touchpoint"]) if cited else None
    thought = actions.Thought(**given, evidence=kept)
    row = actions.file(web.session(), _workspace(), thought, caller().name, web.now())
    return schemas.whole_dict(web.session(), row)


@api.route("/insights/<uuid:insight_id>")
@requires(*READERS)
@api.response(200, schemas.WholeInsightOut)
def get_insight(insight_id: uuid.UUID) -> Any:
    """One insight with its evidence, comments, links, cited answers and actions."""
    return schemas.whole_dict(web.session(), _insight(insight_id))


@api.route("/insights/<uuid:insight_id>", methods=["PATCH"])
@requires(*WRITERS)
@api.arguments(schemas.InsightPatch)
@api.response(200, schemas.WholeInsightOut)
@api.alt_response(409, description="Somebody moved it meanwhile")
def patch_insight(given: dict[str, Any], insight_id: uuid.UUID) -> Any:
    """Move an insight on, or change its title, text or owners."""
    row, session, by, now = _insight(insight_id), web.session(), caller().name, web.now()
    if "state" in given:
        actions.move(session, row, given["state"], by, now, given.get("was"), given["reason"])
    if not given.keys().isdisjoint({"title", "text", "owners"}):
        actions.edit(session, row, given, by, now)
    return schemas.whole_dict(session, row)


@api.route("/insights/<uuid:insight_id>/comments", methods=["POST"])
@requires(*WRITERS)
@api.arguments(schemas.CommentIn)
@api.response(201, schemas.InsightCommentOut)
def post_comment(given: dict[str, Any], insight_id: uuid.UUID) -> Any:
    """Say something about an insight to the others."""
    return actions.comment(web.session(), _insight(insight_id), given["text"], caller().name, web.now())


@api.route("/insights/<uuid:insight_id>/links", methods=["POST"])
@requires(*WRITERS)
@api.arguments(schemas.LinkIn)
@api.response(201, schemas.InsightLinkOut)
def post_link(given: dict[str, Any], insight_id: uuid.UUID) -> Any:
    """Attach something by its address: a ticket, a recording, a document."""
    insight, who = _insight(insight_id), caller().name
    return actions.attach(web.session(), insight, given["url"], given["title"], who, web.now())


@api.route("/insights/<uuid:insight_id>/citations", methods=["POST"])
@requires(*WRITERS)
@api.arguments(schemas.CitationIn)
@api.response(201, schemas.WholeInsightOut)
def post_citation(given: dict[str, Any], insight_id: uuid.UUID) -> Any:
    """Cite an answer; if it is erased later, a tombstone is left."""
    row = _insight(insight_id)
    actions.cite(web.session(), row, given["response_id"], caller().name, web.now())
    return schemas.whole_dict(web.session(), row)


@api.route("/insights/<uuid:insight_id>/actions")
@requires(*READERS)
@api.response(200, schemas.ActionsOut)
def get_actions(insight_id: uuid.UUID) -> Any:
    """The actions of an insight, the first due first."""
    return {"actions": doing.of(web.session(), _insight(insight_id))}


@api.route("/insights/<uuid:insight_id>/actions", methods=["POST"])
@requires(*WRITERS)
@api.arguments(schemas.ActionIn)
@api.response(201, schemas.ActionOut)
def post_action(given: dict[str, Any], insight_id: uuid.UUID) -> Any:
    """Plan an action: who does what, until when."""
    task = doing.Task(**given)
    return doing.add(web.session(), _insight(insight_id), task, caller().name, web.now())


@api.route("/insights/<uuid:insight_id>/actions/<uuid:action_id>", methods=["PATCH"])
@requires(*WRITERS)
@api.arguments(schemas.ActionPatch)
@api.response(200, schemas.ActionOut)
@api.alt_response(409, description="Somebody moved it meanwhile")
def patch_action(given: dict[str, Any], insight_id: uuid.UUID, action_id: uuid.UUID) -> Any:
    """Change an action, or end it with its result."""
    return doing.change(web.session(), _action(insight_id, action_id), given, caller().name, web.now())


@api.route("/insights/<uuid:insight_id>/follow-ups")
@requires(*READERS)
@api.response(200, loop_schemas.FollowUpsOut)
def get_follow_ups(insight_id: uuid.UUID) -> Any:
    """Who was unhappy, who is asked once more since it is done, and how many are happier now."""
    return asked_again.of(web.session(), _insight(insight_id))


@api.route("/insights/<uuid:insight_id>/follow-ups", methods=["POST"])
@requires(*WRITERS)
@api.response(200, loop_schemas.FollowUpsOut)
@api.alt_response(409, description="Nothing was done yet")
def post_follow_ups(insight_id: uuid.UUID) -> Any:
    """Ask the unhappy who agreed to be contacted once more, each once; the worker asks whose time has come."""
    row, session = _insight(insight_id), web.session()
    following_up.enlist(session, row, caller().name, web.now())
    return asked_again.of(session, row)


@api.route("/reports/quarter")
@requires(*READERS)
@api.arguments(report_schemas.QuarterQuery, location="query")
@api.response(200, report_schemas.QuarterOut)
def get_report(query: dict[str, Any]) -> Any:
    """A quarter that is over: what hurt, what was done, what recovered."""
    session, company = web.session(), caller().company
    journeys.scoping.demand_all_figures(session)
    quarter = quarters.finished(query["quarter"], days.day_of(web.now(), company.timezone))
    found = report.read(session, company.workspace_id, quarter, company.timezone)
    return report_schemas.report_dict(found, company.timezone)


def _taken_up(signal_id: uuid.UUID, given: dict[str, Any]) -> Insight:
    """The insight that a signal becomes; where it is and what it rests on, the signal says."""
    own = ("touchpoint", "before", "journey", "evidence", "cites")
    if wrong := {name: ["the `signal` says it"] for name in own if given[name]}:
        raise errors.BadInput("A signal says where it is and what it rests on.", "said_twice", wrong)
    session, workspace_id = web.session(), _workspace()
    signal = signals.reading.get(session, workspace_id, signal_id)
    say = signals.Sentences(web.speaker(), signals.reading.names(session, workspace_id))
    title = given["title"] or say.title(signal)
    return taking_up.take_up(session, signal, title, caller().name, web.now(), given["text"], given["owners"])


def _evidence(cited: dict[str, Any], touchpoint: str | None) -> dict[str, Any]:
    if touchpoint is None:
        raise errors.BadInput("A verdict names a touchpoint.", "no_place", {"touchpoint": ["is needed"]})
    if cited["first"] > cited["last"]:
        raise errors.BadInput(
            "`from` lies behind `to`.", "bad_period", {"evidence.from": ["lies behind `to`"]}
        )
    return evidence.gather(web.session(), _workspace(), evidence.Cited(touchpoint=touchpoint, **cited))


def _insight(insight_id: uuid.UUID) -> Insight:
    return reading.get(web.session(), _workspace(), insight_id)


def _action(insight_id: uuid.UUID, action_id: uuid.UUID) -> Action:
    return doing.get(web.session(), _insight(insight_id), action_id)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
