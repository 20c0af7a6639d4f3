"""The stakeholders that a scope may name."""

from __future__ import annotations

from collections.abc import Sequence

from collector import journeys, web
from collector.journeys import Stakeholder
from collector.workspaces import caller


def known() -> Sequence[Stakeholder]:
    return journeys.stakeholders(web.session(), caller().workspace.workspace_id)


def keys() -> set[str]:
    return {each.key for each in known()}
