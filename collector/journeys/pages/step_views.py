"""One step's page: its words, touchpoint, marks, what each persona expects there, and its place."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request

from collector import errors, web
from collector.journeys import actions, edit, reading, rows
from collector.journeys.definitions import ACTORS, Expectation, Journey, Step
from collector.journeys.pages import conflict, forms, history_panel, places
from collector.journeys.pages.blueprint import pages, show, workspace_id
from collector.journeys.pages.merge import Form
from collector.journeys.pages.words import Words
from collector.workspaces import caller, may_sign_in_only, requires


@pages.get("/journeys/<key>/edit/steps/<step>")
@may_sign_in_only
def show_step(key: str, step: str) -> Response:
    journey = reading.get(web.session(), workspace_id(), key)
    return _page(journey, _needed(journey, step))


@pages.post("/journeys/<key>/edit/steps/<step>")
@requires("editor")
def save_step(key: str, step: str) -> Any:
    """Save the step unless somebody changed the journey meanwhile; then show both and ask."""
    form, expected = forms.typed(request.form.lists()), conflict.read_at("version")
    session, workspace = web.session(), workspace_id()
    try:
        operation = edit.set_step(step, **_values(forms.step_json(form)))
        actions.change_journey(session, workspace, key, expected, operation, caller().name, web.now())
    except errors.Stale:
        return _conflict(key, step, expected, form)
    except errors.BadInput as problem:
        journey = reading.get(session, workspace, key)
        return _page(journey, _needed(journey, step), form, problem, expected)
    return redirect(f"/journeys/{key}/edit?at=edit-step-{step}", 303)


def _conflict(key: str, step: str, expected: int, form: Form) -> Response:
    session, workspace = web.session(), workspace_id()
    journey, older = reading.get(session, workspace, key), reading.get(session, workspace, key, expected)
    back, number = f"/journeys/{key}/edit", ("version", journey.version)
    before, now = _needed(older, step), _find(journey, step)
    if now is None:
        said = Words(web.speaker())._("The step “%(name)s” was taken out meanwhile.", name=before.name)
        return conflict.wish(journey, said, {}, action="", number=number, back=back)
    return conflict.fields(
        journey, forms.step_form(before), forms.step_form(now), form,
        action=f"{back}/steps/{step}", number=number, back=f"{back}/steps/{step}", title=now.name,
    )  # fmt: skip


def _values(said: dict[str, Any]) -> dict[str, Any]:
    expected = {key: Expectation(**item) for key, item in said["expectations"].items()}
    return {**said, "expectations": expected}


def _find(journey: Journey, key: str) -> Step | None:
    return next((step for step in journey.steps if step.key == key), None)


def _needed(journey: Journey, key: str) -> Step:
    if (found := _find(journey, key)) is None:
        raise errors.NotFound(f"The journey {journey.key} has no step {key}.", "unknown_step")
    return found


def _page(
    journey: Journey,
    step: Step,
    form: Form | None = None,
    problem: errors.BadInput | None = None,
    version: int | None = None,
) -> Response:
    session, workspace = web.session(), workspace_id()
    personas = rows.personas(session, workspace)
    touchpoints = rows.touchpoints(session, workspace)
    return show(
        "step.html",
        problem.status if problem else 200,
        journey=journey,
        step=step,
        form=form or forms.step_form(step),
        read_at=version or journey.version,
        touchpoints=[each for each in touchpoints if not each.archived_at or each.key == step.touchpoint],
        personas=[each for each in personas if not each.archived_at or each.key in step.expectations],
        actors=ACTORS,
        place=places.place_of(journey, step.key),
        choices=places.choices(journey, step.key),
        history=history_panel.lines(session, workspace, journey, Words(web.speaker())),
        problem=None if problem is None else conflict.told(problem),
    )
