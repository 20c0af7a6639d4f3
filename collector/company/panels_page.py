"""The panels' pages: who agreed to be asked again, counted; members in by file; consent texts; the runs that ask them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import FileStorage

from collector import deliveries, errors, exchange, journeys, values, web
from collector.communities import panels, runs
from collector.workspaces import caller, requires

pages = Blueprint("panels_page", __name__, template_folder="templates")
LANGUAGES = ("en", "de", "fr", "es", "ar")
"""In which members can be told what they agree to: those of the pages that they open."""
NUMBERS = ("rest_days", "reminders", "remind_after_days")
LIMITS = {"rest_days": (0, 365), "reminders": (0, 3), "remind_after_days": (1, 60)}


@pages.get("/panels")
@requires("person")
def show_panels() -> Response:
    return _list()


@pages.post("/panels")
@requires("editor")
def post_panel() -> Any:
    """Make a panel with what its members agree to, in the company's language."""
    journeys.scoping.demand_everything(web.session())
    form = request.form
    try:
        given = {
            **_settings(),
            "key": form.get("key", "").strip(),
            "consent": _texts(),
            "one_by_one": _is_one_by_one(),
        }
        panels.actions.check_key(given["key"])
        row = panels.actions.make(web.session(), _workspace(), given, caller().name, web.now())
    except (errors.BadInput, errors.Conflict) as error:
        return _list(error)
    return redirect(f"/panels/{row.key}?done=made", 303)


@pages.get("/panels/<key>")
@requires("person")
def show_panel(key: str) -> Response:
    return _one(_panel(key))


@pages.post("/panels/<key>")
@requires("editor")
def post_settings(key: str) -> Any:
    """Change the name, the limits, and where customers are offered to join."""
    journeys.scoping.demand_everything(web.session())
    try:
        panels.actions.change(web.session(), _panel(key), _settings(), caller().name, web.now())
    except errors.BadInput as error:
        web.session().rollback()
        return _one(_panel(key), error)
    return redirect(f"/panels/{key}?done=saved", 303)


@pages.post("/panels/<key>/consent")
@requires("editor")
def post_consent(key: str) -> Any:
    """Write the next version of what members agree to."""
    journeys.scoping.demand_everything(web.session())
    try:
        panels.actions.agree_to(
            web.session(), _panel(key), _texts(), caller().name, web.now(), _is_one_by_one()
        )
    except errors.BadInput as error:
        return _one(_panel(key), error)
    return redirect(f"/panels/{key}?done=saved", 303)


@pages.post("/panels/<key>/imports/members")
@requires("editor")
def post_members(key: str) -> Response:
    """Try a file of members, or take it; either way the page says what became of each row."""
    session, file = web.session(), request.files.get("file")
    journeys.scoping.demand_everything(session)
    panel = _panel(key)
    if file is None or not file.filename:
        return _one(panel, errors.BadInput("Choose a file first.", "missing_file"))
    means = panels.Means(panel, caller().company, _agreed(), web.config().secret_key)
    is_trial = request.form.get("do") != "take"
    try:
        report = _taken(means, file, is_trial)
    except errors.BadInput as error:
        return _one(_panel(key), error)
    return _one(_panel(key), report=report, is_trial=is_trial)


def _taken(means: panels.Means, file: FileStorage, is_trial: bool) -> panels.Report:
    """What became of a file's rows; a trial is taken back."""
    session = web.session()
    with tempfile.TemporaryDirectory() as folder, session.begin_nested() as work:
        path = Path(folder) / (Path(file.filename or "").name or "members.csv")
        file.save(path)
        *_, report = exchange.members.import_members(session, means, path, web.now())
        if is_trial:
            work.rollback()
    return report


@pages.post("/panels/<key>/runs/<run>")
@requires("editor")
def post_invitations(key: str, run: str) -> Any:
    """Invite a run's members by a way."""
    known = deliveries.run_views.demand_run(run)
    way = request.form.get("way", "")
    try:
        if way not in panels.asking.WAYS:
            raise errors.BadInput("Choose how they hear of it.")
        deliveries.run_views.enlist(known, way)
    except (errors.BadInput, errors.Conflict) as error:
        return _one(_panel(key), error)
    return redirect(f"/panels/{key}?done=invited#runs", 303)


@pages.get("/panels/<key>/runs/<run>/links.csv")
@requires("editor")
def get_links(key: str, run: str) -> Response:
    """The links of a run for members whom the company writes to itself."""
    return deliveries.run_views.links_file(deliveries.run_views.demand_run(run))


@pages.get("/panels/<key>/runs/<run>/codes")
@requires("editor")
def get_codes(key: str, run: str) -> Response:
    """The same links as QR codes to print."""
    return deliveries.run_views.codes_sheet(deliveries.run_views.demand_run(run))


def _list(error: errors.AfterwordError | None = None) -> Response:
    html = render_template(
        "company/panels.html",
        panels=panels.actions.everyone(web.session(), _workspace()),
        counts=panels.actions.counts(web.session(), _workspace()),
        none=panels.actions.Counts(),
        may_edit=_may_edit(),
        languages=_languages(),
        typed=request.form if error else {},
        error=error,
    )
    return _answer(html, error)


def _one(
    row: panels.Panel,
    error: errors.AfterwordError | None = None,
    report: panels.Report | None = None,
    is_trial: bool = False,
) -> Response:
    session, workspace_id = web.session(), _workspace()
    known = runs.known(session, workspace_id).values()
    mine = [run for run in known if run.panel_key == row.key]
    strange = set(journeys.scoping.outside(session, [run.touchpoint_key for run in mine]))
    asking = [run for run in mine if run.touchpoint_key not in strange]
    html = render_template(
        "company/panel.html",
        panel=row,
        counts=panels.actions.counts(session, workspace_id).get(row.key, panels.actions.Counts()),
        attributes=panels.listing.by_attribute(session, row),
        months=panels.listing.by_month(session, row, caller().company.timezone, web.now()),
        consents=panels.actions.consents(session, row),
        text_of=panels.actions.text_of,
        runs=[(run, panels.progress(session, workspace_id=workspace_id, run_key=run.key)) for run in asking],
        touchpoints=sorted(journeys.keys_of_touchpoints(session, workspace_id)),
        ways=panels.asking.WAYS,
        languages=_languages(),
        may_edit=_may_edit(),
        report=report,
        is_trial=is_trial,
        typed=request.form if error or report else {},
        done=request.args.get("done", ""),
        error=error,
    )
    return _answer(html, error)


def _settings() -> dict[str, Any]:
    """What the form says of a panel; raises 422 naming what does not fit."""
    form, wrong = request.form, {}
    said: dict[str, Any] = {"name": form.get("name", "").strip(), "joins_at": form.get("joins_at") or None}
    if not 1 <= len(said["name"]) <= 120:
        wrong["name"] = ["must be 1 to 120 characters"]
    for name in NUMBERS:
        low, high = LIMITS[name]
        number = values.whole(form.get(name, ""))
        if name in form and (number is None or not low <= number <= high):
            wrong[name] = [f"must be {low} to {high}"]
        elif name in form:
            said[name] = number
    if wrong:
        raise errors.BadInput("Some of this does not fit.", fields=wrong)
    return said


def _texts() -> dict[str, str]:
    """language -> what members agree to, as far as it was written."""
    found = {tag: request.form.get(f"consent_{tag}", "").strip()[:4000] for tag in LANGUAGES}
    said = {tag: text for tag, text in found.items() if text}
    if not said:
        raise errors.BadInput(
            "Write what members agree to.", fields={"consent": ["must say it in at least one language"]}
        )
    return said


def _is_one_by_one() -> bool:
    """Whether the text says that answers are read one by one."""
    return request.form.get("one_by_one") == "yes"


def _agreed() -> panels.joining.Consent | None:
    """What the whole file agreed to, where its rows do not say."""
    said = [request.form.get(name, "").strip() for name in ("consent_text", "consent_at", "consent_source")]
    at = panels.rows.moment(said[1]) if said[1] else None
    return panels.joining.Consent(said[0][:64], at, said[2][:200]) if all(said) and at else None


def _languages() -> dict[str, str]:
    """The company's language first."""
    own, here = caller().company.locale, web.speaker().language
    tags = sorted(LANGUAGES, key=lambda tag: tag != own)
    return {tag: str(Locale(tag).get_display_name(here)) for tag in tags}


def _may_edit() -> bool:
    return caller().may_edit and caller().scope.is_all


def _panel(key: str) -> panels.Panel:
    return panels.actions.get(web.session(), _workspace(), key)


def _workspace() -> Any:
    return caller().company.workspace_id


def _answer(html: str, error: errors.AfterwordError | None) -> Response:
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})
