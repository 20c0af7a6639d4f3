"""The pictures of a run that asks for the first click: over the API, and on the draft's page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, request
from marshmallow import ValidationError

from collector import bodies, errors, web
from collector.communities import runs
from collector.communities.runs import StoredRun
from collector.results import forms, picture_schemas, schemas
from collector.results.pages import show_problem
from collector.workspaces import caller, may_sign_in_only, requires

api = web.Blueprint(
    "run_pictures", __name__, url_prefix="/api/v1", description="What runs show where they ask for a click"
)
pages = Blueprint("run_picture_pages", __name__)
IMAGES = {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/png", "image/jpeg", "image/webp")}}  # fmt: skip


@api.route("/runs/<key>/picture", methods=["PUT"])
@requires("admin", "editor")
@api.doc(requestBody=IMAGES)  # type: ignore[untyped-decorator]
@api.arguments(picture_schemas.PictureQuery, location="query")
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def put_picture(query: dict[str, Any], key: str) -> Any:
    """Set a draft's picture: the file itself as the body, PNG, JPEG or WebP of at most 1.9 MB."""
    return runs.pictures.put(
        web.session(), _run(key), query["variant"], request.get_data(), caller().name, web.now()
    )


@api.route("/runs/<key>/picture", methods=["DELETE"])
@requires("admin", "editor")
@api.arguments(picture_schemas.PictureQuery, location="query")
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def delete_picture(query: dict[str, Any], key: str) -> Any:
    """Take a draft's picture away, with its areas."""
    return runs.pictures.take_away(web.session(), _run(key), query["variant"], caller().name, web.now())


@api.route("/runs/<key>/areas", methods=["PUT"])
@requires("admin", "editor")
@api.arguments(picture_schemas.PictureQuery, location="query")
@api.arguments(picture_schemas.PictureIn)
@api.response(200, schemas.RunOut)
@api.alt_response(404)
@api.alt_response(409)
def put_areas(query: dict[str, Any], given: dict[str, Any], key: str) -> Any:
    """Say what a draft's picture shows, and which areas are to be hit; they are locked when the run starts."""
    return runs.pictures.describe(web.session(), _run(key), query["variant"], given, caller().name, web.now())


@pages.get("/runs/<key>/pictures/<digest>")
@may_sign_in_only
def show_picture(key: str, digest: str) -> Response:
    """A run's picture for who may see the run, a draft's too."""
    row = runs.pictures.stored(web.session(), _run(key), digest)
    return Response(row.content, mimetype=row.media_type)


@pages.post("/runs/<key>/picture")
@requires("editor")
def post_picture(key: str) -> Any:
    """Set a draft's picture where a file came along, and what is said of it."""
    session, who, now = web.session(), caller().name, web.now()
    variant, file = request.form.get("variant") or None, request.files.get("picture")
    try:
        with session.begin_nested():
            run = _run(key)
            given = forms.areas(request.form)
            if file is not None and file.filename:
                run = runs.pictures.put(session, run, variant, file.read(), who, now)
            if "remove" in request.form:
                runs.pictures.take_away(session, run, variant, who, now)
            else:
                runs.pictures.describe(session, run, variant, given, who, now)
    except ValidationError as error:
        return show_problem(key, bodies.invalid(error))
    except (errors.BadInput, errors.Conflict, errors.NotFound) as error:
        return show_problem(key, error)
    return redirect(f"/runs/{key}#picture", 303)


def _run(key: str) -> StoredRun:
    return runs.get(web.session(), _workspace(), key)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
