"""The job that asks the members of runs: each becomes a trigger at the run's touchpoint, decided as any other is.

So the contact policy, the objection and "once per transaction" hold for runs too, and each ask ends in a stored decision.
Whoever rests is asked when the rest is over, if the run still asks by then.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector import clock, signing, workspaces
from collector.communities import panels, runs
from collector.communities.panels import PanelAsk, PanelMember
from collector.invitations import deciding
from collector.invitations.ledger import Entry
from collector.invitations.models import Trigger
from collector.invitations.own_desk import OwnDesk
from collector.invitations.rows_made import LIFETIME
from collector.statements import unwatched

BATCH = 100


def ask_members(session: Session, now: datetime) -> int:
    """Ask up to a batch of members whose time has come; how many. Safe with several at once."""
    by_run: dict[tuple[uuid.UUID, str], list[panels.asking.Waiting]] = defaultdict(list)
    for each in panels.asking.waiting(session, now, BATCH):
        by_run[each.workspace_id, each.run].append(each)
    return sum(_ask(session, *key, found, now) for key, found in sorted(by_run.items()))


def are_members_due(session: Session, now: datetime) -> bool:
    """Whether any member's time has come: a look that locks nothing."""
    return panels.asking.are_waiting(session, now)


def _ask(
    session: Session,
    workspace_id: uuid.UUID,
    key: str,
    found: Sequence[panels.asking.Waiting],
    now: datetime,
) -> int:
    run = runs.run_by_key(session, workspace_id=workspace_id, key=key)
    desk = OwnDesk(
        session, workspaces.facts(session, workspace_id), now, survey=run.survey_key if run else ""
    )
    desk.hold({each.customer for each in found})  # first, as whoever erases or leaves does
    asks = panels.asking.locked(session, workspace_id, key, [each.member_id for each in found], now)
    if asks:
        _decide(desk, run, [pair for pair in asks if _is_their_time(session, run, *pair, now)])
    session.flush()
    return len(asks)


def _is_their_time(
    session: Session, run: runs.Run | None, ask: PanelAsk, member: PanelMember, now: datetime
) -> bool:
    """Whether a member may be decided about now; else they wait on, or are passed over with the reason."""
    if run is None or run.state == "concluded" or (run.ends_at is not None and run.ends_at <= now):
        return _skip(ask, "run_over")
    if run.state != "running":
        return _skip(ask, "not_running")
    if run.starts_at is not None and run.starts_at > now:
        return _wait(run, ask, run.starts_at, "not_started")
    panel = panels.actions.get(session, member.workspace_id, member.panel)
    rested = panels.asking.rested(session, panel, [member.member_id]).get(member.member_id)
    return _wait(run, ask, rested, "rest") if rested is not None and rested > now else True


def _decide(desk: OwnDesk, run: runs.Run | None, asks: Sequence[tuple[PanelAsk, PanelMember]]) -> None:
    if run is None or not asks:
        return
    entries = deciding.take(desk, [_trigger(run, ask, member, desk.now) for ask, member in asks])
    for (ask, _), entry in zip(asks, entries, strict=True):
        _note(desk, run, ask, entry)


def _note(desk: OwnDesk, run: runs.Run, ask: PanelAsk, entry: Entry) -> None:
    """What was decided, in the ask; who is in quarantine is decided about again when that is over."""
    decision = entry.decision
    if decision.decision != "invite" or decision.invitation_id is None:
        later = decision.next_eligible_at
        if later is not None and later > desk.now:
            _wait(run, ask, later, decision.reason)
        else:
            _skip(ask, decision.reason)
        return
    ask.state, ask.reason, ask.asked_at = "asked", None, desk.now
    ask.invitation_id = decision.invitation_id
    ask.remind_at = desk.now if ask.way in panels.asking.SENT else None


def _wait(run: runs.Run, ask: PanelAsk, until: datetime, reason: str) -> bool:
    """Their turn comes later, if the run asks that long."""
    if run.ends_at is not None and run.ends_at <= until:
        return _skip(ask, reason)
    ask.run_after, ask.reason = until, reason
    return False


def _skip(ask: PanelAsk, reason: str) -> bool:
    ask.state, ask.reason = "skipped", reason
    return False


def _trigger(run: runs.Run, ask: PanelAsk, member: PanelMember, now: datetime) -> Trigger:
    """The ids follow from run, member and turn: whoever repeats this after a kill repeats the same trigger."""
    own = ask.workspace_id.bytes, b"run", run.key.encode(), member.member_id.bytes
    return unwatched(
        Trigger,
        workspace_id=ask.workspace_id,
        trigger_id=signing.named_id(*own, clock.iso(ask.run_after).encode()),
        invitation_id=signing.named_id(*own),
        touchpoint=run.touchpoint_key,
        journey=run.journey_key,
        customer=member.customer,
        locale=member.locale,
        attributes=dict(member.attributes),
        cancel_on=[],
        expires_at=run.ends_at or now + LIFETIME,
        occurred_at=now,
        received_at=now,
        position=0,
    )
