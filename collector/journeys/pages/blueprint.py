"""What every page of the set-up has: the workspace, whether one may change it, an answer that is not kept."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, render_template

from collector.journeys.pages.words import Words
from collector.web import speaker
from collector.workspaces import caller

pages = Blueprint("setup", __name__, template_folder="../templates")


def workspace_id() -> uuid.UUID:
    return caller().workspace.workspace_id


def may_edit() -> bool:
    """Whether the person who looks is an editor."""
    return caller().may_edit


def show(template: str, status: int = 200, **context: Any) -> Response:
    """A page of the set-up."""
    words = Words(speaker())
    html = render_template(f"journeys/{template}", may_edit=may_edit(), words=words, **context)
    return Response(html, status, {"Cache-Control": "private, no-store"})
