"""The shop as a Flask application."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import afterword
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
    """An app with its own database and its own SDK client; close the client with ``app.extensions["sdk"].close()``."""
    app = Flask(__name__)
    app.secret_key = shop.secret or secrets.token_hex(32)
    app.config.update(
        SESSION_COOKIE_NAME="tarnwick", SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=64 * 1024
    )
    app.extensions["shop"] = shop
    app.extensions["sdk"] = afterword.Client(
        shop.collector, api_key=shop.server_key, outbox=str(shop.outbox) if shop.outbox else None
    )
    app.extensions["sessions"] = sessionmaker(models.open_database(shop.database_url), expire_on_commit=False)
    app.register_blueprint(pages.pages)
    app.jinja_env.filters["euros"] = euros
    app.after_request(lambda response: _strict(response, shop.collector))
    return app


def _strict(response: Response, collector: str) -> Response:
    """A policy as strict as any: of other people's scripts only the collector's, and no inline code at all."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {collector}; connect-src {collector}; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response
