"""The shop as a Flask application."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import afterword
from afterword.transactional.relay import Relay
from flask import Flask, Response
from sqlalchemy.orm import sessionmaker

from collector.demo.shop import models, pages
from collector.demo.shop.tariffs import euros


@dataclass(frozen=True)
class Shop:
    """What the shop needs: its own database, the collector's address for its pages and for the SDK, and a server key."""

    database_url: str
    collector: str
    server_key: str
    outbox: Path | None
    secret: str = ""


def create_shop(shop: Shop) -> Flask:
    """An app with its own database, its own SDK client and a relay for committed triggers; end it with ``close``."""
    app = Flask(__name__)
    app.secret_key = shop.secret or secrets.token_hex(32)
    app.config.update(
        SESSION_COOKIE_NAME="tarnwick", SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=64 * 1024
    )
    app.extensions["shop"] = shop
    app.extensions["sdk"] = afterword.Client(
        shop.collector, api_key=shop.server_key, outbox=str(shop.outbox) if shop.outbox else None
    )
    engine = models.open_database(shop.database_url)
    app.extensions["sessions"] = sessionmaker(engine, expire_on_commit=False)
    app.extensions["relay"] = Relay(engine, shop.collector, api_key=shop.server_key, poll=0.2)
    app.extensions["relay"].start()
    app.register_blueprint(pages.pages)
    app.jinja_env.filters["euros"] = euros
    app.after_request(lambda response: _strict(response, shop.collector))
    return app


def close(app: Flask) -> None:
    """End the deliveries; what is not delivered yet stays in the shop's database and goes out at the next start."""
    app.extensions["relay"].stop()
    app.extensions["sdk"].close(3)
    app.extensions["sessions"].kw["bind"].dispose()


def _strict(response: Response, collector: str) -> Response:
    """A policy as strict as any: of other people's scripts only the collector's, and no inline code at all."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {collector}; connect-src {collector}; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response
