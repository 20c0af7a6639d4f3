"""A path in AFTERWORD_URL holds for every address that a page, a redirect, a cookie or a document names."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import addresses, clock, workspaces
from collector.config import SETTINGS, Config, SettingError
from collector.config import load as load_config
from collector.service.app import create_app

PREFIX = "/feedback"
ADDRESS = re.compile(r'\s(href|src|action|formaction|data-move)="([^"]*)"')


@pytest.fixture
def prefixed(config: Config, engine: Engine, time: clock.FixedClock) -> Flask:
    url = {"AFTERWORD_URL": f"https://shop.example.com{PREFIX}/"}
    given = {"AFTERWORD_DATABASE_URL": config.database_url, "AFTERWORD_SECRET_KEY": config.secret_key[0]}
    return create_app(load_config(given | url), engine, time)


@pytest.fixture
def browser(prefixed: Flask, session: Session, company: Any, time: clock.FixedClock) -> Any:
    """Somebody who signed in under the prefix."""
    email, password = "ada@example.com", "a long password"
    workspaces.add_person(session, company.workspace_id, email, "Ada", password, time(), "administrator")
    session.commit()
    client = prefixed.test_client()
    base = "https://shop.example.com"
    page = client.get(f"{PREFIX}/sign-in", base_url=base)
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    form = {"csrf": token[1], "email": email, "password": password}
    done = client.post(f"{PREFIX}/sign-in", data=form, base_url=base)
    assert done.status_code == 303
    assert done.location.startswith(f"{PREFIX}/")
    assert all(f"Path={PREFIX}" in cookie for cookie in done.headers.getlist("Set-Cookie"))
    return lambda path: client.get(path, base_url=base, headers={"Accept": "text/html"})


def test_every_page_that_can_be_reached_stays_under_the_prefix(browser: Any) -> None:
    waiting, seen = [f"{PREFIX}/"], set()
    while waiting and len(seen) < 150:
        path = waiting.pop()
        answer = browser(path)
        assert answer.status_code < 400, (path, answer.status_code)
        ways = [("href", answer.location)] if answer.location else []
        ways += ADDRESS.findall(answer.text) if answer.mimetype == "text/html" and not ways else []
        for name, address in ways:
            inside = address.startswith(f"{PREFIX}/") or not address.startswith("/")
            assert inside, f"{path} leads to {address}"
            way = unescape(address).partition("#")[0].partition("?")[0]
            if name == "href" and way.startswith("/") and way not in seen:
                seen.add(way)
                waiting.append(way)
        answer.close()
    assert len(seen) > 25


def test_a_proxy_may_take_the_prefix_off_or_leave_it(prefixed: Flask) -> None:
    client = prefixed.test_client()
    assert client.get("/livez").status_code == client.get(f"{PREFIX}/livez").status_code == 200
    assert client.get("/feedbacks/livez").status_code == 404


def test_doubled_slashes_lead_to_the_path_without_them_below_the_prefix(prefixed: Flask, client: Any) -> None:
    for place, asked in ((PREFIX, prefixed.test_client()), ("", client)):
        for doubled in ("/w//v1/survey?token=a%20b", "/w/v1///survey?token=a%20b"):
            answer = asked.get(place + doubled, base_url="https://shop.example.com")
            assert (answer.status_code, answer.location) == (308, f"{place}/w/v1/survey?token=a%20b")


def test_documents_name_addresses_under_the_prefix(prefixed: Flask) -> None:
    client = prefixed.test_client()
    assert client.get("/openapi.json").json["servers"] == [{"url": PREFIX}]
    assert client.get("/api/v1/kpis").json["type"].startswith(f"{PREFIX}/docs/errors#")


def test_without_a_path_nothing_changes(client: Any) -> None:
    assert "servers" not in client.get("/openapi.json").json
    assert client.get("/api/v1/kpis").json["type"].startswith("/docs/errors#")


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ('<a href="/x">', '<a href="/p/x">'),
        ('<a href="{{ there }}/y">', '<a href="/p/there/y">'),
        ('<a class="k" href="{% if there == "/no" %}/a{% else %}/b{% endif %}?q={{ 1 }}">', '<a class="k" href="/p/b?q=1">'),
        ('<a href="{{ whole }}">', '<a href="https://e.org/z">'),
        ('<a href="#here"><a href="//e.org/x">', '<a href="#here"><a href="//e.org/x">'),
        ('<button formaction="/a" data-x="/a">', '<button formaction="/p/a" data-x="/a">'),
    ],
)  # fmt: skip
def test_templates_speak_of_paths_from_the_root(source: str, right: str) -> None:
    app = Flask(__name__)
    addresses.install(app, "https://e.org/p")
    made = app.jinja_env.from_string(source)
    assert made.render(there="/there", whole="https://e.org/z") == right


@pytest.mark.parametrize(
    ("host", "right"),
    [
        ("127.0.0.1", "http://127.0.0.1:8400"),
        ("0.0.0.0", "http://127.0.0.1:8400"),
        ("::", "http://127.0.0.1:8400"),
        ("[::]", "http://127.0.0.1:8400"),
        ("", "http://127.0.0.1:8400"),
        ("::1", "http://[::1]:8400"),
        ("[::1]", "http://[::1]:8400"),
        ("localhost", "http://localhost:8400"),
    ],
)
def test_the_address_of_a_listening_server_can_be_typed(host: str, right: str) -> None:
    assert addresses.listening(host, 8400) == right


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://x", "https://x"),
        (" HTTPS://x:8400/ ", "https://x:8400"),
        ("https://x/rück meldung/", "https://x/r%C3%BCck%20meldung"),
        ("https://x/r%C3%BCck/(a)", "https://x/r%C3%BCck/(a)"),
        ("https://x/a?", "https://x/a"),
        ("https://x/a#", "https://x/a"),
    ],
)
def test_an_address_is_kept_as_it_is_sent(written: str, kept: str) -> None:
    assert addresses.public(written) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "collector.example.com"),
        ("URL", "https://"),
        ("URL", "https://:8400"),
        ("URL", "https://x:58x7"),
        ("URL", "https://x:99999"),
        ("URL", "https://x/?page=1"),
        ("URL", "https://x/#here"),
        ("URL", "https://x//feedback"),
        ("URL", "https://x/a//b/"),
        ("URL", "https://me:secret@x"),
        ("SMTP_URL", "smtp://host:58x7"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "http://host"),
    ],
)
def test_a_bad_address_stops_the_start_with_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"AFTERWORD_{name}") as caught:
        load_config({f"AFTERWORD_{name}": value, "AFTERWORD_DATABASE_URL": "sqlite:///:memory:"})
    assert "\n" not in str(caught.value)


def test_the_settings_of_the_sdk_in_the_same_shell_are_passed_over() -> None:
    files = (Path(__file__).parents[2] / "sdk_python/afterword").rglob("*.py")
    read = {name for file in files for name in re.findall(r"\bAFTERWORD_[A-Z_]+\b", file.read_text("utf-8"))}
    ours = {f"AFTERWORD_{setting.name}" for setting in SETTINGS}
    assert len(read - ours) > 4
    for name in {*read, "AFTERWORD_PUBLIC_URL"} - ours:
        load_config({name: "anything", "AFTERWORD_DATABASE_URL": "sqlite:///:memory:"})
