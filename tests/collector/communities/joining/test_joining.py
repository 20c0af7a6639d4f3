"""Members come in by call, by link and by file, row by row; a link asks first, and one click joins or leaves."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector.communities import panels
from tests.collector.communities.joining.conftest import PANEL


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


@pytest.mark.parametrize("way", ["/j/", "/l/"])
def test_a_forged_link_leads_nowhere_kindly(client: Any, company: Any, way: str, link: str) -> None:
    for token in ("nonsense", link.removeprefix("/j/")[:-2] + "xx", "a.b.c.d"):
        for call in (client.get, client.post):
            assert call(f"{way}{token}").status_code == 401
    other = "/l/" if way == "/j/" else "/j/"
    assert client.get(other + "nonsense").status_code == 401


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
