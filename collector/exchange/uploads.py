"""A move that comes as a form, from a page or over the API: its files, and what is said beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from collector import errors, workspaces
from collector.changes import record
from collector.exchange import tools

MOST_FILES = 20
LINES = ("question", "consent", "attribute")
"""Fields that take one entry a line, and may come several times."""
TEXTS = ("touchpoint", "touchpoint_column", "comment", "customer", "sheet")
FILES = ("files", "customers")
YES = {"1": True, "true": True, "": False, "0": False, "false": False}


def moved(
    session: Session,
    workspace: workspaces.Workspace,
    tool: str,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    by: str,
    now: datetime,
    is_trial: bool,
) -> tools.Moved:
    """Try a tool's files, or take them; what became of each. Raises 422 for what does not fit."""
    with _saved(files.getlist("files")) as paths, _saved(files.getlist("customers")) as listed:
        if not paths:
            raise errors.BadInput("Choose a file first.", "missing_file", {"files": ["missing"]})
        found = tools.tool(tool)
        means = tools.Move(session, workspace, found, _choices(form, listed), by, now)
        if is_trial:
            return tools.trial(means, paths)
        *_, taken = tools.move(means, paths)
        names = {"files": [file.file for file in taken.files]}
        record(session, workspace.workspace_id, now, by, "imported", "files", found.key, None, names)
        return taken


def is_set(form: Mapping[str, str], name: str) -> bool:
    """Whether a field says yes; raises 422 for what is neither yes nor no."""
    said = YES.get(form.get(name, "").strip().casefold())
    if said is None:
        raise errors.BadInput("Some of this does not fit.", fields={name: ["must be true or false"]})
    return said


def _choices(form: MultiDict[str, str], listed: Sequence[Path]) -> tools.Choices:
    """What the form says beside the files."""
    said = {name: form.get(name, "").strip() or None for name in TEXTS}
    lines = {
        name: [line.strip() for text in form.getlist(name) for line in text.splitlines() if line.strip()]
        for name in LINES
    }
    return tools.Choices(
        **said,
        questions=tools.choices.questions(lines["question"]),
        consents=tools.choices.consents(lines["consent"]),
        attributes=lines["attribute"],
        customers=tools.choices.customers(listed[0]) if listed else {},
        survey=form.get("survey", "").strip(),
        counts_as_contact=not is_set(form, "not_as_asks"),
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
