"""The webhooks' pages: made, tried, sent again, disabled and ended in the browser; the secret is shown once."""

from __future__ import annotations

import re
from typing import Any

from browsers import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.changes import Change
from collector.webhooks import Webhook, WebhookDelivery

ADDRESS = "https://93.184.216.34/hook?token=tell-nobody"
FORM = {"name": "Tickets", "url": ADDRESS, "kinds": ["action.changed"], "reach": "some", "scope": ["sales"]}


def made(ada: Browser, session: Session) -> tuple[str, Any]:
    """The page of a webhook just made, and its row."""
    page = ada.post("/webhooks", "/webhooks", **FORM)
    assert page.status_code == 200, page.text
    row = session.scalars(select(Webhook)).one()
    session.expunge(row)
    session.rollback()
    return page.text, row


def test_it_is_made_and_shows_its_secret_once(ada: Browser, session: Session) -> None:
    page, row = made(ada, session)
    assert row.secret in page
    for path in ("/webhooks", f"/webhooks/{row.webhook_id}"):
        again = ada.get(path).text
        assert "Tickets" in again
        assert row.secret not in again
        assert "tell-nobody" not in again
    assert (row.kinds, row.scope) == (["action.changed"], ["sales"])
    change = session.scalars(select(Change).where(Change.noun == "webhook")).one()
    assert change.after["url"] == "https://93.184.216.34/hook?…"
    assert row.secret not in str(change.after)


def test_what_does_not_fit_is_said_and_kept(ada: Browser, session: Session) -> None:
    wrong = ada.post("/webhooks", "/webhooks", **{**FORM, "url": "https://10.0.0.1/"})
    assert wrong.status_code == 422
    assert 'value="https://10.0.0.1/"' in wrong.text
    assert "lead into the open internet" in wrong.text
    assert re.search(r'value="action.changed" checked', wrong.text)
    assert session.scalars(select(Webhook)).all() == []


def test_its_buttons_do_what_they_say(ada: Browser, session: Session, time: Any) -> None:
    _, row = made(ada, session)
    at = f"/webhooks/{row.webhook_id}"

    def press(what: str, **more: str) -> Any:
        return ada.post(f"{at}/do", "/webhooks", what=what, **more)

    assert press("test").status_code == 303
    assert "webhook.test" in ada.get(at).text
    way = session.scalars(select(WebhookDelivery)).one()
    way.state = "dead"
    session.commit()
    assert press("resend", event_id=str(way.event_id)).status_code == 303
    session.refresh(way)
    assert way.state == "queued"
    session.rollback()
    assert press("resend", since="2026-11-01T00:00").status_code == 303
    assert press("resend", since="soon").status_code == 422
    renewed = press("renew").text
    assert "whsec_" in renewed
    assert row.secret not in renewed
    assert press("disable").status_code == 303
    assert "disabled" in ada.get("/webhooks").text
    assert press("test").status_code == 409
    assert press("enable").status_code == 303
    assert press("remove").headers["Location"] == "/webhooks?removed"
    assert session.scalars(select(Webhook)).all() == []
    verbs = session.scalars(select(Change.verb).where(Change.noun == "webhook").order_by(Change.number)).all()
    assert verbs == ["made", "renewed", "disabled", "enabled", "removed"]


def test_one_that_was_disabled_for_failing_says_so(ada: Browser, session: Session, time: Any) -> None:
    _, row = made(ada, session)
    row = session.scalars(select(Webhook)).one()
    row.disabled_at, row.disabled_why = time(), "failing"
    session.commit()
    page = ada.get(f"/webhooks/{row.webhook_id}?lang=de").text
    assert "eine Woche lang gescheitert" in page
    assert "Einschalten" in page


def test_it_is_changed_and_keeps_its_address_where_none_is_typed(ada: Browser, session: Session) -> None:
    _, row = made(ada, session)
    form = {"name": "Cases", "url": "", "kinds": ["insight.changed"], "reach": "all"}
    assert ada.post(f"/webhooks/{row.webhook_id}", "/webhooks", **form).status_code == 303
    session.expire_all()
    changed = session.scalars(select(Webhook)).one()
    assert (changed.name, changed.url, changed.kinds, changed.scope) == (
        "Cases",
        ADDRESS,
        ["insight.changed"],
        None,
    )
