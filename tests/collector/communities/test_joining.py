"""Members come in by call, by link and by file, row by row; a link asks first, and one click joins or leaves."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import workspaces
from collector.communities import panels
from collector.communities.panels.models import PanelMember

PANEL = {
    "key": "testers",
    "name": "Testers",
    "consent": {"en": "We may ask you.\n\nAt most monthly.", "de": "Wir dürfen fragen."},
}
AGREED = {"text": "form-3", "at": "2026-10-01T09:00:00Z", "source": "order form"}


@pytest.fixture
def panel(client: Any, keys: Any, company: Any) -> Any:
    made = client.post("/api/v1/communities", json=PANEL, headers=keys["admin"])
    assert made.status_code == 201, made.text
    return made.json


@pytest.fixture
def take(client: Any, keys: Any, panel: Any) -> Any:
    def call(*members: dict[str, Any], **given: Any) -> Any:
        body = {"community": "testers", "consent": AGREED, "members": list(members), **given}
        return client.post("/api/v1/members", json=body, headers=keys["server"])

    return call


@pytest.fixture
def listed(client: Any, keys: Any, panel: Any) -> Any:
    def call(**query: str) -> list[dict[str, Any]]:
        said = {"community": "testers", **query}
        return list(client.get("/api/v1/members", query_string=said, headers=keys["admin"]).json["members"])

    return call


def test_a_panel_says_what_its_members_agree_to(client: Any, keys: Any, panel: Any) -> None:
    assert [(each["version"], each["texts"]) for each in panel["consents"]] == [(1, PANEL["consent"])]
    again = client.post(
        "/api/v1/communities/testers/consents", json={"consent": PANEL["consent"]}, headers=keys["admin"]
    )
    assert again.json["version"] == 1
    new = client.post(
        "/api/v1/communities/testers/consents", json={"consent": {"en": "Weekly."}}, headers=keys["admin"]
    )
    assert new.json["version"] == 2
    assert (
        client.post("/api/v1/communities", json=PANEL, headers=keys["admin"]).json["code"] == "panel_exists"
    )
    said = [
        (each["verb"], each["noun"])
        for each in client.get("/api/v1/changes", headers=keys["admin"]).json["changes"]
    ]
    assert said.count(("changed", "panel_consent")) == 2
    assert ("made", "panel") in said


def test_each_row_is_taken_or_refused_by_itself(take: Any, listed: Any) -> None:
    report = take(
        {"customer": "c-1", "email": "ada@example.com", "Plan": "fibre"},
        {"email": " Bob@Example.com ", "phone": "0049 30 123456", "name": "Bob"},
        {"name": "nobody can be found by a name"},
        {"customer": "c-3", "email": "not an address"},
        {"customer": "c-4", "note": "call 030/1234567"},
        {"customer": "c-5", "consent_at": "31.12.2099"},
        {"customer": "c-6", "phone": "12"},
    ).json
    assert (report["rows"], report["joined"], report["known"]) == (7, 2, 0)
    assert {reason: said["rows"] for reason, said in report["refused"].items()} == {
        "no_customer": [3],
        "bad_email": [4],
        "personal_data": [5],
        "bad_consent_at": [6],
        "bad_phone": [7],
    }
    assert take({"customer": "c-1", "email": "ada@example.com", "plan": "fibre"}).json["known"] == 1
    assert {str(each["attributes"]) for each in listed()} == {"{'plan': 'fibre'}", "{}"}


def test_a_dry_run_keeps_nothing(take: Any, listed: Any) -> None:
    assert take({"customer": "c-1"}, dry_run=True).json["joined"] == 1
    assert listed() == []


def test_without_a_proof_of_consent_nobody_is_in(take: Any, listed: Any) -> None:
    report = take(
        {"customer": "c-1"},
        {"customer": "c-2", "consent_text": "v1", "consent_at": "01.10.2026", "consent_source": "fair"},
        consent=None,
    ).json
    assert (report["joined"], report["refused"]) == (1, {"no_consent": {"count": 1, "rows": [1]}})
    [only] = listed()
    assert (only["consent_text"], only["consent_at"], only["consent_source"]) == (
        "v1",
        "2026-10-01T00:00:00Z",
        "fair",
    )


def test_how_members_are_reached_is_told_to_who_asks_and_goes_into_the_record(
    client: Any, keys: Any, take: Any, listed: Any
) -> None:
    take({"customer": "c-1", "email": "ada@example.com"})
    assert "contact" not in listed()[0]
    assert listed(contact="yes")[0]["contact"] == {"email": "ada@example.com", "phone": "", "name": ""}
    read = client.get("/api/v1/changes", headers=keys["admin"]).json["changes"][0]
    assert (read["verb"], read["noun"], read["key"]) == ("read", "panel_contacts", "testers")
    assert (
        client.get("/api/v1/members?community=testers&contact=yes", headers=keys["read"]).status_code == 403
    )


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


@pytest.fixture
def link(session: Session, company: Any, panel: Any, time: Any) -> str:
    customer = workspaces.pseudonym_of(company, "c-9")
    token = panels.links.join_token(
        session, company.workspace_id, panels.links.Join("testers", customer, "link"), time()
    )
    session.commit()
    return f"/j/{token}"


def test_a_link_asks_in_the_reader_s_language_and_a_click_joins(
    client: Any, link: str, listed: Any, session: Session
) -> None:
    page = client.get(link, headers={"Accept-Language": "de-AT"}).text
    assert "Wir dürfen fragen." in page
    assert "Ja, fragen Sie mich" in page
    assert listed() == []
    done = client.post(link, data={"version": "1"}, headers={"Accept-Language": "de-AT"})
    assert done.status_code == 200
    assert "Danke." in done.text
    [member] = listed()
    assert (member["source"], member["consent_text"], member["locale"]) == ("link", "testers-1", "de")
    assert "You are a member already." in client.get(link).text
    assert client.post(link, data={"version": "1"}).status_code == 200
    assert len(listed()) == 1


def test_who_agrees_to_no_text_that_there_is_has_not_joined(client: Any, link: str, listed: Any) -> None:
    assert "Yes, ask me" in client.post(link, data={"version": "7"}).text
    assert listed() == []


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


@pytest.mark.parametrize("way", ["/j/", "/l/"])
def test_a_forged_link_leads_nowhere_kindly(client: Any, company: Any, way: str, link: str) -> None:
    for token in ("nonsense", link.removeprefix("/j/")[:-2] + "xx", "a.b.c.d"):
        for call in (client.get, client.post):
            assert call(f"{way}{token}").status_code == 401
    other = "/l/" if way == "/j/" else "/j/"
    assert client.get(other + "nonsense").status_code == 401


def test_a_link_into_a_panel_is_no_way_out(client: Any, link: str) -> None:
    assert client.post(link.replace("/j/", "/l/")).status_code == 401


def test_members_are_counted_by_attribute_and_month(
    session: Session, take: Any, panel: Any, company: Any, time: Any
) -> None:
    take(*({"customer": f"c-{n}", "plan": "fibre" if n < 6 else "rare"} for n in range(8)))
    row = panels.actions.get(session, company.workspace_id, "testers")
    shares = panels.listing.by_attribute(session, row)
    assert shares == {"plan": [panels.listing.Share("fibre", 6), panels.listing.Share("", None)]}
    months = panels.listing.by_month(session, row, "Europe/Berlin", time())
    assert (len(months), months[-1]) == (12, panels.listing.Month("2026-11", 8, 0))


def test_links_are_made_for_customers_by_their_own_ids(
    client: Any, keys: Any, panel: Any, listed: Any
) -> None:
    made = client.post(
        "/api/v1/communities/testers/links", json={"customers": ["c-1"]}, headers=keys["server"]
    )
    [each] = made.json["links"]
    path = "/j/" + each["link"].rpartition("/j/")[2]
    assert client.post(path, data={"version": "1"}).status_code == 200
    assert [member["source"] for member in listed()] == ["link"]


def test_req_078_who_has_answered_is_offered_to_join_and_a_member_who_leaves_gets_no_more(
    client: Any, keys: Any, panel: Any, trigger: Any, listed: Any
) -> None:
    client.patch("/api/v1/communities/testers", json={"joins_at": "order-confirmed"}, headers=keys["admin"])
    token = trigger(transaction="t-1", customer="c-1")["invitation"]["token"]
    assert "/j/" not in client.get(f"/s/{token}").text
    offered = client.get(f"/w/v1/survey?token={token}").json
    assert (offered["offers"], offered["join"]["text"]) == (["join"], "May we ask you again now and then?")
    assert "At most monthly." in client.get(offered["join"]["url"]).text
    sent = client.post(
        f"/s/{token}", data={"token": token, "response_id": str(uuid.uuid4()), "answers.score": "9"}
    )
    thanks = client.get(sent.location).text
    link = re.search(r'href="(/j/[^"]+)"', thanks)
    assert link, thanks
    client.post(link[1], data={"version": "1"})
    [member] = listed()
    assert (member["source"], member["customer"][:3]) == ("answer", "cu_")
    assert "/j/" not in client.get(sent.location).text
    client.delete("/api/v1/members/c-1", headers=keys["server"])
    assert listed()[0]["left_at"] is not None


def test_how_a_member_is_reached_stands_in_no_export(client: Any, keys: Any, take: Any) -> None:
    take({"customer": "c-1", "email": "ada@example.com", "name": "Ada"})
    told = [
        client.get("/api/v1/members?community=testers", headers=keys["admin"]).text,
        client.get("/api/v1/communities/testers", headers=keys["read"]).text,
        client.get("/api/v1/exports/responses.csv", headers=keys["admin"]).text,
    ]
    assert not any("ada@example.com" in text or "Ada" in text for text in told)
