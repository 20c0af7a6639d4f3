"""Triggers and their decisions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from flask import jsonify
from sqlalchemy.orm import Session

from collector import errors, journeys, signing, test_mode, web, workspaces
from collector.interactions import Undoing
from collector.invitations import actions, lane, ledger, schedule, tokens
from collector.invitations import schemas as wire
from collector.workspaces import caller, requires

api = web.Blueprint("triggers", __name__, url_prefix="/api/v1", description="Triggers and their decisions")


@api.route("/triggers", methods=["POST"])
@web.short
@web.looks_first
@requires("server", "admin", "test")
@api.arguments(wire.TriggersIn)
@api.response(200, wire.DecisionsOut)
def post_triggers(given: dict[str, Any]) -> Any:
    """Decide 1 to 500 triggers, in order; a known trigger keeps its decision."""
    who, triggers, now = caller(), given["triggers"], web.now()
    key = workspaces.signing_key(web.reader(), who.company.workspace_id)
    web.end_look()  # who looked for the key would be waited for by whoever writes
    if who.kind == "test":
        return {"decisions": web.apart(lambda session: _tried(session, who, triggers, now))}
    if who.scope.is_all:
        made = cast(lane.Lane, web.extension("afterword_triggers")).trigger(who.company, triggers, now)
    else:
        made = web.apart(lambda session: _in_scope(session, who.company, triggers, now))
    return jsonify({"decisions": _decided(made, key, web.config().url, now)})


def _in_scope(
    session: Session, company: workspaces.Company, triggers: list[dict[str, Any]], now: datetime
) -> list[ledger.Entry]:
    journeys.scoping.demand(session, (each["touchpoint"] for each in triggers))
    made = actions.trigger(session, company, triggers, now)
    journeys.scoping.demand(session, (entry.trigger.touchpoint for entry in made))  # one that was known
    return made


@api.route("/triggers/<path:transaction>", methods=["DELETE"])
@requires("server", "admin", "test")
@api.arguments(Undoing, location="query")
@api.response(200, wire.CancelledOut)
def delete_trigger(query: dict[str, Any], transaction: str) -> Any:
    """Withdraw the unanswered invitations of a transaction."""
    workspace_id = caller().company.workspace_id
    if caller().kind == "test":
        return {"cancelled": 0}
    journeys.scoping.demand(web.session(), schedule.touchpoints_of(web.session(), workspace_id, transaction))
    at = query["occurred_at"]
    return {"cancelled": schedule.cancel(web.session(), workspace_id, transaction, web.now(), at)}


@api.route("/decisions")
@requires("server", "read", "admin", "person")
@api.arguments(wire.LedgerQuery, location="query")
@api.response(200, wire.LedgerOut)
def get_decisions(query: dict[str, Any]) -> Any:
    """Why a customer or a transaction was asked, or not."""
    workspace = caller().company
    customer = workspaces.pseudonym_of(workspace, query["customer"]) if query["customer"] else None
    session = web.session()
    session.rollback()  # begun as a reader, to know the caller; what is found may be settled
    rows = schedule.decisions(
        session,
        workspace.workspace_id,
        web.now(),
        customer,
        query["transaction"],
        _position(query["cursor"]),
        query["limit"] + 1,
    )
    shown = rows[: query["limit"]]
    return {
        "decisions": [_entry(row) for row in shown],
        "next": _cursor(shown) if len(rows) > len(shown) else None,
    }


def _decided(made: list[ledger.Entry], key: tuple[str, str], url: str, now: datetime) -> list[dict[str, Any]]:
    """Decisions as they leave, their tokens signed with one key."""
    found = []
    for entry in made:
        invitation = entry.invitation if entry.decision.invitation_id else None
        token = tokens.sign(key, invitation, now) if invitation else ""
        found.append(wire.decided(entry.decision, invitation, token, url))
    return found


def _tried(
    session: Session, who: workspaces.Caller, triggers: list[dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Decisions on test orders, in the form of real ones."""
    return [_tried_one(session, row) for row in test_mode.take(session, who.company, who.kid, triggers, now)]


def _tried_one(session: Session, row: test_mode.TestOrder) -> dict[str, Any]:
    token = test_mode.token_of(session, row, web.now()) if row.reason == "invited" else None
    made = None
    if token is not None:
        made = wire.invitation_dict(row.invitation_id, token, web.config().url, row.expires_at)
    return {
        "trigger_id": row.trigger_id,
        "decision": "invite" if made else "skip",
        "reason": row.reason,
        "rule": row.rule,
        "next_eligible_at": None,
        "invitation": made,
    }


def _link_free(row: ledger.Entry) -> dict[str, Any] | None:
    """The invitation as a look at the ledger tells of it: its link left once, at creation."""
    if row.invitation is None or row.decision.invitation_id is None:
        return None
    return {"id": row.invitation.invitation_id, "expires_at": row.invitation.expires_at}


def _entry(row: ledger.Entry) -> dict[str, Any]:
    return {
        **wire.decision_dict(row.decision, _link_free(row)),
        "touchpoint": row.trigger.touchpoint,
        "journey": row.trigger.journey,
        "customer": row.trigger.customer,
        "transaction": row.trigger.transaction,
        "decided_at": row.decision.decided_at,
        "earlier": [_earlier(kept) for kept in row.decision.earlier],
    }


def _earlier(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {"decided_at": datetime.fromisoformat(kept["decided_at"])}


def _cursor(rows: list[ledger.Entry]) -> str:
    last = rows[-1].decision
    return signing.sign_cursor(web.config().secret_key, [last.decided_at.isoformat(), str(last.trigger_id)])


def _position(cursor: str | None) -> tuple[datetime, uuid.UUID] | None:
    if cursor is None:
        return None
    try:
        at, trigger_id = signing.read_cursor(web.config().secret_key, cursor)
    except (signing.BadToken, ValueError):
        raise errors.BadInput(
            "This cursor was not made here.", "bad_cursor", {"cursor": ["not a cursor"]}
        ) from None
    return datetime.fromisoformat(at), uuid.UUID(trigger_id)
