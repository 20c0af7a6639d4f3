"""Verbs: take test orders, open one by its link, note its answer, list the newest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import clock, errors, signing, statements, surveys, workspaces
from collector.test_mode.deciding import Found, decide
from collector.test_mode.models import TestOrder
from collector.workspaces import sight

KEPT = timedelta(days=30)
LIFETIME = timedelta(days=1)


def is_test(session: Session, token: str) -> bool:
    """Whether a link or a customer token was signed in test mode; said of its key, before it is checked."""
    key = workspaces.known_key(session, token.partition(".")[0])
    return key is not None and key.kind == "test"


def take(
    session: Session,
    workspace: workspaces.Company,
    kid: str,
    items: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[TestOrder]:
    """Store and decide a batch in order; what is known keeps its decision, what is older than a month goes."""
    old = TestOrder.workspace_id == workspace.workspace_id, TestOrder.received_at < now - KEPT
    session.execute(delete(TestOrder).where(*old))
    return [_take(session, workspace, kid, item, now) for item in items]


def opened(session: Session, token: str, now: datetime) -> TestOrder:
    """The test order behind its link, decided now where the link came first; raises 401, and 410 for an expired one."""
    key, facts = workspaces.read_invitation(session, token, now)
    row = _of_invitation(session, key.workspace_id, facts.invitation_id)
    if row is None:
        names = (
            "trigger_id",
            "invitation_id",
            "touchpoint",
            "journey",
            "customer",
            "transaction",
            "locale",
            "target",
        )
        item = {name: getattr(facts, name) for name in names} | {"expires_at": facts.expires_at}
        row = _take(session, workspaces.facts(session, key.workspace_id), key.kid, item, now)
    if row.expires_at <= now:
        raise errors.Gone("This invitation has expired.", "invitation_expired")
    return row


def pending(session: Session, token: str, now: datetime) -> TestOrder | None:
    """The newest open test order of the customer whose token this is."""
    try:
        kid, customer = signing.read_customer(token, workspaces.secret_lookup(session), now)
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This customer token is not genuine or has expired.", "bad_token"
        ) from None
    key = workspaces.known_key(session, kid)
    rows = select(TestOrder).where(
        TestOrder.workspace_id == (key.workspace_id if key else None), TestOrder.customer == customer
    )
    row = session.scalars(rows.order_by(TestOrder.received_at.desc()).limit(1)).first()
    return row if row is not None and row.state == "open" and row.expires_at > now else None


def published(session: Session, row: TestOrder) -> surveys.Published | None:
    """What a test order is asked; None where it is asked nothing."""
    if row.survey is None or row.survey_version is None:
        return None
    return surveys.version(session, row.workspace_id, row.survey, row.survey_version)


def answer(
    session: Session, row: TestOrder, response_id: uuid.UUID, answers: Mapping[str, Any], complete: bool
) -> bool:
    """Keep an answer, more of it, or another one to the same question; True for the first."""
    if row.response_id not in {None, response_id}:
        raise errors.Conflict("This invitation was answered already. Thank you!", "already_answered")
    is_new = row.response_id is None
    row.response_id, row.state = response_id, "answered"
    row.answers, row.complete = {**row.answers, **answers}, row.complete or complete
    session.flush()
    return is_new


def note(session: Session, token: str, event: str, now: datetime) -> None:
    """Note that it was shown or dismissed."""
    row = opened(session, token, now)
    row.shown_at = row.shown_at or now
    if event == "dismissed" and row.state == "open":
        row.state = "declined"


def newest(session: Session, workspace_id: uuid.UUID, limit: int) -> list[TestOrder]:
    """The newest test orders, for the page that connects a business system."""
    query = select(TestOrder).where(TestOrder.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(TestOrder.received_at.desc()).limit(limit)))


def token_of(session: Session, row: TestOrder, now: datetime) -> str | None:
    """A link's token for a test order, signed with the test key that sent it; None where that key was revoked."""
    key = workspaces.known_key(session, row.kid)
    if key is None or key.revoked_at is not None or key.signing_secret is None or row.survey is None:
        return None
    names = ("invitation_id", "trigger_id", "touchpoint", "journey", "customer", "transaction", "locale")
    facts = signing.Invitation(**{name: getattr(row, name) for name in names}, expires_at=row.expires_at)
    return signing.sign_invitation(key.kid, key.signing_secret, facts, now)


def _take(
    session: Session, workspace: workspaces.Company, kid: str, item: Mapping[str, Any], now: datetime
) -> TestOrder:
    row = _row(workspace, kid, item, now)
    stored = session.get(TestOrder, (row.workspace_id, row.trigger_id))
    if stored is not None:
        return stored
    found = decide(session, row.workspace_id, row.touchpoint, row.journey, item["target"], now)
    if _of_invitation(session, row.workspace_id, row.invitation_id) is not None:
        found = Found("same_transaction", "one invitation per transaction")
    row.reason, row.rule, row.state = found.reason, found.rule, "open" if found.survey else "skipped"
    if found.survey:
        row.survey, row.survey_version = found.survey.key, found.survey.version
    statements.insert_new(session, row)
    return session.get_one(TestOrder, (row.workspace_id, row.trigger_id))


def _row(workspace: workspaces.Company, kid: str, item: Mapping[str, Any], now: datetime) -> TestOrder:
    trigger_id = item["trigger_id"] or clock.new_id()
    place = (item["touchpoint"], item["journey"], item["transaction"] or "")
    derived = signing.invitation_id(workspace.pseudonym_key, *place) if item["transaction"] else trigger_id
    customer = item["customer"]
    return TestOrder(
        workspace_id=workspace.workspace_id,
        trigger_id=trigger_id,
        invitation_id=item["invitation_id"] or derived,
        kid=kid,
        customer=workspaces.pseudonym_of(workspace, customer) if customer else None,
        answers={},
        complete=False,
        expires_at=item["expires_at"] or now + LIFETIME,
        received_at=now,
        **{name: item[name] for name in ("touchpoint", "journey", "transaction", "locale")},
    )


def _of_invitation(session: Session, workspace_id: uuid.UUID, invitation_id: uuid.UUID) -> TestOrder | None:
    """The order that an invitation is for: the one that was asked."""
    query = select(TestOrder).where(
        TestOrder.workspace_id == workspace_id, TestOrder.invitation_id == invitation_id
    )
    with sight.whole(session):
        return session.scalars(query.order_by(TestOrder.received_at).limit(1)).first()
