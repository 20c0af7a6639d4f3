"""Verbs: make a webhook, change it, renew its secret, enable and disable it, end it; each is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import addresses, clock, errors, journeys
from collector.changes import record
from collector.outgoing import SendingFailed, egress, signature
from collector.webhooks import chat
from collector.webhooks.announcing import Subject, event
from collector.webhooks.kinds import KINDS, TEST
from collector.webhooks.models import Webhook, WebhookEvent, WebhookPace
from collector.webhooks.spreading import queued
from collector.workspaces import scopes

MOST = 50
STANDARD = "standard"
FORMS = (STANDARD, *chat.PAYLOADS)
OVERLAP = timedelta(days=1)
"""As long as the secret before still signs, so that the receiver can change over without losing a message."""


@dataclass(frozen=True)
class Wish:
    """A webhook as somebody wants it; ``scope`` None is everything."""

    name: str
    url: str
    kinds: Sequence[str]
    scope: Sequence[str] | None = None
    form: str = STANDARD


def create(
    session: Session, workspace_id: uuid.UUID, wish: Wish, hosts: Collection[str], by: str, now: datetime
) -> Webhook:
    """Make a webhook; its secret is shown this once. Raises 422 for an address that must not be called."""
    count = select(func.count()).select_from(Webhook).where(Webhook.workspace_id == workspace_id)
    if (session.scalar(count) or 0) >= MOST:
        raise errors.Conflict(f"There are {MOST} webhooks already.", "too_many_webhooks")
    row = Webhook(
        workspace_id=workspace_id,
        webhook_id=clock.new_id(),
        name=_name(wish.name),
        url=checked_url(wish.url, hosts),
        form=_form(wish.form),
        kinds=_kinds(wish.kinds, wish.form),
        scope=_scope(session, workspace_id, wish.scope),
        secret=signature.new_secret(),
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add(WebhookPace(workspace_id=workspace_id, webhook_id=row.webhook_id, served_at=now))
    session.flush()
    _note(session, row, "made", by, now, None, said(row))
    return row


def change(
    session: Session, row: Webhook, given: Mapping[str, Any], hosts: Collection[str], by: str, now: datetime
) -> Webhook:
    """Change some of it; what waits goes to the new address."""
    before = said(row)
    if "name" in given:
        row.name = _name(given["name"])
    if "url" in given:
        row.url = checked_url(given["url"], hosts)
    if "kinds" in given:
        row.kinds = _kinds(given["kinds"], row.form)
    if "scope" in given:
        row.scope = _scope(session, row.workspace_id, given["scope"])
    session.flush()
    if said(row) != before:
        _note(session, row, "changed", by, now, before, said(row))
    if "enabled" in given:
        enable(session, row, by, now) if given["enabled"] else disable(session, row, by, now)
    return row


def enable(session: Session, row: Webhook, by: str, now: datetime) -> None:
    """Begin anew: what still waits is sent, and its failures are forgotten."""
    if row.disabled_at is None:
        return
    row.disabled_at, row.disabled_why = None, None
    pace = pace_of(session, row)
    pace.failures, pace.failing_since, pace.paused_until = 0, None, None
    session.flush()
    _note(session, row, "enabled", by, now, None, {"name": row.name})


def disable(session: Session, row: Webhook, by: str, now: datetime) -> None:
    """Send nothing more to it; what happens meanwhile is not kept for it."""
    if row.disabled_at is None:
        row.disabled_at, row.disabled_why = now, "person"
        session.flush()
        _note(session, row, "disabled", by, now, None, {"name": row.name, "why": "person"})


def renew_secret(session: Session, row: Webhook, by: str, now: datetime) -> str:
    """A new secret, shown this once; for a day the one before signs beside it."""
    row.previous_secret, row.previous_until = row.secret, now + OVERLAP
    row.secret = signature.new_secret()
    session.flush()
    _note(session, row, "renewed", by, now, None, {"name": row.name})
    return row.secret


def remove(session: Session, row: Webhook, by: str, now: datetime) -> None:
    """End it, with all that waits for it."""
    before = said(row)
    session.delete(row)
    session.flush()
    _note(session, row, "removed", by, now, before, None)


def send_test(session: Session, row: Webhook, now: datetime) -> WebhookEvent:
    """Put a test on its way to this webhook alone."""
    if row.disabled_at is not None:
        raise errors.Conflict("This webhook is disabled; enable it first.", "webhook_disabled")
    made = event(row.workspace_id, TEST, Subject({"webhook_id": row.webhook_id}), now)
    made.spread_at = now
    session.add(made)
    session.flush()
    session.add(queued(made, row.webhook_id, now))
    session.flush()
    return made


def get(session: Session, workspace_id: uuid.UUID, webhook_id: uuid.UUID) -> Webhook:
    """One webhook; raises 404."""
    row = session.get(Webhook, (workspace_id, webhook_id))
    if row is None:
        raise errors.NotFound("There is no such webhook.", "unknown_webhook")
    return row


def listed(session: Session, workspace_id: uuid.UUID) -> list[Webhook]:
    """All webhooks, the oldest first."""
    query = select(Webhook).where(Webhook.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Webhook.webhook_id)))


def pace_of(session: Session, row: Webhook) -> WebhookPace:
    """How it fares."""
    return session.get_one(WebhookPace, (row.workspace_id, row.webhook_id))


def paces(session: Session, workspace_id: uuid.UUID) -> dict[uuid.UUID, WebhookPace]:
    """Webhook -> how it fares."""
    query = select(WebhookPace).where(WebhookPace.workspace_id == workspace_id)
    return {row.webhook_id: row for row in session.scalars(query)}


def shown_url(row: Webhook) -> str:
    """An address as lists and the record show it: what is a credential in it is left out, of a chat's all but the host."""
    parts = urlsplit(row.url)
    rest = "/…" if row.form != STANDARD else f"{parts.path}{'?…' if parts.query else ''}"
    return f"{parts.scheme}://{parts.netloc}{rest}"


def said(row: Webhook) -> dict[str, Any]:
    """What the record keeps of it: never a secret."""
    return {
        "name": row.name,
        "form": row.form,
        "url": shown_url(row),
        "kinds": list(row.kinds),
        "scope": "all" if row.scope is None else list(row.scope),
    }


def checked_url(text: str, hosts: Collection[str]) -> str:
    """An address that may be called; raises 422. In the clear only to the installation's own private hosts."""
    url = text.strip()
    try:
        parts = urlsplit(addresses.checked(url))
        if parts.username is not None or parts.fragment:
            raise ValueError("must have no user and no fragment")
        if parts.scheme != "https" and (parts.hostname or "") not in hosts:
            raise ValueError("must begin with https://")
        if len(url) > 500 or not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError("must be at most 500 ASCII characters without spaces")
        egress.check(url, hosts)
    except (ValueError, SendingFailed) as error:
        raise errors.BadInput(
            "This address cannot be called.", "bad_webhook_url", {"url": [str(error)]}
        ) from None
    return url


def _name(text: str) -> str:
    if not 1 <= len(text.strip()) <= 120:
        raise errors.BadInput("A webhook needs a name.", fields={"name": ["must be 1 to 120 characters"]})
    return text.strip()


def kinds_of(form: str) -> Sequence[str]:
    """What a webhook of this form can be told of."""
    return KINDS if form == STANDARD else chat.KINDS


def _form(given: str) -> str:
    if given not in FORMS:
        raise errors.BadInput(
            "There is no such form.", fields={"form": ["must be one of: " + ", ".join(FORMS)]}
        )
    return given


def _kinds(given: Sequence[str], form: str) -> list[str]:
    """The kinds in order; a chat is told only of what people act on."""
    known = kinds_of(form)
    if not given or set(given) - set(known):
        why = {"kinds": ["must be some of: " + ", ".join(known)]}
        raise errors.BadInput("Say what it is told of.", "bad_event_kinds", why)
    return [kind for kind in KINDS if kind in given]


def _scope(session: Session, workspace_id: uuid.UUID, given: Sequence[str] | None) -> list[str] | None:
    return scopes.checked(given, {each.key for each in journeys.stakeholders(session, workspace_id)})


def _note(session: Session, row: Webhook, verb: str, by: str, now: datetime, before: Any, after: Any) -> None:
    record(session, row.workspace_id, now, by, verb, "webhook", str(row.webhook_id), before, after)
