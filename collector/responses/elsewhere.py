"""Answers given elsewhere: on the phone, at a counter, on paper; by customers, employees or partners.

They belong to the survey of their touchpoint and count in its series, on the day they were given. They ask nobody
anything: no invitation is made and no wait begins, unless the sender says that the customer was asked
(``counts_as_contact``).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import (
    clock,
    errors,
    interactions,
    invitations,
    journeys,
    signing,
    statements,
    surveys,
    workspaces,
)
from collector.interactions import refuse_personal_data, tombstones
from collector.responses import announcing, recording
from collector.responses.models import Response
from collector.workspaces import sight

GIVEN = ("respondent", "touchpoint", "transaction", "channel", "persona", "attributes", "locale")
"""What an answer has from whoever sends it."""


@dataclass(frozen=True)
class Taken:
    """How many of a batch were new, how many stood already."""

    accepted: int
    duplicates: int


def take(
    session: Session, workspace: workspaces.Workspace, items: Sequence[Mapping[str, Any]], now: datetime
) -> Taken:
    """Store a batch whole or not at all; the same response (id, or transaction and touchpoint) again adds nothing, and
    so does what a customer said before they were erased.

    Raises 422 naming each bad item as ``responses.<index>.<field>``.
    """
    refuse_personal_data(workspace.settings, "responses", items)
    items = [{**item, "locale": item["locale"] or workspace.locale} for item in items]
    wrong: dict[str, list[str]] = {}
    masked = recording.masks(session, workspace.workspace_id)
    placed = [
        _placed(session, workspace, item, f"responses.{i}", masked, now, wrong)
        for i, item in enumerate(items)
    ]
    if wrong:
        raise errors.BadInput("Some answers do not fit.", "invalid_answers", wrong)
    acts = [(_customer(workspace, item), item["occurred_at"] or now) for item in items]
    gone = tombstones.erased_since(session, workspace.workspace_id, acts)
    with sight.whole(session):  # an id is known once, whoever's it is
        new = [
            act not in gone and _store(session, workspace, item, *found, now)
            for item, act, found in zip(items, acts, placed, strict=True)
            if found
        ]
    return Taken(sum(new), len(new) - sum(new))


def _placed(
    session: Session,
    workspace: workspaces.Workspace,
    item: Mapping[str, Any],
    place: str,
    masked: bool,
    now: datetime,
    wrong: dict[str, list[str]],
) -> tuple[surveys.Published, dict[str, Any]] | None:
    """The survey that an answer belongs to and its answers as they are kept; None, and the reason in ``wrong``."""
    workspace_id, touchpoint = workspace.workspace_id, item["touchpoint"]
    if journeys.find_touchpoint(session, workspace_id, touchpoint) is None:
        wrong[f"{place}.touchpoint"] = [f"there is no touchpoint {touchpoint!r}"]
        return None
    published = surveys.belonging(
        session, workspace_id, touchpoint, item["journey"], item["survey"], item["target"]
    )
    if published is None:
        wrong[f"{place}.survey"] = [f"no such survey stands at {touchpoint!r}"]
        return None
    answers = recording.tidy(published, item["answers"], masked)
    for question, code in surveys.check_answers(published, answers, complete=False).items():
        wrong[f"{place}.answers.{question}"] = [code]
    return published, answers


def _store(
    session: Session,
    workspace: workspaces.Workspace,
    item: Mapping[str, Any],
    published: surveys.Published,
    answers: dict[str, Any],
    now: datetime,
) -> bool:
    occurred_at = item["occurred_at"] or now
    customer = _customer(workspace, item)
    journey = item["journey"] or published.journey
    version = journeys.find_journey(session, workspace.workspace_id, journey) if journey else None
    instance = item["journey_instance"]
    if version is not None and item["respondent"] == "customer":
        instance = interactions.instance_for(
            session, workspace.workspace_id, version.key, customer, instance, occurred_at, version
        )
    tags = {
        **{name: item[name] for name in GIVEN},
        "workspace_id": workspace.workspace_id,
        "response_id": item["response_id"] or _id_of(workspace.workspace_id, item),
        "journey": journey,
        "journey_version": version.version if version else None,
        "journey_instance": instance,
        "survey": published.key,
        "survey_version": published.version,
        "series_id": published.series_id,
        "metric": published.metric,
        "target": published.target,
        "customer": customer,
        "context": {name: value for name, value in item["context"].items() if value},
    }
    content = recording.content_of(answers, surveys.score_of(published, answers), item["locale"], True, now)
    row = Response(**recording.columns(tags, content, occurred_at, now, workspace.timezone))
    if not statements.insert_new(session, row):
        return False
    if item["counts_as_contact"] and customer is not None:
        invitations.note_contact(session, row, occurred_at)
    announcing.completed(session, [row], now)
    return True


def _customer(workspace: workspaces.Workspace, item: Mapping[str, Any]) -> str | None:
    return workspaces.pseudonym_of(workspace, item["customer"]) if item["customer"] else None


def _id_of(workspace_id: uuid.UUID, item: Mapping[str, Any]) -> uuid.UUID:
    """The id that the same transaction at the same touchpoint always gets (a UUID version 8); else a new one."""
    if item["transaction"] is None:
        return clock.new_id()
    parts = [str(workspace_id), item["touchpoint"], item["respondent"], item["transaction"]]
    return signing.named_id(b"elsewhere", *(part.encode() for part in parts))
