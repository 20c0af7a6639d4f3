"""The contact policy over the API: read, replace, try out."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from marshmallow import Schema, fields, validate

from collector import bodies, db, journeys, web
from collector.contact import PolicyField, SurveyPolicySchema, WorkspacePolicySchema, as_json
from collector.invitations import policies, simulator
from collector.workspaces import caller, requires

api = web.Blueprint("policy", __name__, url_prefix="/api/v1", description="How often whom to ask")


class SimulateIn(Schema):
    policy = PolicyField(WorkspacePolicySchema, load_default=None)
    surveys = fields.Dict(keys=fields.String(), values=PolicyField(SurveyPolicySchema), load_default=dict)
    days = fields.Integer(load_default=90, strict=True, validate=validate.Range(1, 365))


class TotalOut(Schema):
    touchpoint = fields.String()
    decision = fields.String()
    reason = fields.String()
    n = fields.Integer()


class SimulatedOut(Schema):
    since = bodies.Moment()
    triggers = fields.Integer()
    asked = fields.Integer()
    complete = fields.Boolean()
    totals = fields.List(fields.Nested(TotalOut))
    current = fields.List(
        fields.Nested(TotalOut),
        metadata={"description": "The same triggers under the policy that holds now: what to compare with."},
    )
    actual = fields.List(
        fields.Nested(TotalOut), metadata={"description": "What was really decided on these triggers."}
    )


@api.route("/policy")
@requires("admin", "read", "person")
@api.alt_response(200, schema=WorkspacePolicySchema, success=True)
def get_policy() -> Any:
    """Show the contact policy as the workspace has written it; PUT takes the same."""
    return jsonify(policies.own(caller().workspace))


@api.route("/policy/effective")
@requires("admin", "read", "person")
@api.alt_response(200, schema=WorkspacePolicySchema, success=True)
def get_effective_policy() -> Any:
    """Show what holds: the contact policy with the defaults filled in."""
    return jsonify(as_json(policies.policy(caller().workspace)))


@api.route("/policy", methods=["PUT"])
@requires("admin", "administrator")
@api.arguments(WorkspacePolicySchema)
@api.alt_response(200, schema=WorkspacePolicySchema, success=True)
def put_policy(_checked: dict[str, Any]) -> Any:
    """Replace the contact policy; what is left out falls back to its default."""
    who = caller()
    policies.save(web.session(), who.workspace, bodies.read_json(request), who.name, web.now())
    return jsonify(policies.own(who.workspace))


@api.route("/policy/simulate", methods=["POST"])
@requires("admin", "person")
@api.arguments(SimulateIn)
@api.response(200, SimulatedOut)
def post_simulation(given: dict[str, Any]) -> Any:
    """Try a draft policy on stored triggers."""
    session, workspace = web.session(), caller().workspace
    journeys.scoping.demand_all_figures(session)
    session.rollback()  # nothing is written: on SQLite, let the others write meanwhile
    db.read_only(session)
    draft = given["policy"] if given["policy"] is not None else policies.own(workspace)
    result = simulator.simulate(session, workspace, draft, given["surveys"], given["days"], web.now())
    actual = simulator.totals(session, workspace.workspace_id, result.since)
    return {**vars(result), "actual": actual}
