"""A run asks its panel's members once each: by mail with a way out, reminded within limits, by link, and in the page."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import deliveries, invitations, signing, workspaces
from collector.communities import panels
from collector.communities.panels.models import PanelAsk
from collector.deliveries import Delivery
from collector.invitations import Decision, Invitation
from tests.collector.deliveries.to_members.conftest import AGREED, RUN, link_of


def counts(post: Any, session: Session, company: Any) -> tuple[int, ...]:
    session.rollback()
    found = panels.progress(session, workspace_id=company.workspace_id, run_key="confirmation-2")
    session.rollback()
    return found.waiting, found.invited, found.opened, found.started, found.finished


def test_each_member_gets_one_mail_with_a_way_out_of_the_panel(
    post: Any, run: Any, go: Any, mailbox: Any, session: Session, company: Any
) -> None:
    assert post("runs/confirmation-2/invitations", {"way": "email"})["enlisted"] == 2
    assert post("runs/confirmation-2/invitations", {"way": "email"})["enlisted"] == 0
    assert counts(post, session, company) == (2, 0, 0, 0, 0)
    go()
    [mail] = mailbox.mails
    assert mail["To"] == "ada@example.com"
    assert "/l/" in mail["List-Unsubscribe"]
    text = mail.get_body(("plain",)).get_content()
    assert "als Mitglied des Panels „Testers“" in text
    assert "Panel verlassen: https://ask.example.com/l/" in text
    assert counts(post, session, company) == (0, 2, 0, 0, 0)
    reasons = {ask.reason for ask in session.scalars(select(PanelAsk))}
    assert reasons == {None, "no_address"}
    assert session.scalars(select(Delivery.address)).all() == [None]
    assert {each.decision for each in session.scalars(select(Decision))} == {"invite"}


def test_the_links_token_keeps_run_touchpoint_and_journey_and_the_answer_is_the_runs(
    post: Any,
    run: Any,
    go: Any,
    mailbox: Any,
    path: Any,
    client: Any,
    answer: Any,
    session: Session,
    company: Any,
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    go()
    token = link_of(mailbox.mails[0], path).removeprefix("/s/")
    made = session.scalars(select(Invitation).where(Invitation.locale == "de")).one()
    facts = signing.read_any_invitation(token, workspaces.secret_lookup(session))[1]
    assert (facts.run, facts.variant) == ("confirmation-2", None)
    assert (facts.touchpoint, facts.journey, facts.invitation_id) == (
        "order-confirmed",
        "first-order",
        made.invitation_id,
    )
    assert (made.run, made.survey, made.touchpoint) == ("confirmation-2", "confirmation-2", "order-confirmed")
    session.rollback()
    assert client.post("/w/v1/events", json={"token": token, "event": "shown"}).status_code < 300
    assert counts(post, session, company)[2:] == (1, 0, 0)
    own = str(facts.invitation_id)
    assert answer(token, own, score=5).status_code < 300
    assert counts(post, session, company)[2:] == (1, 1, 0)
    assert answer(token, own, complete=True).status_code < 300
    assert counts(post, session, company)[2:] == (1, 1, 1)


def test_who_does_not_answer_is_reminded_once_by_a_mail_of_its_own(
    post: Any, run: Any, go: Any, mailbox: Any, time: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    go()
    time.move(days=2)
    go()
    assert len(mailbox.mails) == 1
    time.move(days=1, minutes=1)
    go()
    first, second = mailbox.mails
    assert second["Subject"] == "Example Telecom möchte weiterhin gern von Ihnen hören"
    assert first["Message-ID"] != second["Message-ID"]
    time.move(days=20)
    go()
    assert len(mailbox.mails) == 2


def test_a_full_cell_is_neither_written_to_nor_reminded(
    post: Any,
    run: Any,
    go: Any,
    mailbox: Any,
    time: Any,
    path: Any,
    answer: Any,
    session: Session,
    config: Any,
) -> None:
    """Of three members one answers: the quota of one is full before another's mail has left, and after a third's has."""
    members = [{"customer": f"q-{n}", "email": f"q{n}@example.com", "tariff": "gold"} for n in range(2)]
    post("members", {"community": "testers", "consent": AGREED, "members": members})
    cells = {"attribute": "tariff", "quotas": {"gold": 1}}
    post("runs", {**RUN, "key": "quota", "cells": cells})
    post("runs/quota/start")
    post("runs/quota/invitations", {"way": "email"})
    go()
    assert len(mailbox.mails) == 2
    late = {"customer": "q-2", "email": "q2@example.com", "tariff": "gold"}
    post("members", {"community": "testers", "consent": AGREED, "members": [late]})
    post("runs/quota/invitations", {"way": "email"})
    invitations.ask_members(session, time())
    deliveries.send_to_members(session, time(), config)
    session.commit()
    assert answer(link_of(mailbox.mails[0], path).removeprefix("/s/"), score=5).status_code < 300
    time.move(days=4)
    go()
    assert len(mailbox.mails) == 2
    dropped = session.scalars(select(Delivery.last_error).where(Delivery.state == "dropped")).all()
    assert dropped == ["the quota is full"]
    reasons = session.scalars(select(PanelAsk.reason).where(PanelAsk.run == "quota")).all()
    assert reasons.count("quota_full") == 2


def test_who_has_answered_is_not_reminded(
    post: Any, run: Any, go: Any, mailbox: Any, time: Any, path: Any, answer: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    go()
    answer(link_of(mailbox.mails[0], path).removeprefix("/s/"), score=5)
    time.move(days=4)
    go()
    assert len(mailbox.mails) == 1


def test_links_are_a_file_and_each_leads_to_the_survey(
    post: Any, run: Any, go: Any, client: Any, keys: Any, path: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "link"})
    go()
    file = client.get("/api/v1/runs/confirmation-2/links.csv", headers=keys["admin"])
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert len(rows) == 2
    assert all(row["customer"].startswith("cu_") for row in rows)
    for row in rows:
        assert client.get(path(row["link"])).status_code == 200
    said = client.get("/api/v1/changes", headers=keys["admin"]).json["changes"][0]
    assert (said["verb"], said["noun"]) == ("exported", "run_links")


def test_a_member_who_is_signed_in_is_asked_in_the_page(
    post: Any, run: Any, go: Any, client: Any, session: Session, company: Any, time: Any, mailbox: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "page"})
    go()
    assert mailbox.mails == []
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    customer = workspaces.pseudonym_of(company, "c-1")
    token = signing.sign_customer(kid, secret, customer, time() + timedelta(hours=1), time())
    session.rollback()
    shown = client.get("/w/v1/survey", query_string={"customer": token})
    assert shown.status_code == 200, shown.text
