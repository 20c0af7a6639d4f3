"""``/api/v1/runs``: community runs, how far they are, and what they came to; ``/api/v1/assignments`` for the SDK."""

from __future__ import annotations

import uuid
from typing import Any

from collector import web
from collector.communities import runs
from collector.communities.runs import StoredRun
from collector.results import concluding, making, reading, schemas, telling, verdict
from collector.results.wording import Words
from collector.workspaces import caller, requires

api = web.Blueprint(
    "runs", __name__, url_prefix="/api/v1", description="Community runs: an audience, a hypothesis, a verdict"
)
READERS = ("read", "admin", "person")


@api.route("/runs")
@requires(*READERS)
@api.arguments(schemas.RunsQuery, location="query")
@api.response(200, schemas.RunsOut)
def get_runs(query: dict[str, Any]) -> Any:
    """List the runs, ordered by key."""
    found, following = runs.page(web.session(), _workspace(), **query)
    return {"runs": found, "next": following}


@api.route("/runs", methods=["POST"])
@requires("admin", "editor")
@api.arguments(schemas.RunIn)
@api.response(201, schemas.RunOut)
@api.alt_response(409)
def post_run(given: dict[str, Any]) -> Any:
    """Make a run, as a draft."""
    return making.create(web.session(), _workspace(), given, caller().name, web.now())


@api.route("/runs/<key>")
@requires(*READERS)
@api.response(200, schemas.OneRunOut)
@api.alt_response(404)
def get_run(key: str) -> Any:
    """Show a run and how far it is."""
    run = _run(key)
    return {**vars(run), "progress": progress_dict(reading.progress(web.session(), run))}


@api.route("/runs/<key>", methods=["PUT"])
@requires("admin", "editor")
@api.arguments(schemas.DraftSchema)
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def put_run(given: dict[str, Any], key: str) -> Any:
    """Change a draft; of a running run only its name and its end."""
    return making.change(web.session(), _run(key), given, caller().name, web.now())


@api.route("/runs/<key>/start", methods=["POST"])
@requires("admin", "editor")
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def post_start(key: str) -> Any:
    """Start a run; its hypotheses are locked from now on."""
    return runs.start(web.session(), _run(key), caller().name, web.now())


@api.route("/runs/<key>/stop", methods=["POST"])
@requires("admin", "editor")
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def post_stop(key: str) -> Any:
    """Conclude a run: its verdict is kept, and filed as an insight at its touchpoint."""
    run = _run(key)
    return concluding.conclude(web.session(), run, words_of(run), caller().name, web.now())


@api.route("/runs/<key>/verdict")
@requires(*READERS)
@api.response(200, schemas.RunVerdictOut)
@api.alt_response(404)
def get_verdict(key: str) -> Any:
    """Say what a run came to: of a concluded one as it was then, else by the answers there are."""
    run = _run(key)
    return verdict_dict(run, words_of(run))


@api.route("/assignments")
@requires("server", "admin")
@api.response(200, schemas.AssignmentsOut)
def get_assignments() -> Any:
    """The runs that show variants now, as the SDK needs them to say which one a customer sees."""
    known = runs.known(web.session(), _workspace()).values()
    found = [run for run in known if run.state == "running" and run.variants]
    return {"runs": [{**vars(run), "run": run.key, "touchpoint": run.touchpoint_key} for run in found]}


def words() -> Words:
    """Words for any run: without what its survey measures."""
    return Words(web.speaker(), reading.names(web.session(), _workspace()))


def words_of(run: StoredRun) -> Words:
    return telling.words_of(web.session(), run, web.speaker())


def verdict_dict(run: StoredRun, say: Words) -> dict[str, Any]:
    """A verdict as plain values, with its sentences."""
    found = verdict.of(web.session(), run)
    told = found.as_json()
    for outcome, each in zip(told["outcomes"], found.outcomes, strict=True):
        outcome["sentence"] = say.outcome(each, run.design)
    return {**told, "is_final": run.state == "concluded"}


def progress_dict(found: reading.Progress) -> dict[str, Any]:
    steps = [{"variant": key or None, **vars(each)} for key, each in found.by_variant.items()]
    cells = [
        {**vars(cell), **vars(cell.steps), "variants": [{"variant": key, **vars(each)} for key, each in cell.by_variant.items()]}
        for cell in found.cells
    ]  # fmt: skip
    return {"steps": steps, "cells": cells}


def _run(key: str) -> StoredRun:
    return runs.get(web.session(), _workspace(), key)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
