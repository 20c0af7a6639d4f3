"""By whichever way a run asks a member: its place, run and variant stand in the token, and they are asked once."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import deliveries, invitations, signing, workspaces
from collector.communities import runs
from collector.deliveries import qr
from collector.invitations import Invitation
from collector.responses import Response

CONSENT = {"text": "form-3", "at": "2026-10-01T09:00:00Z", "source": "order form"}
VARIANTS = [{"key": "old", "share": 1}, {"key": "new", "share": 1}]
RUN = {
    "key": "two-pages", "name": "Two pages", "template": "csat", "touchpoint": "order-confirmed", "journey": "first-order",
    "subject": "the page", "panel": "testers", "variants": VARIANTS, "design": "always_valid",
    "hypotheses": [{"measure": "csat", "kind": "difference", "value": 10, "variant": "new", "against": "old"}],
}  # fmt: skip
WAYS = ("page", "link", "email", "sms", "qr")


@pytest.fixture
def asked(
    client: Any, keys: Any, company: Any, session: Session, config: Any, time: Any, gateway: Any
) -> Any:
    """``asked(way)``: a running run of two variants has asked its panel's only member that way."""

    def post(path: str, body: Any = None) -> None:
        answer = client.post(f"/api/v1/{path}", json=body, headers=keys["admin"])
        assert answer.status_code < 300, answer.text

    def call(way: str) -> None:
        client.put("/api/v1/deliveries/sms-gateway", json={"url": gateway.url}, headers=keys["admin"])
        post("communities", {"key": "testers", "name": "Testers", "consent": {"en": "May we ask?"}})
        member = {"customer": "c-1", "email": "ada@example.com", "phone": "+49 30 1234567", "locale": "de"}
        post("members", {"community": "testers", "consent": CONSENT, "members": [member]})
        post("runs", RUN)
        post("runs/two-pages/start")
        post("runs/two-pages/invitations", {"way": "link" if way == "qr" else way})
        invitations.ask_members(session, time())
        session.commit()
        deliveries.send_to_members(session, time(), config)
        session.commit()
        deliveries.send_due(session, time(), config)
        session.rollback()

    return call


@pytest.fixture
def editor(app: Any, session: Session, company: Any, time: Any) -> Any:
    """The browser of an editor."""
    email, password = "edda@example.com", "a long password"
    workspaces.add_person(session, company.workspace_id, email, "Edda", password, time(), "editor")
    session.commit()
    client = app.test_client()
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    assert csrf
    form = {"csrf": csrf[1], "email": email, "password": password}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.fixture
def token_by(
    client: Any, keys: Any, mailbox: Any, gateway: Any, path: Any, session: Session, company: Any, time: Any,
    editor: Any,
) -> Any:  # fmt: skip
    """``token_by(way)``: the token with which the member opens the survey."""

    def link() -> str:
        file = client.get("/api/v1/runs/two-pages/links.csv", headers=keys["admin"])
        return next(csv.DictReader(io.StringIO(file.text)))["link"]

    def call(way: str) -> str:
        if way == "email":
            text = mailbox.mails[0].get_body(("plain",)).get_content()
            found = re.search(r"/s/([^\s?]+)", text)
            assert found
            return found[1]
        if way == "sms":
            short = re.search(r"https://\S+/m/\S+", gateway.texts[0]["text"])
            assert short
            return str(client.get(path(short[0])).headers["Location"]).removeprefix("/s/").partition("?")[0]
        if way == "page":
            kid, secret = workspaces.signing_key(session, company.workspace_id)
            customer = workspaces.pseudonym_of(company, "c-1")
            signed = signing.sign_customer(kid, secret, customer, time() + timedelta(hours=1), time())
            session.rollback()
            return str(client.get("/w/v1/survey", query_string={"customer": signed}).json["token"])
        if way == "qr":
            sheet = editor.get("/panels/testers/runs/two-pages/codes").text
            customer = workspaces.pseudonym_of(company, "c-1")
            assert qr.svg(link(), customer, "m") in sheet
            assert (
                'class="sheet__code" lang="de" dir="ltr"' in sheet
            )  # the member's language, not the company's
        return link().partition("/s/")[2]

    return call


@pytest.mark.parametrize("way", WAYS)
def test_req_083_each_way_keeps_place_run_and_variant_and_asks_once(
    way: str, asked: Any, token_by: Any, answer: Any, trigger: Any, session: Session, company: Any
) -> None:
    asked(way)
    token = token_by(way)
    expected = runs.assigned("two-pages", workspaces.pseudonym_of(company, "c-1"), VARIANTS)
    facts = signing.read_any_invitation(token, workspaces.secret_lookup(session))[1]
    assert (facts.run, facts.variant) == ("two-pages", expected)
    assert (facts.touchpoint, facts.journey) == ("order-confirmed", "first-order")
    session.rollback()
    later = trigger(customer="c-1", transaction="order-1")
    assert later["decision"] != "invite", later
    assert answer(token, score=5).status_code < 300
    [given] = session.scalars(select(Response))
    assert (given.run, given.variant, given.touchpoint) == ("two-pages", expected, "order-confirmed")
    assert [row.survey for row in session.scalars(select(Invitation))] == ["two-pages"]
