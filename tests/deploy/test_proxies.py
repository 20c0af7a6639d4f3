"""The proxies' files as they are shipped, by the real nginx and Caddy: TLS, a path, IPv4 and IPv6."""

from __future__ import annotations

import json
import uuid
from http.client import HTTPConnection

import pytest

from tests.deploy.conftest import Behind

FAMILIES = ("IPv4", "IPv6")


@pytest.mark.parametrize("family", FAMILIES)
def test_somebody_signs_in_and_reads_a_live_page(behind: Behind, family: str) -> None:
    answer = behind.sign_in(family)
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"{behind.place}/")
    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert f"Path={behind.place or '/'}" in cookie
    page, content = behind.call("GET", "/journeys/first-order", family)
    assert page.status == 200
    assert f"{behind.place}/static/live.js?".encode() in content
    again, _ = behind.call(
        "GET", "/journeys/first-order", family, **{"If-None-Match": page.headers.get("ETag", "")}
    )
    assert again.status in {200, 304}
    assert page.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_customer_answers_by_widget_and_by_link(behind: Behind, family: str) -> None:
    script, content = behind.call("GET", "/widget/v1.js", family, **{"Accept-Encoding": "br"})
    assert (script.status, script.headers["Content-Encoding"]) == (200, "br")
    assert len(content) < 7_000
    token = behind.invite()
    page, html = behind.call("GET", f"/s/{token}", family)
    assert page.status == 200
    assert f"{behind.place}/w/v1".encode() in html or f"{behind.place}/s/".encode() in html
    survey, said = behind.call("GET", f"/w/v1/survey?token={token}", family)
    assert (survey.status, json.loads(said)["survey"]["key"]) == (200, "order-nps")
    given = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
    stored, _ = behind.call(
        "POST", "/w/v1/responses", family, json.dumps(given), **{"Content-Type": "text/plain"}
    )
    assert stored.status == 201
    assert stored.headers["Access-Control-Allow-Origin"] == "*"


def test_links_and_documents_name_the_address_outside(behind: Behind) -> None:
    key = {"Authorization": f"Bearer {behind.collector.keys['server_key']}"}
    place = {"touchpoint": "order-confirmed", "customer": "c-link", "transaction": "t-link"}
    body = json.dumps({"triggers": [place]})
    decided = json.loads(behind.call("POST", "/api/v1/triggers", "IPv4", body, **key)[1])
    assert decided["decisions"][0]["invitation"]["url"].startswith(f"{behind.url}/s/")
    refused = json.loads(behind.call("GET", "/api/v1/kpis", "IPv4")[1])
    assert refused["type"].startswith(behind.place + "/docs/errors") or behind.url in refused["type"]


def test_figures_of_the_machine_stay_inside(behind: Behind) -> None:
    assert behind.call("GET", "/metrics", "IPv4")[0].status in {401, 404}
    assert behind.call("GET", "/readyz", "IPv4")[0].status == 200


def test_plain_http_is_sent_to_tls(behind: Behind) -> None:
    if behind.plain is None:
        return  # Caddy does so by itself, at ports 80 and 443 only
    connection = HTTPConnection("127.0.0.1", behind.plain, timeout=30)
    connection.request("GET", "/s/abc?score=9", headers={"Host": "localhost"})
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (308, "https://localhost/s/abc?score=9")


def test_no_log_holds_a_link(behind: Behind) -> None:
    token = behind.invite()
    behind.call("GET", f"/s/{token}", "IPv4")
    behind.call("GET", f"/w/v1/survey?token={token}", "IPv4")
    logs = [path for path in behind.folder.iterdir() if path.suffix == ".log"]
    assert logs
    assert not [path for path in logs if token in path.read_text("utf-8", "replace")]
