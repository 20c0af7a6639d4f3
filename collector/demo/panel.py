"""The demo company's panel: customers who agreed to be asked again and again, and how the running run has asked them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector import clock, signing, workspaces
from collector.communities import panels
from collector.communities.panels import PanelAsk, PanelMember
from collector.communities.runs import StoredRun

PANEL: dict[str, Any] = {
    "key": "sounding-board", "name": "Sounding board", "rest_days": 14, "reminders": 1, "remind_after_days": 3,
    "joins_at": "renewal-confirmed", "one_by_one": True,
    "consent": {
        "en": "May Tarnwick Telecom ask me about new pages and services now and then? What I answer may be read one by one, under a pseudonym. I can leave at any time, in one click.",
        "de": "Darf Tarnwick Telecom mich ab und zu nach neuen Seiten und Diensten fragen? Was ich antworte, darf einzeln gelesen werden, unter einem Pseudonym. Ich kann jederzeit mit einem Klick gehen.",
    },
}  # fmt: skip
TARIFFS = {"fibre-m": 0.5, "fibre-l": 0.3, "mobile": 0.2}
"""The members' tariffs, and how many of them have each."""
MEMBERS, GONE, DAYS = 164, 4, 80
PER_DAY = MEMBERS / DAYS


def make(session: Session, workspace: workspaces.Workspace, by: str, now: datetime) -> Sequence[PanelMember]:
    """The panel with members who joined one after the other; those who are in it now."""
    begun = now - timedelta(days=DAYS)
    panel = panels.actions.make(session, workspace.workspace_id, PANEL, by, begun)
    consent = panels.actions.consent(session, panel)
    text = panels.actions.text_of(consent) if consent else ""
    members = [_member(workspace, number, text, begun, now) for number in range(MEMBERS)]
    session.add_all(members)
    session.flush()
    return members[GONE:]


def note_asked(session: Session, run: StoredRun, invited: Sequence[Mapping[str, Any]]) -> None:
    """In the page, where they were signed in, the run has asked members by these invitations."""
    query = select(PanelMember).where(PanelMember.workspace_id == run.workspace_id)
    of = {member.customer: member.member_id for member in session.scalars(query)}
    rows = [
        {
            "workspace_id": run.workspace_id, "run": run.key, "member_id": of[ask["customer"]], "way": "page",
            "state": "asked", "invitation_id": ask["invitation_id"], "run_after": ask["asked_at"],
            "asked_at": ask["asked_at"], "reminded": 0,
        }
        for ask in invited
    ]  # fmt: skip
    session.execute(insert(PanelAsk), rows)


def _member(
    workspace: workspaces.Workspace, number: int, text: str, begun: datetime, now: datetime
) -> PanelMember:
    joined = begun + timedelta(days=number / PER_DAY)
    has_left = number < GONE
    [tariff] = Random(number).choices(list(TARIFFS), list(TARIFFS.values()))
    return PanelMember(
        workspace_id=workspace.workspace_id,
        member_id=clock.new_id(),
        panel=PANEL["key"],
        customer=signing.pseudonym(workspace.pseudonym_key, f"sounding-board-{number}"),
        attributes={} if has_left else {"tariff": tariff},
        locale="en",
        source="answer",
        consent_text=text,
        consent_at=joined,
        consent_source="asked after an answer (en)",
        joined_at=joined,
        left_at=now - timedelta(days=number + 1) if has_left else None,
    )
