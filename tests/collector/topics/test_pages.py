"""The page and the calls of what customers say; a topic filters comments, and becomes an insight in one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.changes import Change
from collector.insights import Insight
from collector.responses import Response

Say = Callable[..., list[Response]]


def test_req_133_the_page_shows_fifty_near_equal_complaints_as_one_topic_on_top(
    manager: FlaskClient, plant: Any, say: Say
) -> None:
    say("order-confirmed", ["Ordered in four minutes, lovely"] * 60, score=10)
    page = manager.get("/topics?lang=en").text
    assert "50 people" in page or "49 people" in page
    assert page.index("technician") < page.index("Ordered")
    assert "Words of the unhappy" in page
    assert "at most 1 in 1,000 is chance" in page
    assert "/touchpoints/installed?" in page


def test_req_120_the_page_marks_what_is_new_with_its_certainty(manager: FlaskClient, say: Say) -> None:
    usual = ["She solved it in two minutes", "The bill is clear", "The app shows my usage late"]
    for days in (3, 40):
        for text in usual:
            say("order-confirmed", [text] * 20, score=9, days=days)
    say("installed", ["The new router overheats beside the window"] * 14)
    page = manager.get("/topics?lang=en&days=30").text
    first = page[page.index('<li class="topic">') :]
    first = " ".join(first[: first.index("</li>")].split())
    assert "router" in first
    assert '<span class="badge badge--pain">new</span>' in first
    assert "0 in the period before (of all that stand out so clearly, on average at most 1 in" in first
    assert page.count('<span class="badge badge--pain">new</span>') == 1


def test_req_137_the_page_shows_what_the_customers_of_one_channel_share(
    manager: FlaskClient, say: Say
) -> None:
    say("order-confirmed", ["Forty minutes in the queue"] * 40, channel="phone")
    say("order-confirmed", ["The chat window closed itself"] * 40, channel="web")
    page = " ".join(manager.get("/topics?lang=en").text.split())
    side = page[page.index("Words by Phone") :]
    words = side[: side.index("</table>")]
    assert "queue" in words
    assert "window" not in words
    assert "of all that stand out so clearly, on average at most 1 in 1,000 is chance" in words


def test_a_topic_is_a_filter_of_comments(manager: FlaskClient, plant: Any, say: Say) -> None:
    say("installed", ["He explained everything calmly"] * 5, score=10)
    topic = plant[7].response_id
    for address in (f"/topics?topic={topic}", f"/touchpoints/installed?topic={topic}"):
        page = manager.get(address + "&lang=en").text
        assert page.count('<li class="voice">') >= 45
        assert "He explained everything" not in page.split('data-part="voices"')[1]


def test_a_topic_becomes_an_insight_in_one_click(manager: FlaskClient, plant: Any, session: Session) -> None:
    page = manager.get("/topics?lang=en").text
    form = re.search(r'<form class="act no-print" method="post" action="/insights">(.*?)</form>', page, re.S)
    assert form is not None
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form[1])
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    answer = manager.post("/insights", data=sent)
    assert answer.status_code == 303
    row = session.scalars(select(Insight)).one()
    assert row.touchpoint == "installed"
    assert row.title.startswith("Customers say: ")
    assert "people said so from" in row.text
    assert manager.get(answer.location).text.count('<li class="voice">') == 3, "three of them are cited"
    assert session.scalars(select(Change.verb).where(Change.noun == "insight")).all() == ["filed"]


def test_without_comments_the_page_says_what_to_do(manager: FlaskClient) -> None:
    page = manager.get("/topics?lang=en").text
    assert "Nobody has written anything in this period yet." in page
    assert 'href="/surveys"' in page


def test_few_comments_are_no_topic_and_it_says_so(manager: FlaskClient, say: Say) -> None:
    say("installed", ["The router loses its connection"] * 4)
    page = manager.get("/topics?lang=en").text
    assert "No five people wrote nearly the same." in page
    assert "Words are compared from 30 comments on each side on." in page


def test_a_place_that_is_not_here_is_not_found(manager: FlaskClient) -> None:
    assert manager.get("/topics?touchpoint=nowhere").status_code == 404
    assert manager.get("/topics?journey=nowhere").status_code == 404
    assert manager.get("/topics?band=sideways&topic=x").status_code == 200


def test_what_a_customer_wrote_is_text_on_the_page(manager: FlaskClient, say: Say) -> None:
    say("installed", ["<script>alert(1)</script> is broken router"] * 6)
    page = manager.get("/topics").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_call_tells_the_same(client: FlaskClient, keys: Any, plant: Any, say: Say) -> None:
    found = client.get("/api/v1/topics?touchpoint=installed", headers=keys["admin"]).json
    (topic, *_rest) = found["topics"]
    assert topic["n"] >= 45
    assert topic["unhappy"] == topic["n"]
    assert (found["from"] < found["to"], found["partial"]) == (True, False)
    comments = client.get(f"/api/v1/topics/{topic['topic_id']}/comments", headers=keys["admin"]).json[
        "comments"
    ]
    assert len(comments) >= 45
    other = client.get(
        f"/api/v1/topics/{topic['topic_id']}/comments?touchpoint=order-confirmed", headers=keys["admin"]
    )
    assert (other.status_code, other.json["code"]) == (404, "unknown_topic")
    assert client.get("/api/v1/topics?touchpoint=nowhere", headers=keys["admin"]).status_code == 404
    assert (
        client.get("/api/v1/topics?from=2026-02-01&to=2026-01-01", headers=keys["admin"]).status_code == 422
    )
    assert client.get("/api/v1/topics", headers=keys["read"]).status_code == 403


def test_the_file_has_a_line_for_each_topic(
    client: FlaskClient, keys: Any, say: Say, session: Session
) -> None:
    say("installed", ["=cmd|' /C calc'!A0 router"] * 6)
    lines = client.get("/api/v1/exports/topics.csv", headers=keys["admin"]).text.splitlines()
    assert lines[0].startswith("topic_id,terms,touchpoint,n,")
    assert ",=cmd" not in lines[1], "a formula is made harmless"
    assert session.scalars(select(Change.noun).where(Change.verb == "exported")).all() == ["topics"]
