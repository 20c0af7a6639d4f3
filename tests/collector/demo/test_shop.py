"""The demo shop, over a real collector on the loopback: an order is stored, asked about, and costs nothing if that fails."""

from __future__ import annotations

import re
import threading
import time as clock_time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.serving import make_server

from collector import config, db
from collector.demo import seed, shop
from collector.demo.shop import orders, tariffs
from collector.demo.shop.models import Order
from collector.service.app import create_app

DETAILS = {
    "name": "Mara Lind",
    "email": "mara@example.org",
    "street": "7 Beck Lane",
    "region": "Wickfell",
    "language": "de",
}


@pytest.fixture
def server_key(sqlite_url: str) -> str:
    """A key of the company, whose workspace stands in ``sqlite_url``."""
    engine = db.make_engine(sqlite_url)
    with db.make_sessions(engine).begin() as session:
        opened = seed.open_workspace(session, datetime.now(UTC))
    engine.dispose()
    return opened.server_key


@pytest.fixture
def collector(sqlite_url: str, server_key: str) -> Iterator[str]:
    """The address of a collector that runs in this process."""
    settings = {"AFTERWORD_DATABASE_URL": sqlite_url, "AFTERWORD_SECRET_KEY": "x" * 40}
    app = create_app(config.load(settings))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["afterword_engine"].dispose()


@pytest.fixture
def shop_app(collector: str, server_key: str, tmp_path: Path) -> Iterator[Flask]:
    facts = shop.Shop(f"sqlite:///{tmp_path / 'shop.db'}", collector, server_key, tmp_path / "outbox.db")
    app = shop.create_shop(facts)
    app.testing = True
    yield app
    shop.close(app)


@pytest.fixture
def browser(shop_app: Flask) -> FlaskClient:
    return shop_app.test_client()


def test_an_order_ends_on_a_page_that_asks(browser: FlaskClient, collector: str) -> None:
    page = _buy(browser)
    assert "Thank you, Mara." in page
    assert f'<script src="{collector}/widget/v1.js" async></script><afterword-survey token="' in page
    assert f'href="{collector}/s/' in page
    assert "<svg" in page


def test_the_collector_decides_to_ask_and_a_page_shows_why(browser: FlaskClient) -> None:
    _buy(browser)
    for _ in range(100):
        page = browser.get("/confirmation/1/decision").text
        if "The collector decided: invite." in page and "Reason <code>invited</code>" in page:
            return
        clock_time.sleep(0.1)
    pytest.fail("no decision came back")


def test_the_survey_is_ready_in_the_customers_language(browser: FlaskClient, collector: str) -> None:
    token = re.search(r'token="([^"]+)"', _buy(browser))
    assert token is not None
    with urlopen(f"{collector}/w/v1/survey?token={token[1]}") as answer:
        assert '"locale": "de"' in answer.read().decode().replace('"locale":"de"', '"locale": "de"')


def test_an_order_that_is_not_stored_triggers_nothing(shop_app: Flask) -> None:
    details, _ = orders.read_details(DETAILS)
    sdk = _RefusingAfterTrigger(shop_app.extensions["sdk"])
    with shop_app.extensions["sessions"]() as session, pytest.raises(RuntimeError):
        orders.place(session, sdk, tariffs.TARIFFS[0], details, "c-1", orders.now())  # type: ignore[arg-type]
    with shop_app.extensions["sessions"]() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0
    assert shop_app.extensions["relay"].stats().queued == 0


def test_the_order_goes_through_while_the_collector_is_down(server_key: str, tmp_path: Path) -> None:
    facts = shop.Shop(
        f"sqlite:///{tmp_path / 'shop.db'}", "http://127.0.0.1:9", server_key, tmp_path / "outbox.db"
    )
    app = shop.create_shop(facts)
    app.testing = True
    browser = app.test_client()
    assert "Thank you, Mara." in _buy(browser)
    assert app.extensions["relay"].stats().queued == 1
    assert "No decision yet." in browser.get("/confirmation/1/decision").text
    shop.close(app)


def test_neither_name_nor_address_leaves_the_shop(
    browser: FlaskClient, shop_app: Flask, sqlite_url: str, tmp_path: Path
) -> None:
    _buy(browser)
    for _ in range(100):
        if shop_app.extensions["relay"].stats().queued == 0:
            break
        clock_time.sleep(0.05)
    stored = Path(sqlite_url.removeprefix("sqlite:///"))
    everything = b"".join(path.read_bytes() for path in stored.parent.glob(stored.name + "*"))
    assert b"order-2001" in everything
    for secret in (b"Mara Lind", b"mara@example.org", b"Beck Lane"):
        assert secret not in everything


def test_the_page_allows_one_foreign_script_and_no_inline_code(browser: FlaskClient, collector: str) -> None:
    policy = browser.get("/").headers["Content-Security-Policy"]
    assert f"script-src {collector};" in policy
    assert "unsafe" not in policy
    page = _buy(browser)
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page)


def test_what_is_typed_wrong_is_said_beside_its_field(browser: FlaskClient) -> None:
    answer = browser.post("/order/fibre-m", data={**DETAILS, "email": "mara", "form_token": _token(browser)})
    assert answer.status_code == 422
    assert "This does not look like an e-mail address." in answer.text
    assert 'value="mara"' in answer.text


def test_a_form_from_elsewhere_buys_nothing(browser: FlaskClient, shop_app: Flask) -> None:
    browser.post("/order/fibre-m", data={**DETAILS, "form_token": _token(browser)})
    assert browser.post("/order/fibre-m/checkout", data={"form_token": "guessed"}).status_code == 302
    with shop_app.extensions["sessions"]() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0


def test_somebody_elses_order_is_not_shown(browser: FlaskClient, shop_app: Flask) -> None:
    _buy(browser)
    assert shop_app.test_client().get("/confirmation/1").status_code == 404


@pytest.mark.parametrize("path", ["/order/fibre-xl", "/confirmation/99", "/nowhere"])
def test_what_is_not_there_says_so(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, "This path ends here." in answer.text) == (404, True)


class _RefusingAfterTrigger:
    """An SDK behind whose trigger something in the shop breaks."""

    def __init__(self, sdk: Any) -> None:
        self._sdk = sdk

    def trigger_survey(self, **arguments: Any) -> Any:
        self._sdk.trigger_survey(**arguments)
        raise RuntimeError("the shop's own fault")


def _token(browser: FlaskClient) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', browser.get("/order/fibre-m").text)
    assert found is not None
    return found[1]


def _buy(browser: FlaskClient) -> str:
    token = _token(browser)
    assert browser.post("/order/fibre-m", data={**DETAILS, "form_token": token}).status_code == 302
    return browser.post("/order/fibre-m/checkout", data={"form_token": token}, follow_redirects=True).text
