"""Connect: the end of the checklist. Keys, snippets for the business system, and a live line of what arrived."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from collector import errors, invitations, journeys, surveys, test_mode, web
from collector.company import checklist
from collector.company.connect_snippets import NO_KEY, Filled, snippets
from collector.workspaces import MintedKey, caller, keys, requires

pages = Blueprint("connect", __name__, template_folder="templates")
SHOWN = 10


@dataclass(frozen=True)
class Arrived:
    """Something that came in: when, where, what was decided, what became of it; ``link`` for test orders only."""

    at: datetime
    touchpoint: str
    reason: str
    rule: str | None
    is_test: bool
    state: str | None
    answers: dict[str, Any]
    link: str | None


@pages.get("/connect")
@requires("editor")
def show_connect() -> Response:
    return _page()


@pages.post("/connect")
@requires("administrator")
def make_key() -> Response:
    """Make a key, and show it this once in the snippets."""
    kind = request.form.get("kind", "")
    if kind not in {"test", "server"}:
        raise errors.BadInput("There is no such key.", fields={"kind": ["must be test or server"]})
    name = web.speaker().gettext("Test key, from the page Connect") if kind == "test" else "Server"
    return _page(keys.mint_key(web.session(), caller().workspace, kind, name, web.now(), caller().name))


def _page(made: MintedKey | None = None) -> Response:
    session, workspace_id = web.session(), caller().company.workspace_id
    asking = _asking(session, workspace_id)
    chosen = request.args.get("touchpoint", "")
    place = next((each for each in asking if each.touchpoint == chosen), asking[0] if asking else None)
    names = {each.key: each.name for each in journeys.touchpoints(session, workspace_id, limit=500).items}
    html = render_template(
        "company/connect.html",
        steps=checklist.steps(session, workspace_id),
        tried=checklist.answered_in_test_mode(session, workspace_id),
        asking=asking,
        names=names,
        place=place,
        made=made,
        snippets=_snippets(place, made) if place else [],
        arrived=_arrived(session, workspace_id),
        may_make=caller().is_administrator,
    )
    return Response(html, headers={"Cache-Control": "private, no-store"})


def _asking(session: Any, workspace_id: uuid.UUID) -> list[surveys.Bound]:
    """A running survey for each touchpoint that asks, in the order of their keys."""
    found: dict[str, surveys.Bound] = {}
    for each in surveys.bound(session, workspace_id):
        if each.state == "published":
            found.setdefault(each.touchpoint, each)
    return list(found.values())


def _snippets(place: surveys.Bound, made: MintedKey | None) -> Any:
    filled = Filled(
        url=web.config().url,
        touchpoint=place.touchpoint,
        journey=place.journey or _journey(place.touchpoint),
        locale=web.speaker().language,
        key=made.text if made else NO_KEY,
    )
    return snippets(filled)


def _journey(touchpoint: str) -> str | None:
    """A journey that passes here, where the survey leaves it open."""
    passing = journeys.journeys_of(web.session(), caller().company.workspace_id, touchpoint)
    return passing[0].key if passing else None


def _arrived(session: Any, workspace_id: uuid.UUID) -> list[Arrived]:
    """What came in last, tests and real triggers together, the newest first."""
    tried = [_tried(session, row) for row in test_mode.newest(session, workspace_id, SHOWN)]
    real = [_real(entry) for entry in invitations.decided(session, workspace_id, limit=SHOWN)]
    return sorted([*tried, *real], key=lambda each: each.at, reverse=True)[:SHOWN]


def _tried(session: Any, row: test_mode.TestOrder) -> Arrived:
    token = test_mode.token_of(session, row, web.now()) if row.state == "open" else None
    link = f"{web.config().url}/s/{token}" if token else None
    return Arrived(
        row.received_at, row.touchpoint, row.reason, row.rule, True, row.state, dict(row.answers), link
    )


def _real(entry: Any) -> Arrived:
    made = entry.invitation
    return Arrived(
        entry.trigger.received_at, entry.trigger.touchpoint, entry.decision.reason, entry.decision.rule, False,
        made.state if made else None, {}, None,
    )  # fmt: skip
