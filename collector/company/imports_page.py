"""The page on which a company moves in from another survey tool: its files, a trial that says what becomes of them, the move."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import FileStorage

from collector import errors, journeys, web
from collector.changes import record
from collector.exchange import tools
from collector.workspaces import caller, requires

pages = Blueprint("imports_page", __name__, template_folder="templates")
MOST_FILES = 20
LINES = ("question", "consent", "attribute")
"""Fields that take one entry a line."""


@pages.get("/imports")
@requires("administrator")
def show_imports() -> Response:
    return _page()


@pages.post("/imports/files")
@requires("administrator")
def post_files() -> Response:
    """Try a tool's files, or take them; either way the page says what became of each."""
    is_trial = request.form.get("do") != "take"
    try:
        with (
            _saved(request.files.getlist("files")) as paths,
            _saved(request.files.getlist("customers")) as listed,
        ):
            moved = _moved(paths, listed, is_trial)
    except errors.AfterwordError as error:
        web.session().rollback()
        return _page(error)
    return _page(moved=moved, is_trial=is_trial)


def _moved(paths: Sequence[Path], listed: Sequence[Path], is_trial: bool) -> tools.Moved:
    if not paths:
        raise errors.BadInput("Choose a file first.", "missing_file", {"files": ["missing"]})
    session, who, now = web.session(), caller(), web.now()
    tool = tools.tool(request.form.get("tool", ""))
    means = tools.Move(session, who.workspace, tool, _choices(listed), who.name, now)
    if is_trial:
        return tools.trial(means, paths)
    *_, moved = tools.move(means, paths)
    names = {"files": [file.file for file in moved.files]}
    record(session, who.workspace.workspace_id, now, who.name, "imported", "files", tool.key, None, names)
    return moved


def _choices(listed: Sequence[Path]) -> tools.Choices:
    """What the form says beside the files."""
    said = {
        name: request.form.get(name, "").strip()
        for name in ("touchpoint", "touchpoint_column", "comment", "customer", "sheet")
    }
    lines = {
        name: [line.strip() for line in request.form.get(name, "").splitlines() if line.strip()]
        for name in LINES
    }
    return tools.Choices(
        **{name: text or None for name, text in said.items()},
        questions=tools.choices.questions(lines["question"]),
        consents=tools.choices.consents(lines["consent"]),
        attributes=lines["attribute"],
        customers=tools.choices.customers(listed[0]) if listed else {},
        survey=request.form.get("survey", "").strip(),
        counts_as_contact=request.form.get("not_as_asks") != "1",
    )


@contextmanager
def _saved(files: Sequence[FileStorage]) -> Iterator[list[Path]]:
    """The files of a form in a folder that is gone afterwards, each under its own name."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, file in enumerate(file for file in files if file.filename):
            if number == MOST_FILES:
                raise errors.BadInput(f"At most {MOST_FILES} files at once.", "too_many_files")
            place = Path(folder) / str(number)
            place.mkdir()
            paths.append(place / (Path(file.filename or "").name[-100:] or "file.csv"))
            file.save(paths[-1])
        yield paths


def _page(
    error: errors.AfterwordError | None = None, moved: tools.Moved | None = None, is_trial: bool = False
) -> Response:
    html = render_template(
        "company/imports.html",
        tools=[tools.tool(key) for key in tools.TOOLS],
        touchpoints=sorted(journeys.keys_of_touchpoints(web.session(), caller().company.workspace_id)),
        moved=moved,
        is_trial=is_trial,
        typed=request.form,
        error=error,
    )
    return Response(html, error.status if error else 200, {"Cache-Control": "private, no-store"})
