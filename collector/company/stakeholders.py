"""The stakeholders that a scope may name."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from collector import journeys, web
from collector.journeys import Stakeholder
from collector.workspaces import caller, scopes


def known() -> Sequence[Stakeholder]:
    return journeys.stakeholders(web.session(), caller().workspace.workspace_id)


def keys() -> set[str]:
    return {each.key for each in known()}


def ticked(form: MultiDict[str, str]) -> list[str] | None:
    """The scope that a form says: everything, or the stakeholders that are ticked."""
    return scopes.checked(form.getlist("scope"), keys()) if form.get("reach") == "some" else None
