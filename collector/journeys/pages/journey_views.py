"""A journey's editing page: phases and steps in the customer's order, and what the journey says of itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, redirect, request

from collector import errors, values, web
from collector.journeys import actions, edit, reading, rows
from collector.journeys.definitions import STATES, Journey
from collector.journeys.edit import Operation
from collector.journeys.pages import conflict, forms, history_panel, places
from collector.journeys.pages.blueprint import pages, show, workspace_id
from collector.journeys.pages.merge import Form
from collector.journeys.pages.words import Words
from collector.journeys.schemas import QUESTIONS
from collector.workspaces import caller, may_sign_in_only, requires


@pages.get("/journeys/<key>/edit")
@may_sign_in_only
def edit_journey(key: str) -> Response:
    return _page(_journey(key))


@pages.post("/journeys/<key>/edit")
@requires("editor")
def change_phases(key: str) -> Any:
    """One change of phases or steps; what it is stands in ``do``."""
    form, expected = forms.typed(request.form.lists()), conflict.read_at("version")
    try:
        operation = _operation(form, key)
        journey = actions.change_journey(
            web.session(), workspace_id(), key, expected, operation, caller().name, web.now()
        )
    except errors.Stale:
        return _conflict(_journey(key), expected, form)
    except (errors.BadInput, errors.Conflict, errors.NotFound) as problem:
        return _page(_journey(key), problem=problem, typed=form)
    return redirect(f"/journeys/{key}/edit?at={quote(_focus(form, journey))}", 303)


@pages.post("/journeys/<key>/edit/facts")
@requires("editor")
def change_facts(key: str) -> Any:
    """What the journey says of itself."""
    form, expected = forms.typed(request.form.lists()), conflict.read_at("version")
    session, workspace = web.session(), workspace_id()
    try:
        facts = _tuples(forms.journey_json(form))
        actions.change_journey(
            session, workspace, key, expected, edit.set_facts(**facts), caller().name, web.now()
        )
    except errors.Stale:
        journey, base = _journey(key), reading.get(session, workspace, key, expected)
        shown = {name: forms.journey_form(each) for name, each in (("base", base), ("theirs", journey))}
        return conflict.fields(
            journey, shown["base"], shown["theirs"], form,
            action=f"/journeys/{key}/edit/facts", number=("version", journey.version), back=f"/journeys/{key}/edit",
        )  # fmt: skip
    except (errors.BadInput, errors.Conflict) as problem:
        return _page(_journey(key), problem=problem, facts=form, version=expected)
    return redirect(f"/journeys/{key}/edit?saved", 303)


@pages.post("/journeys/<key>/edit/archive")
@requires("editor")
def archive_journey(key: str) -> Any:
    """Take a journey out of use; its answers and versions stay."""
    expected, journey = conflict.read_at("version"), _journey(key)
    try:
        actions.archive(web.session(), workspace_id(), journey, expected, caller().name, web.now())
    except errors.Stale:
        wanted = Words(web.speaker())._("Archive the journey “%(name)s”", name=journey.name)
        return conflict.wish(
            journey, wanted, {}, action=f"/journeys/{key}/edit/archive", number=("version", journey.version),
            back=f"/journeys/{key}/edit",
        )  # fmt: skip
    except errors.Conflict as problem:
        return _page(journey, problem=problem)
    return redirect(f"/setup?archived=journeys.{key}", 303)


def _journey(key: str) -> Journey:
    return reading.get(web.session(), workspace_id(), key)


def _operation(form: Form, key: str) -> Operation:
    """The pure operation that a form asks for."""
    step, phase, name, place = (form.get(field, "") for field in ("step", "phase", "name", "place"))
    position = values.whole(place)
    match form.get("do"):
        case "add-step":
            return edit.add_step(phase, name, position, form.get("touchpoint") or None)
        case "move-step":
            return edit.move_step(step, phase, position)
        case "remove-step":
            return edit.remove_step(step)
        case "add-phase":
            return edit.add_phase(name, position)
        case "rename-phase":
            return edit.rename_phase(phase, name)
        case "move-phase":
            return edit.move_phase(phase, position)
        case "remove-phase":
            return edit.remove_phase(phase)
        case "go-back":
            older = reading.get(web.session(), workspace_id(), key, position or 0)
            return lambda _journey: older
        case "restore":
            return lambda journey: journey
    raise errors.BadInput("There is no such change.", "unknown_change", {"do": ["unknown"]})


def _focus(form: Form, journey: Journey) -> str:
    """The control that has the focus on the page that follows, so that the keyboard goes on where it was."""
    match form.get("do"):
        case "move-step":
            return f"{form.get('way', 'edit')}-step-{form.get('step', '')}"
        case "move-phase":
            return f"{form.get('way', 'up')}-phase-{form.get('phase', '')}"
        case "add-phase":
            return f"new-step-{journey.phases[-1].key}"
        case "add-step":
            return f"new-step-{form.get('phase', '')}"
        case "rename-phase":
            return f"name-phase-{form.get('phase', '')}"
    return ""


def _conflict(journey: Journey, expected: int, form: Form) -> Response:
    older = reading.get(web.session(), workspace_id(), journey.key, expected)
    wanted = Words(web.speaker()).wish(form, history_panel.names_in(older, journey))
    address = f"/journeys/{journey.key}/edit"
    return conflict.wish(
        journey, wanted, form, action=address, number=("version", journey.version), back=address
    )


def _tuples(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(said) if isinstance(said, list) else said for name, said in facts.items()}


def _page(
    journey: Journey,
    problem: errors.AfterwordError | None = None,
    typed: Form | None = None,
    facts: Form | None = None,
    version: int | None = None,
) -> Response:
    session, workspace = web.session(), workspace_id()
    touchpoints = rows.touchpoints(session, workspace)
    others = [each for each in rows.journeys(session, workspace) if each.key != journey.key]
    return show(
        "edit.html",
        problem.status if problem else 200,
        journey=journey,
        phases=places.phases(journey),
        read_at=version or journey.version,
        touchpoints={each.key: each for each in touchpoints},
        choices=[each for each in touchpoints if not each.archived_at],
        owner_names={owner.key: owner.name for owner in rows.stakeholders(session, workspace)},
        personas=[each for each in rows.personas(session, workspace) if not each.archived_at],
        others=[each for each in others if not each.archived_at],
        states=STATES,
        questions=QUESTIONS,
        facts=facts or forms.journey_form(journey),
        facts_open=facts is not None,
        typed=typed or {},
        problem=None if problem is None else conflict.told(problem),
        history=history_panel.lines(session, workspace, journey, Words(web.speaker())),
        focus=request.args.get("at", ""),
        saved="saved" in request.args,
    )
