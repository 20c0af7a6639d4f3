"""A decision as it leaves."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

from collector.invitations import schemas as wire


def test_a_decision_leaves_as_its_schema_has_it() -> None:
    """It is written out by hand, because a call may hold five hundred."""
    at = datetime(2026, 11, 2, 10, 0, 0, 5, tzinfo=UTC)
    own_id = uuid.UUID(int=7)
    invitation = SimpleNamespace(invitation_id=own_id, expires_at=at)
    for made, again in ((invitation, None), (None, at), (None, None)):
        reason = "invited" if made else "quarantine"
        decision = SimpleNamespace(
            trigger_id=own_id,
            decision="invite" if made else "skip",
            reason=reason,
            rule=None,
            next_eligible_at=again,
        )
        own = wire.invitation_dict(own_id, "t", "https://x", at) if made else None
        shown = wire.decided(decision, made, "t", "https://x")
        assert shown == wire.DecisionOut().dump(wire.decision_dict(decision, own))
        assert list(shown) == list(wire.DecisionOut().fields)
