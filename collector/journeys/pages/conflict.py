"""Somebody else was faster: a page that shows both, and asks; nothing is stored before it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from collector import errors, values, web
from collector.journeys.definitions import Definition, Journey
from collector.journeys.pages import history_panel
from collector.journeys.pages.blueprint import show, workspace_id
from collector.journeys.pages.merge import Form, compare, merge
from collector.journeys.pages.words import Words

OWN = {"csrf", "revision", "version"}  # what a form carries for itself: no part of what was typed


@dataclass(frozen=True)
class Problem:
    """What is wrong with a form: a sentence, and the fields by the names that they have in the form."""

    detail: str
    fields: dict[str, str]


def told(error: errors.AfterwordError) -> Problem:
    """An error in the words of the form: ``journeys.0.phases.1.steps.0.name`` is its field ``name``."""
    fields = {name.rpartition(".")[2]: " ".join(said) for name, said in error.fields.items()}
    return Problem(error.detail, fields)


def read_at(name: str) -> int:
    """The revision or version at which the form was read; raises BadInput for a form without."""
    said = values.whole(request.form.get(name, ""))
    if said is None or said < 0:
        raise errors.BadInput(
            "The form does not say what it was read at.", "revision_needed", {name: ["is needed"]}
        )
    return said


def fields(
    item: Definition,
    base: Form,
    theirs: Form,
    mine: Form,
    *,
    action: str,
    number: tuple[str, int],
    back: str,
    title: str = "",
) -> Response:
    """Field by field: as it was, as it is now, as it was typed; what both changed must be chosen."""
    own = {name: said for name, said in mine.items() if name not in OWN}
    differences = compare(base, theirs, own)
    clashing = {found.name for found in differences if found.clashes}
    carried = {name: said for name, said in merge(base, theirs, own).items() if name not in clashing}
    return show(
        "conflict.html",
        412,
        title=title or item.name,
        differences=differences,
        carried=carried,
        action=action,
        number=number,
        back=back,
        history=_meanwhile(item),
        wish="",
    )


def wish(
    item: Definition, wanted: str, carried: Form, *, action: str, number: tuple[str, int], back: str
) -> Response:
    """For a change that is no field (a step moved, added, taken out): what was wanted, and the form to repeat it."""
    again = {name: said for name, said in carried.items() if name not in OWN}
    return show(
        "conflict.html",
        412,
        title=item.name,
        differences=(),
        carried=again,
        action=action,
        number=number,
        back=back,
        history=_meanwhile(item),
        wish=wanted,
    )


def _meanwhile(item: Definition) -> list[history_panel.Line]:
    """The changes since the form was opened, or the last one where that is not known."""
    read = values.whole(request.form.get("revision") or request.form.get("version") or "")
    now = item.version if isinstance(item, Journey) else item.revision
    since = 1 if read is None else now - read
    words = Words(web.speaker())
    return history_panel.lines(web.session(), workspace_id(), item, words, max(1, min(since, 20)))
