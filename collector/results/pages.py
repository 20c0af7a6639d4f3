"""The pages of runs: the list with the form of a new one, and a run as it goes and as it ended."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from marshmallow import ValidationError

from collector import bodies, errors, journeys, web
from collector.communities import panels, runs
from collector.communities.runs import Hypothesis, StoredRun
from collector.instruments import own
from collector.results import (
    clicks,
    concluding,
    forms,
    making,
    measures,
    picture,
    protocol,
    reading,
    respondents,
    tallies,
    verdict,
    written,
)
from collector.results.views import words, words_of
from collector.workspaces import caller, may_sign_in_only, requires

pages = Blueprint("run_pages", __name__, template_folder="templates")


@pages.get("/runs")
@may_sign_in_only
def show_runs() -> Response:
    return _list()


@pages.post("/runs")
@requires("editor")
def make_run() -> Any:
    """A draft; its page follows, with all that is locked once it starts."""
    session, workspace_id = web.session(), _workspace()
    try:
        given = forms.read(session, workspace_id, request.form, caller().company.timezone)
        run = making.create(session, workspace_id, given, caller().name, web.now())
    except ValidationError as error:
        return _list(bodies.invalid(error))
    except (errors.BadInput, errors.Conflict, errors.NotFound) as error:
        return _list(error)
    return redirect(f"/runs/{run.key}", 303)


@pages.get("/runs/<key>")
@may_sign_in_only
def show_run(key: str) -> Response:
    return _run(key)


@pages.post("/runs/<key>")
@requires("editor")
def change_run(key: str) -> Any:
    """Change a draft."""
    session, zone = web.session(), caller().company.timezone
    run = runs.get(session, _workspace(), key)
    try:
        measure = next(iter(making.measures_of(session, run)), "score")
        given = forms.read_draft(request.form, zone, run, measure)
        making.change(session, run, given, caller().name, web.now())
    except ValidationError as error:
        return _run(key, bodies.invalid(error))
    except (errors.BadInput, errors.Conflict) as error:
        return _run(key, error)
    return redirect(f"/runs/{key}", 303)


@pages.post("/runs/<key>/start")
@requires("editor")
def start_run(key: str) -> Any:
    """It asks from now on."""
    session = web.session()
    try:
        runs.start(session, runs.get(session, _workspace(), key), caller().name, web.now())
    except (errors.BadInput, errors.Conflict) as error:
        return _run(key, error)
    return redirect(f"/runs/{key}", 303)


@pages.post("/runs/<key>/stop")
@requires("editor")
def stop_run(key: str) -> Any:
    """It is over, and its verdict stays."""
    session = web.session()
    try:
        run = runs.get(session, _workspace(), key)
        concluding.conclude(session, run, words_of(run), caller().name, web.now())
    except errors.Conflict as error:
        return _run(key, error)
    return redirect(f"/runs/{key}", 303)


@pages.get("/runs/<key>/answers")
@may_sign_in_only
def show_answers(key: str) -> Response:
    """What those members answered who agreed to be read one by one."""
    run = runs.get(web.session(), _workspace(), key)
    journeys.scoping.demand(web.session(), [run.touchpoint])
    found, language = respondents.of_run(web.session(), run), web.speaker().language
    page = render_template(
        "runs/answers.html",
        run=run,
        said=[(each, respondents.told(web.session(), run, each, language)) for each in found.said],
        found=found,
        words=words(),
        names=words().variants(run),
    )
    return Response(page, headers={"Cache-Control": "private, no-store"})


@pages.get("/runs/<key>/protocol.json")
@may_sign_in_only
def get_protocol(key: str) -> Response:
    """The run's protocol as a file."""
    session = web.session()
    run = runs.get(session, _workspace(), key)
    told = protocol.write(session, run, words_of(run))
    head = {"Content-Disposition": f'attachment; filename="{key}.json"'}
    return Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json", headers=head)


def _list(problem: errors.AfterwordError | None = None) -> Response:
    session, workspace_id, speaker = web.session(), _workspace(), web.speaker()
    found, _ = runs.page(session, workspace_id, limit=500)
    known = own.all_templates(session, workspace_id).values()
    page = render_template(
        "runs/list.html",
        rows=found,
        words=words(),
        templates=[each for each in known if measures.of_template(each) or runs.is_open(each)],
        language=speaker.language,
        touchpoints=journeys.touchpoints(session, workspace_id, limit=500).items,
        journeys=journeys.list_journeys(session, workspace_id, limit=500).items,
        panels=panels.actions.everyone(session, workspace_id),
        company=caller().workspace.name,
        given=forms.typed(request.form),
        problem=problem,
        may_edit=caller().may_edit,
    )
    return Response(page, problem.status if problem else 200)


def show_problem(key: str, problem: errors.AfterwordError) -> Response:
    """The run's page with what was wrong with a form of it; what was typed stays."""
    return _run(key, problem)


def _slots(run: StoredRun, problem: errors.AfterwordError | None) -> list[dict[str, Any]]:
    """Of a draft that asks about a picture: whose pictures there may be, and what stands in their forms."""
    own: list[str | None] = [str(each["key"]) for each in run.variants]
    stored = {each["variant"]: each for each in run.pictures}
    typed = request.form.get("variant", "") if problem and "area" in request.form else None
    found = []
    for variant in own if own and None not in stored else [*own, None]:
        picture = stored.get(variant)
        rows = forms.told_areas(picture or {"areas": []})
        said = picture["description"] if picture else ""
        if typed is not None and typed == (variant or ""):
            rows, said = [*forms.area_rows(request.form), {}], request.form.get("description", "")
        found.append({"variant": variant, "picture": picture, "rows": rows, "description": said})
    return found


def _run(key: str, problem: errors.AfterwordError | None = None) -> Response:
    session, run = web.session(), runs.get(web.session(), _workspace(), key)
    say = words_of(run)
    found = verdict.of(session, run)
    is_open = runs.is_open(reading.measured(session, run.workspace_id, run.survey).template)
    may_change = caller().may_edit and run.state == "draft" and forms.fits(run)
    is_typed = problem is not None and "name" in request.form
    page = render_template(
        "runs/run.html",
        run=run,
        words=say,
        progress=reading.progress(session, run),
        verdict=found,
        outcomes=[
            (each, say.hypothesis(run, each.hypothesis), picture.draw(each)) for each in found.outcomes
        ],
        assumed=[say.hypothesis(run, Hypothesis.of(each)) for each in run.hypotheses],
        tallies=tallies.of_run(session, run, found, web.speaker().language) if run.state != "draft" else [],
        clicks=clicks.of_run(session, run, found) if run.state != "draft" else [],
        slots=_slots(run, problem) if run.state == "draft" and runs.pictures.question(session, run) else [],
        written=written.of_run(session, run, found, web.now()) if is_open and run.state != "draft" else None,
        planned=making.planned_n(session, run, run.hypotheses),
        names=say.variants(run),
        measures=making.measures_of(session, run) if may_change else {},
        given=forms.typed(request.form)
        if is_typed
        else forms.told(run, caller().company.timezone)
        if may_change
        else {},
        panels=panels.actions.everyone(session, _workspace()) if may_change else [],
        may_change=may_change,
        now=web.now(),
        problem=problem,
        may_edit=caller().may_edit,
    )
    return Response(page, problem.status if problem else 200)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
