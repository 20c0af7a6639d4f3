"""The demo company's community runs: one that is over, with its verdict, and one that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector import clock, signing, surveys, workspaces
from collector.communities import runs
from collector.communities.panels import PanelMember
from collector.communities.runs import StoredRun
from collector.demo import panel
from collector.invitations import Invitation
from collector.kpis import rollups
from collector.locale import Speaker
from collector.responses import Response, columns, content_of
from collector.results import RunIn, concluding, making, reading, telling

COMMON = {"subject": "this page", "journey": "renewal", "template": "clear"}
TARIFFS: dict[str, Any] = {
    **COMMON, "key": "clear-tariffs", "name": "Tariffs side by side", "touchpoint": "renewal-page",
    "assumption": "Customers whose contract ends find the tariffs clearer when they stand side by side.",
    "variants": [{"key": "list", "name": "One below the other"}, {"key": "table", "name": "Side by side"}],
    "hypotheses": [{"measure": "clear", "kind": "difference", "value": 15, "variant": "table", "against": "list"}],
    "design": "fixed", "n": 160,
}  # fmt: skip
WORDING: dict[str, Any] = {
    **COMMON, "key": "clear-confirmation", "name": "Plain words in the confirmation", "touchpoint": "renewal-confirmed",
    "assumption": "Four of five understand their new contract from the confirmation.", "panel": panel.PANEL["key"],
    "cells": {"attribute": "tariff", "quotas": {"fibre-m": 60, "fibre-l": 30, "mobile": 20}},
    "hypotheses": [{"measure": "clear", "kind": "threshold", "value": 80}], "design": "always_valid",
}  # fmt: skip
ASKED = 900
STORY = ((TARIFFS, 40, 10, {"list": 0.62, "table": 0.81}), (WORDING, 6, None, {"": 0.83}))
"""Each run, how many days ago it began and ended, and how many of each variant find it clear."""
ANSWERS = 0.45


def add(session: Session, workspace: workspaces.Workspace, by: str, now: datetime, seed: int = 11) -> int:
    """Make both runs with their answers, the second one asking the panel; how many answers."""
    random, count = Random(seed), 0
    members = panel.make(session, workspace, by, now)
    for told, began, ended, clear in STORY:
        start, end = now - timedelta(days=began), now - timedelta(days=ended or 0)
        run = making.create(session, workspace.workspace_id, RunIn().load(told), by, start)
        runs.start(session, run, by, start)
        people = _people(workspace, run, members)
        count += _ask(session, workspace, run, (start, end), people, clear, random)
        if ended:
            words = telling.words_of(session, run, Speaker("en"))
            concluding.conclude(session, run, words, by, end)
    while rollups.count(session, now):
        session.expunge_all()
    return count


def _people(
    workspace: workspaces.Workspace, run: StoredRun, members: Sequence[PanelMember]
) -> dict[str, dict[str, Any]]:
    """Pseudonym -> attributes of those whom a run asks: its panel, or customers who come by."""
    if run.panel is not None:
        return {member.customer: dict(member.attributes) for member in members}
    return {signing.pseudonym(workspace.pseudonym_key, f"{run.key}-{number}"): {} for number in range(ASKED)}


def _ask(
    session: Session,
    workspace: workspaces.Workspace,
    run: StoredRun,
    window: tuple[datetime, datetime],
    people: dict[str, dict[str, Any]],
    clear: dict[str, float],
    random: Random,
) -> int:
    published = reading.measured(session, run.workspace_id, run.survey)
    invited, given = [], []
    for number, (customer, attributes) in enumerate(people.items()):
        at = window[0] + (window[1] - window[0]) * ((number + 0.5) / len(people))
        variant = runs.assigned(run.key, customer, run.variants)
        ask = _invitation(run, published, customer, variant, at) | {"attributes": attributes}
        if random.random() < ANSWERS:
            score = int(random.random() < clear[variant or ""])
            ask |= {"state": "answered", "ended_at": at}
            given.append(_response(ask, published, score, at, workspace.timezone))
            runs.count_answer(session, run.workspace_id, run.key, attributes)
        invited.append(ask)
    session.execute(insert(Invitation), invited)
    session.execute(insert(Response), given)
    if run.panel is not None:
        panel.note_asked(session, run, invited)
    return len(given)


def _invitation(
    run: StoredRun, published: surveys.Published, customer: str, variant: str | None, at: datetime
) -> dict[str, Any]:
    return {
        "workspace_id": run.workspace_id, "invitation_id": clock.new_id(), "source": "solicited", "target": published.target,
        "touchpoint": run.touchpoint, "journey": run.journey, "survey": run.survey, "survey_version": published.version,
        "series_id": published.series_id, "customer": customer, "channel": "web", "locale": "en",
        "probability": 1.0, "run": run.key, "variant": variant, "state": "open", "expires_at": at + timedelta(days=30),
        "created_at": at, "asked_at": at, "shown_at": at, "ended_at": None,
    }  # fmt: skip


def _response(
    ask: dict[str, Any], published: surveys.Published, score: int, at: datetime, zone: str
) -> dict[str, Any]:
    names = ("workspace_id", "invitation_id", "target", "touchpoint", "journey", "survey", "survey_version", "series_id", "customer", "channel", "locale", "run", "variant")  # fmt: skip
    tags = {name: ask[name] for name in names} | {"response_id": clock.new_id(), "metric": published.metric}
    return columns(tags, content_of({"score": bool(score)}, score, "en", True, at), at, at, zone)
