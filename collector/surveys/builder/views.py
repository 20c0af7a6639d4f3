"""The builder: surveys listed, made, edited, previewed, published; templates and translations as files.

Everybody who is signed in may look; editors change. All of it works without JavaScript but the live preview.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from marshmallow import ValidationError

from collector import bodies, errors, web
from collector.instruments import own
from collector.instruments.translations import exchange, po, xliff
from collector.surveys import actions, schemas, states
from collector.surveys.builder import drafts, forms, rows, screens, texts
from collector.surveys.models import STATES, Survey
from collector.workspaces import caller, may_sign_in_only, requires
from collector.yaml_marks import MAX_BYTES, FileError

pages = Blueprint("builder", __name__, template_folder="templates")


@pages.get("/surveys")
@may_sign_in_only
def show_surveys() -> Response:
    return screens.survey_list()


@pages.post("/surveys")
@requires("editor")
def make_survey() -> Any:
    """A draft from a template at a touchpoint or a journey's end; its page follows, with the preview."""
    session, workspace_id, form = web.session(), caller().workspace.workspace_id, request.form
    entry: dict[str, Any] = {name: form.get(name, "").strip() for name in ("template", "subject")}
    entry |= {name: form.get(name, "").strip() or None for name in ("touchpoint", "journey", "target")}
    entry["state"] = "draft"
    entry["key"] = form.get("key", "").strip() or rows.free_key(session, workspace_id, entry)
    try:
        loaded = schemas.SurveysIn().load({"surveys": [entry]})["surveys"]
        if any(row.key == entry["key"] for row in actions.list_surveys(session, workspace_id)):
            raise errors.Conflict(
                "There is a survey of this key already.", "known_key", {"key": ["is taken"]}
            )
        actions.apply(session, workspace_id, loaded, caller().name, web.now())
    except ValidationError as error:
        return screens.survey_list(bodies.invalid(error))
    except (errors.BadInput, errors.Conflict) as error:
        return screens.survey_list(error)
    return redirect(f"/surveys/{entry['key']}", 303)


@pages.get("/surveys/<key>")
@may_sign_in_only
def show_survey(key: str) -> Response:
    survey = _survey(key)
    draft = drafts.current(web.session(), survey)
    return screens.editor(survey, draft, request.args.get("locale", ""), forms.shown(draft))


@pages.post("/surveys/<key>")
@requires("editor")
def save_survey(key: str) -> Any:
    """Save what the form says; where the number would break, ask first and save nothing."""
    survey, session = _survey(key), web.session()
    before, locale = drafts.current(session, survey), request.form.get("locale", "")
    try:
        _check_base(survey)
        draft = forms.read(request.form, before, caller().name)
        decision = forms.decision(request.form)
        drafts.revise(session, survey, draft, decision, caller().name, web.now())
    except (errors.BadInput, errors.Conflict) as error:
        if error.code not in {"series_break", "not_same_meaning"}:
            return screens.editor(survey, before, locale, forms.as_typed(request.form), error)
        return screens.question_about_the_series(survey, before, draft, forms.carried(request.form.items()))
    return redirect(f"/surveys/{key}?locale={locale}&saved", 303)


@pages.post("/surveys/<key>/state")
@requires("editor")
def move_survey(key: str) -> Any:
    survey, session = _survey(key), web.session()
    try:
        states.change(session, survey, _step(), caller().name, web.now())
    except errors.BadInput as error:
        draft = drafts.current(session, survey)
        return screens.editor(survey, draft, "", forms.shown(draft), error)
    return redirect(f"/surveys/{key}", 303)


@pages.get("/surveys/<key>/preview")
@may_sign_in_only
def show_preview(key: str) -> Response:
    survey = _survey(key)
    return screens.preview(survey, drafts.current(web.session(), survey), request.args)


@pages.post("/surveys/<key>/preview")
@requires("editor")
def preview_draft(key: str) -> Response:
    """The form as it stands, unsaved: for the frame beside it."""
    survey = _survey(key)
    before = drafts.current(web.session(), survey)
    try:
        return screens.preview(survey, forms.read(request.form, before, caller().name), request.form)
    except errors.BadInput as error:
        return Response(
            render_template("surveys/preview.html", problem=error, asked=None, scheme="light"), 422
        )


@pages.get("/surveys/<key>/translation")
@may_sign_in_only
def get_translation(key: str) -> Response:
    """A survey's texts for a translator, in a format of their choice."""
    template = drafts.current(web.session(), _survey(key)).template
    locale, form = request.args.get("locale", "").strip(), request.args.get("format", "po")
    texts.check_locale(locale)
    exported = exchange.export(template, locale)
    if form == "po":
        return _download(po.write(exported, web.now()), f"{key}.{locale}.po", "text/x-gettext-translation")
    version = "1.2" if form == "xliff1" else "2.0"
    return _download(xliff.write(exported, version), f"{key}.{locale}.xlf", "application/xliff+xml")


@pages.post("/surveys/<key>/translation")
@requires("editor")
def take_translation(key: str) -> Any:
    """A translated file: what fits is taken, every loss is named; where the number would break, ask first."""
    survey, session = _survey(key), web.session()
    before, (name, body) = drafts.current(session, survey), _file()
    try:
        taken, losses = (po if name.endswith(".po") else xliff).read(body)
        merged = exchange.merge(before.template, taken, name, losses)
    except errors.BadInput as error:
        return screens.editor(survey, before, "", forms.shown(before), error)
    draft = replace(before, template=merged.template)
    if drafts.breaks(session, survey, draft):
        head = {
            "csrf": request.form["csrf"],
            "locale": taken.target,
            "base": str(survey.version),
            "origin": name,
        }
        carried = [*head.items(), *forms.carried_texts(draft, taken.target, merged.taken)]
        return screens.question_about_the_series(survey, before, draft, carried, losses=merged.losses)
    drafts.revise(session, survey, draft, drafts.Decision(), caller().name, web.now())
    page = render_template(
        "surveys/taken.html", survey=survey, taken=merged.taken, losses=merged.losses, locale=taken.target
    )
    return Response(page)


@pages.post("/surveys/templates")
@requires("editor")
def add_template() -> Any:
    name, body = _file()
    try:
        own.upload(web.session(), caller().workspace.workspace_id, body, name, caller().name, web.now())
    except FileError as error:
        return screens.survey_list(file_problems=[str(problem) for problem in error.problems])
    except errors.AfterwordError as error:
        return screens.survey_list(file_problems=[error.detail])
    return redirect("/surveys#templates-title", 303)


@pages.get("/surveys/templates/<key>.yaml")
@may_sign_in_only
def get_template(key: str) -> Response:
    body = own.file_of(web.session(), caller().workspace.workspace_id, key)
    return _download(body, f"{key}.yaml", "application/yaml")


@pages.post("/surveys/templates/<key>/remove")
@requires("editor")
def remove_template(key: str) -> Any:
    own.remove(web.session(), caller().workspace.workspace_id, key)
    return redirect("/surveys#templates-title", 303)


def _survey(key: str) -> Survey:
    return actions.get(web.session(), caller().workspace.workspace_id, key)


def _step() -> str:
    """The state that a button asks for."""
    wanted = request.form.get("state", "")
    if wanted not in STATES:
        raise errors.BadInput("There is no such state.", fields={"state": ["unknown"]})
    return wanted


def _check_base(survey: Survey) -> None:
    """Whoever saves must have seen the version that is asked now."""
    if request.form.get("base") != str(survey.version):
        detail = "Someone changed this survey meanwhile. Look at it again, then repeat your change."
        raise errors.Stale(detail, "stale_revision")


def _file() -> tuple[str, bytes]:
    """Name and content of the uploaded file."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise errors.BadInput("No file came with the form.", "missing_file", {"file": ["missing"]})
    return given.filename[-100:], given.read(MAX_BYTES + 1)


def _download(body: bytes, name: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
