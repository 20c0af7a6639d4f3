"""The verb: everything about one customer goes, station by station from the end of the route to its start.

The figures lose the erased answers too: their rollup cells are counted down in the same transaction.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db, webhooks
from collector.communities import forget as communities
from collector.deliveries import forget as deliveries
from collector.exchange import forget as exchange
from collector.insights import forget as insights
from collector.interactions import forget as interactions
from collector.interactions import tombstones
from collector.invitations import Invitation
from collector.invitations import forget as invitations
from collector.kpis import forget as kpis
from collector.outcomes import forget as outcomes
from collector.responses import forget as responses
from collector.signals import forget as signals
from collector.test_mode import forget as test_mode
from collector.webhooks import forget as events
from collector.workspaces import forget as pseudonyms
from collector.workspaces import sight

ROUTE = {
    "imported_rows": exchange,
    "outcomes": outcomes,
    "follow_ups": insights,
    "signals": signals,
    "counted": kpis,
    "deliveries": deliveries,
    "responses": responses,
    "triggers": invitations,
    "members": communities,
    "test_orders": test_mode,
    "interactions": interactions,
    "events": events,
    "pseudonyms": pseudonyms,
}
"""What each station's count is called -> its ``forget``, the end of the route first; a test finds who is missing."""


def erase_all(
    session: Session,
    workspace_id: uuid.UUID,
    customers: Iterable[str],
    now: datetime,
    occurred_at: datetime | None = None,
) -> dict[str, int]:
    """Erase somebody under all pseudonyms that they have here (``workspaces.pseudonyms.names_of``)."""
    gone: Counter[str] = Counter(dict.fromkeys(ROUTE, 0))
    with sight.unsealed(session):
        for customer in sorted(customers):
            gone.update(erase(session, workspace_id, customer, now, occurred_at))
    return dict(gone)


def erase(
    session: Session,
    workspace_id: uuid.UUID,
    customer: str,
    now: datetime,
    occurred_at: datetime | None = None,
) -> dict[str, int]:
    """Erase a customer by pseudonym; how much of each kind went. All goes that is known by now, whenever it was wished.

    Their opt-out stays, if they gave one: it is what they asked for. Tombstones stay too: what they did before and is
    delivered later brings nobody back, and their links are over for ever.
    """
    invitations.hold(session, workspace_id, customer, now)
    _bury(session, workspace_id, customer, min(occurred_at or now, now))
    transactions = invitations.transactions(session, workspace_id, customer)
    gone = {
        name: station.forget(session, workspace_id, customer, transactions) for name, station in ROUTE.items()
    }
    told = webhooks.Subject({"customer": customer, "erased_at": now}, customer=customer)
    webhooks.announce(session, workspace_id, "customer.erased", told, now)
    return gone


def _bury(session: Session, workspace_id: uuid.UUID, customer: str, at: datetime) -> None:
    """Their invitations are locked first, as whoever answers does: an answer on its way is waited for, and erased."""
    mine = Invitation.workspace_id == workspace_id, Invitation.customer == customer
    asked = select(Invitation.invitation_id).where(*mine).order_by(Invitation.asked_at.desc())
    ids = [str(invitation_id) for invitation_id in session.scalars(db.lock(session, asked))]
    tombstones.bury(session, workspace_id, tombstones.INVITATION, ids, at)
    tombstones.bury(session, workspace_id, tombstones.CUSTOMER, [customer], at)
