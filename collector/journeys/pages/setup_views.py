"""The set-up at a glance: what there is, what to do first, and the form of a new journey."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from collector import errors, web
from collector.journeys import actions, rows
from collector.journeys.definitions import free_key
from collector.journeys.pages import conflict, forms
from collector.journeys.pages.blueprint import pages, show, workspace_id
from collector.journeys.pages.nouns import NOUNS
from collector.workspaces import caller, may_sign_in_only, requires


@pages.get("/setup")
@may_sign_in_only
def show_setup() -> Response:
    """Journeys, touchpoints, owners, personas; three steps where nothing is there yet."""
    session, workspace = web.session(), workspace_id()
    everything = {"journeys": rows.journeys(session, workspace)}
    everything |= {name: noun.all(session, workspace) for name, noun in NOUNS.items()}  # type: ignore[misc]
    in_use = {name: [item for item in items if not item.archived_at] for name, items in everything.items()}
    archived = {name: [item for item in items if item.archived_at] for name, items in everything.items()}
    return show(
        "setup.html",
        in_use=in_use,
        archived=archived,
        owner_names={owner.key: owner.name for owner in everything["owners"]},
        next_step=next((name for name in ("owners", "touchpoints", "journeys") if not in_use[name]), None),
        told=_told(),
    )


@pages.get("/setup/journeys")
@may_sign_in_only
def show_new_journey() -> Response:
    return _new_journey({})


@pages.post("/setup/journeys")
@requires("editor")
def make_journey() -> Any:
    """A journey with its first phase and steps (it takes two at least); its editing page follows."""
    session, workspace, form = web.session(), workspace_id(), forms.typed(request.form.lists())
    taken = [journey.key for journey in rows.journeys(session, workspace)]
    key = form.get("key") or free_key(form.get("name", ""), taken, "journey")
    try:
        said = {**forms.journey_json(form), "key": key, "phases": forms.first_phase(form)}
        document = actions.read_document({"journeys": [said]})
        actions.save(session, workspace, document.all[0], None, caller().name, web.now())
    except (errors.BadInput, errors.Conflict) as problem:
        return _new_journey(form, problem)
    return redirect(f"/journeys/{key}/edit?at=new-step-{document.journeys[0].phases[0].key}", 303)


def _new_journey(form: dict[str, str], problem: errors.AfterwordError | None = None) -> Response:
    return show(
        "new_journey.html",
        problem.status if problem else 200,
        form=form,
        problem=None if problem is None else conflict.told(problem),
        first_steps=forms.FIRST_STEPS,
        touchpoints=[
            item for item in rows.touchpoints(web.session(), workspace_id()) if not item.archived_at
        ],
    )


def _told() -> tuple[str, str, str]:
    """(what was done, section, key) of the change that led here; empty texts where none did."""
    for verb in ("made", "archived", "applied"):
        if said := request.args.get(verb, "")[:100]:
            section, _, key = said.partition(".")
            return verb, section, key
    return "", "", ""
