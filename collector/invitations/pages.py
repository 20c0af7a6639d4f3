"""Pages for people: why somebody was (not) asked, and the contact policy with its simulator."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import yaml
from flask import Blueprint, redirect, render_template, request

from collector import db, journeys, web, workspaces, yaml_marks
from collector.contact import WorkspacePolicySchema, as_json
from collector.invitations import policies, schedule, simulator, subjects
from collector.workspaces import caller, requires
from collector.yaml_marks import FileError

pages = Blueprint("asking", __name__, template_folder="templates")
SHOWN = 100
TRIED_DAYS = 90


@pages.get("/why")
@requires("person")
def why() -> str:
    session, workspace = web.session(), caller().workspace
    session.rollback()  # begun as a reader, to know the caller; what is found may be settled
    customer, transaction = (request.args.get(name, "").strip()[:256] for name in ("customer", "transaction"))
    pseudonym = workspaces.pseudonym_of(workspace, customer) if customer else None
    found = schedule.decisions(
        session, workspace.workspace_id, web.now(), pseudonym, transaction or None, limit=SHOWN
    )
    subject = subjects.find(session, workspace.workspace_id, pseudonym) if pseudonym else None
    return render_template(
        "invitations/why.html",
        customer=customer,
        transaction=transaction,
        entries=found,
        subject=subject,
        consented=sorted(subjects.consented(subject)),
    )


@pages.get("/policy")
@requires("person")
def show_policy() -> str:
    own = policies.own(caller().workspace)
    return _policy_page(_as_yaml(own) if own else "", saved="saved" in request.args)


@pages.post("/policy")
@requires("administrator")
def post_policy() -> Any:
    text = request.form.get("document", "")
    try:
        document = _read(text)
    except FileError as error:
        return _policy_page(text, problems=error.problems), 422
    who = caller()
    if request.form.get("do") == "save":
        policies.save(web.session(), who.workspace, document, who.name, web.now())
        return redirect("/policy?saved", 303)
    return _tried(text, document)


def _tried(text: str, document: dict[str, Any]) -> str:
    session = web.session()
    journeys.scoping.demand_all_figures(session)
    session.rollback()  # nothing is written: on SQLite, let the others write meanwhile
    db.read_only(session)
    workspace = caller().workspace
    result = simulator.simulate(session, workspace, document, {}, TRIED_DAYS, web.now())
    actual = simulator.totals(session, workspace.workspace_id, result.since)
    return _policy_page(text, result=result, comparison=_side_by_side(result.totals, actual))


def _policy_page(text: str, **shown: Any) -> str:
    holds = _as_yaml(as_json(policies.policy(caller().workspace)))
    return render_template("invitations/policy.html", document=text, holds=holds, **shown)


def _side_by_side(draft: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {"draft": 0, "actual": 0})
    for name, totals in (("draft", draft), ("actual", actual)):
        for total in totals:
            rows[total["touchpoint"], total["reason"]][name] += total["n"]
    return [
        {"touchpoint": touchpoint, "reason": reason, **counts}
        for (touchpoint, reason), counts in sorted(rows.items())
    ]


def _read(text: str) -> dict[str, Any]:
    """The document as it is stored; raises FileError naming the line of each mistake."""
    document = yaml_marks.load(text, "policy")
    if document.value is None:
        return {}
    if not isinstance(document.value, dict):
        raise FileError([document.problem((), "wrong_type", "must be names and values")])
    wrong = WorkspacePolicySchema().validate(document.value)
    if wrong:
        raise FileError(document.problems(wrong))
    return document.value


def _as_yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
