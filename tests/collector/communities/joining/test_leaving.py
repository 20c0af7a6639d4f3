"""The ways out of a panel, and back in by a click of one's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities import panels
from collector.communities.panels.models import PanelMember


def test_who_leaves_by_a_call_is_not_taken_from_a_file_again(
    client: Any, keys: Any, take: Any, listed: Any
) -> None:
    take({"customer": "c-1", "email": "ada@example.com"})
    assert client.delete("/api/v1/members/c-1", headers=keys["server"]).status_code == 204
    assert take({"customer": "c-1"}).json["refused"] == {"left": {"count": 1, "rows": [1]}}
    assert listed(contact="yes")[0]["left_at"] is not None
    assert "contact" not in listed(contact="yes")[0]


def test_who_asks_not_to_be_asked_has_left_too(client: Any, keys: Any, take: Any, listed: Any) -> None:
    take({"customer": "c-1"})
    client.put("/api/v1/customers/c-1/opt-out", headers=keys["server"])
    assert listed()[0]["left_at"] is not None


def test_the_way_out_asks_first_and_takes_a_mail_programs_one_click(
    client: Any, link: str, listed: Any, session: Session, company: Any, time: Any
) -> None:
    client.post(link, data={"version": "1"})
    member = session.scalars(select(PanelMember)).one()
    way = "/l/" + panels.links.leave_token(session, company.workspace_id, member.member_id, time())
    session.commit()
    assert "Everything stops at once." in client.get(way).text
    assert listed()[0]["left_at"] is None
    for _ in range(2):
        done = client.post(way, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "You have left the panel" in done.text) == (200, True)
    assert listed()[0]["left_at"] is not None
    assert "You have left the panel" in client.get(way).text


def test_who_is_in_several_panels_may_leave_only_this_one(
    client: Any, keys: Any, link: str, listed: Any, session: Session, company: Any, time: Any
) -> None:
    client.post(link, data={"version": "1"})
    other = {"key": "shoppers", "name": "Shoppers", "consent": {"en": "You may ask."}}
    assert client.post("/api/v1/communities", json=other, headers=keys["admin"]).status_code == 201
    row = {"customer": "c-9", "consent_text": "x", "consent_at": "2026-01-01", "consent_source": "shop"}
    body = {"community": "shoppers", "members": [row]}
    assert client.post("/api/v1/members", json=body, headers=keys["admin"]).status_code == 200
    member = session.scalars(select(PanelMember).where(PanelMember.panel == "testers")).one()
    way = "/l/" + panels.links.leave_token(session, company.workspace_id, member.member_id, time())
    session.commit()
    asked = client.get(way).text
    assert "You are in several panels" in asked, asked
    assert "No, leave only “Testers”" in asked
    done = client.post(way, data={"only": "yes"}).text
    assert "You are still a member of: Shoppers." in done

    def gone() -> list[bool]:
        session.expire_all()
        rows = session.scalars(select(PanelMember).order_by(PanelMember.panel))
        found = [each.left_at is not None for each in rows]
        session.rollback()
        return found

    assert gone() == [False, True]
    client.delete("/api/v1/members/c-9?community=testers", headers=keys["server"])
    assert gone() == [False, True]
    missing = client.delete("/api/v1/members/c-9?community=nobody", headers=keys["server"])
    assert missing.status_code == 404
    client.delete("/api/v1/members/c-9", headers=keys["server"])
    assert gone() == [True, True]


def test_a_mail_programs_one_click_leaves_every_panel(
    client: Any, keys: Any, link: str, session: Session, company: Any, time: Any
) -> None:
    client.post(link, data={"version": "1"})
    other = {"key": "shoppers", "name": "Shoppers", "consent": {"en": "You may ask."}}
    client.post("/api/v1/communities", json=other, headers=keys["admin"])
    row = {"customer": "c-9", "consent_text": "x", "consent_at": "2026-01-01", "consent_source": "shop"}
    client.post("/api/v1/members", json={"community": "shoppers", "members": [row]}, headers=keys["admin"])
    member = session.scalars(select(PanelMember).where(PanelMember.panel == "testers")).one()
    way = "/l/" + panels.links.leave_token(session, company.workspace_id, member.member_id, time())
    session.commit()
    client.post(way, data={"List-Unsubscribe": "One-Click"})
    session.expire_all()
    assert [each.left_at is None for each in session.scalars(select(PanelMember))] == [False, False]


def test_who_has_left_joins_again_by_their_own_click(client: Any, link: str, listed: Any, keys: Any) -> None:
    client.post(link, data={"version": "1"})
    client.delete("/api/v1/members/c-9", headers=keys["server"])
    assert "Yes, ask me" in client.get(link).text
    client.post(link, data={"version": "1"})
    assert listed()[0]["left_at"] is None


def test_a_link_into_a_panel_is_no_way_out(client: Any, link: str) -> None:
    assert client.post(link.replace("/j/", "/l/")).status_code == 401
