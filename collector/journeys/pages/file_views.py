"""Files in and out: upload with the plan shown first, an example to start from, exports with their losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, redirect, request

from collector import errors, web
from collector.journeys import commands, diff, files, formats, reading, rows
from collector.journeys.formats import FORMATS, Loss
from collector.journeys.pages import forms, history_panel, uploads
from collector.journeys.pages.blueprint import pages, show, workspace_id
from collector.journeys.pages.uploads import Upload
from collector.journeys.pages.words import Words
from collector.web import speaker
from collector.workspaces import caller, may_sign_in_only, requires
from collector.yaml_marks import FileError

EXAMPLE = Path(__file__).parent / "example.yaml"
YAML = ("yaml", "application/yaml", ".yaml")
KINDS = {"yaml": YAML, **{name: (name, item.media_type, item.endings[0]) for name, item in FORMATS.items()}}
NAMES = {"yaml": "YAML", "csv": "CSV", "mermaid": "Mermaid", "cjml": "CJML", "ujg": "UJG"}


@dataclass(frozen=True)
class Choice:
    """A format to take a journey away in, and what it cannot say."""

    key: str
    name: str
    losses: tuple[Loss, ...]


@pages.get("/setup/file")
@may_sign_in_only
def show_upload() -> Response:
    return show("upload.html", form={}, problems=[])


@pages.get("/setup/example.yaml")
@may_sign_in_only
def get_example() -> Response:
    return _download(EXAMPLE.read_text("utf-8"), "afterword-example", YAML)


@pages.post("/setup/file")
@requires("editor")
def plan_file() -> Response:
    """What a file would do; nothing is changed."""
    form, given = forms.typed(request.form.lists()), request.files.get("file")
    if given is None or not given.filename:
        return _refused(form, ["No file came with the form."])
    try:
        raw = given.read(uploads.LARGEST + 1)
        upload = uploads.read(web.session(), workspace_id(), raw, given.filename[-100:], form)
    except FileError as error:
        return _refused(form, _told(error))
    except errors.BadInput as error:
        return _refused(form, [error.detail])
    return _plan(upload)


@pages.post("/setup/file/apply")
@requires("editor")
def apply_file() -> Any:
    """Apply the plan that was shown; where the workspace has changed meanwhile, show the new one first."""
    session, workspace, form = web.session(), workspace_id(), request.form
    text, name = form.get("text", ""), form.get("filename", "")[-100:] or "journeys.yaml"
    try:
        loaded = files.load(text, name, rows.known(session, workspace))
        upload = uploads.planned(session, workspace, loaded, ())
        if upload.mark != form.get("mark"):
            return _plan(upload, meanwhile=True)
        commands.apply(session, workspace, text, name, caller().name, web.now())
    except FileError as error:
        return _refused({}, _told(error))
    journeys = [item.key for item in upload.plan.items if item.noun == "journey"]
    return redirect(
        f"/journeys/{journeys[0]}/edit?saved" if len(journeys) == 1 else "/setup?applied=file", 303
    )


@pages.get("/journeys/<key>/export")
@may_sign_in_only
def show_exports(key: str) -> Response:
    """The formats, each with what it cannot say."""
    session, workspace = web.session(), workspace_id()
    journey = reading.get(session, workspace, key)
    document = reading.document(session, workspace, key)
    lost = {name: formats.write(name, document)[1] for name in FORMATS}
    choices = [Choice(name, NAMES[name], lost.get(name, ())) for name in KINDS]
    return show("export.html", journey=journey, choices=choices)


@pages.get("/journeys/<key>/export/<name>")
@may_sign_in_only
def get_export(key: str, name: str) -> Response:
    kind = _kind(name, KINDS)
    return _download(commands.export(web.session(), workspace_id(), key, name).text, key, kind)


@pages.get("/setup/export/<name>")
@may_sign_in_only
def get_everything(name: str) -> Response:
    """The whole workspace, in a format that takes many journeys."""
    whole = {"yaml": YAML, **{key: KINDS[key] for key, item in FORMATS.items() if item.whole}}
    kind = _kind(name, whole)
    return _download(commands.export(web.session(), workspace_id(), None, name).text, "journeys", kind)


def _kind(name: str, kinds: dict[str, tuple[str, str, str]]) -> tuple[str, str, str]:
    if name not in kinds:
        raise errors.NotFound("There is no such format.", "unknown_format")
    return kinds[name]


def _plan(upload: Upload, meanwhile: bool = False) -> Response:
    changes = _changes(upload, Words(speaker()))
    return show("plan.html", 412 if meanwhile else 200, upload=upload, meanwhile=meanwhile, changes=changes)


def _changes(upload: Upload, words: Words) -> dict[str, list[str]]:
    """What would differ in each definition, by noun and key."""
    told = {item.noun + item.key: [words.field(name) for name in item.changes] for item in upload.plan.items}
    versions = {item.key for item in upload.plan.items if item.noun == "journey" and item.verb == "version"}
    for wanted in upload.document.journeys:
        if wanted.key in versions:
            there = reading.get(web.session(), workspace_id(), wanted.key)
            names = history_panel.names_in(there, wanted)
            told["journey" + wanted.key] = words.difference(diff.compare(there, wanted), names)
    return told


def _refused(form: dict[str, str], problems: Sequence[str]) -> Response:
    return show("upload.html", 422, form=form, problems=problems)


def _told(error: FileError) -> list[str]:
    """The places that are wrong; a fact that the file leaves out is one to be filled in below."""
    words = Words(speaker())
    return [
        words._("%(field)s: say it below", field=words.field(problem.field.rpartition(".")[2]))
        if problem.code == "missing" and problem.field and not problem.file.endswith(uploads.HOME)
        else str(problem)
        for problem in error.problems
    ]


def _download(text: str, name: str, kind: tuple[str, str, str]) -> Response:
    response = Response(text, mimetype=kind[1])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{kind[2]}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
