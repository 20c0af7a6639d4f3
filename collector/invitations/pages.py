"""Pages for people: why somebody was (not) asked, and the contact policy with its simulator."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import yaml
from flask import Blueprint, redirect, render_template, request
from marshmallow import ValidationError

from collector import bodies, db, errors, journeys, web, workspaces, yaml_marks
from collector.contact import WorkspacePolicySchema, as_json, sentences
from collector.invitations import policies, schedule, simulator, subjects
from collector.workspaces import caller, requires
from collector.yaml_marks import FileError

pages = Blueprint("asking", __name__, template_folder="templates")
SHOWN = 100
TRIED_DAYS = 90
COMPARED = ("current", "draft", "actual")
"""A trial's columns: the policy that holds now and the draft on the same triggers, and what was decided then."""


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
    text = _as_yaml(own) if own else ""
    return _policy_page(text, saved="saved" in request.args, as_yaml=request.args.get("as") == "yaml")


@pages.post("/policy")
@requires("administrator")
def post_policy() -> Any:
    """Try or save what the sentences say, or the document where it came as YAML."""
    if "document" not in request.form:
        return _say_in_sentences()
    text = request.form["document"]
    try:
        document = _read(text)
    except FileError as error:
        return _policy_page(text, problems=error.problems, as_yaml=True), 422
    return _done(text, document, as_yaml=True)


def _say_in_sentences() -> Any:
    own = policies.own(caller().workspace)
    try:
        document = sentences.read(request.form, own)
        if wrong := WorkspacePolicySchema().validate(document):
            raise bodies.invalid(ValidationError(wrong))
    except errors.BadInput as problem:
        told = [f"{name}: {' '.join(map(web.speaker().told, said))}" for name, said in problem.fields.items()]
        return _policy_page(_as_yaml(own), problems=told, fields=request.form), 422
    return _done(_as_yaml(document) if document else "", document, fields=request.form)


def _done(text: str, document: dict[str, Any], **shown: Any) -> Any:
    who = caller()
    if request.form.get("do") == "save":
        policies.save(web.session(), who.workspace, document, who.name, web.now())
        return redirect("/policy?saved&as=yaml" if shown.get("as_yaml") else "/policy?saved", 303)
    return _tried(text, document, **shown)


def _tried(text: str, document: dict[str, Any], **shown: Any) -> str:
    session = web.session()
    journeys.scoping.demand_all_figures(session)
    session.rollback()  # nothing is written: on SQLite, let the others write meanwhile
    db.read_only(session)
    workspace = caller().workspace
    result = simulator.simulate(session, workspace, document, {}, TRIED_DAYS, web.now())
    actual = simulator.totals(session, workspace.workspace_id, result.since)
    comparison = _side_by_side({"draft": result.totals, "current": result.current, "actual": actual})
    names = {
        place.key: place.name
        for place in journeys.touchpoints(session, workspace.workspace_id, limit=500).items
    }
    bars = _bars(comparison)
    return _policy_page(text, result=result, comparison=comparison, bars=bars, names=names, **shown)


def _policy_page(text: str, **shown: Any) -> str:
    policy = policies.policy(caller().workspace)
    shown = {"fields": sentences.shown(policy), "may_edit": caller().is_administrator, **shown}
    return render_template("invitations/policy.html", document=text, holds=_as_yaml(as_json(policy)), **shown)


def _bars(comparison: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """touchpoint, asked with the policy that holds and with the draft; those with nothing asked either way are left out."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for each in comparison:
        if each["reason"] in {"invited", "scheduled"}:
            rows[each["touchpoint"]].update({name: each[name] for name in COMPARED})
    found = (
        {"touchpoint": touchpoint, **{name: n[name] for name in COMPARED}} for touchpoint, n in rows.items()
    )
    return [row for row in found if row["draft"] or row["current"]]


def _side_by_side(totals: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, counted in totals.items():
        for total in counted:
            rows[total["touchpoint"], total["reason"]][name] += total["n"]
    return [
        {"touchpoint": touchpoint, "reason": reason, **{name: n[name] for name in COMPARED}}
        for (touchpoint, reason), n in sorted(rows.items())
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
