"""The shop's pages: tariffs, details, checkout, confirmation. They work without a script; the survey brings its own."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from collector.demo.shop import decision, orders, tariffs
from collector.demo.shop.models import Order
from collector.demo.shop.qr import qr_code

pages = Blueprint("shop", __name__)
EXAMPLE = {"name": "Mara Lind", "email": "mara@example.com", "street": "7 Beck Lane", "region": "Wickfell"}
"""Filled in beforehand: whoever tries the demo wants to see the end of the order, not to type."""


@pages.get("/")
def home() -> str:
    return render_template("home.html", tariffs=tariffs.TARIFFS)


@pages.get("/order/<key>")
def details(key: str) -> str:
    tariff = _tariff(key)
    _sdk().record_interaction("tariff-page", journey="first-order", customer=_customer(), channel="web")
    language = request.accept_languages.best_match(list(tariffs.LANGUAGES)) or "en"
    typed = {**EXAMPLE, "language": language, **session.get("details", {})}
    return _details_page(tariff, typed, {})


@pages.post("/order/<key>")
def keep_details(key: str) -> str | Response | tuple[str, int]:
    tariff = _tariff(key)
    _guard_form()
    typed, wrong = orders.read_details(request.form)
    if wrong:
        return _details_page(tariff, asdict(typed), wrong), 422
    session["details"] = asdict(typed)
    return redirect(url_for("shop.checkout", key=key))


@pages.get("/order/<key>/checkout")
def checkout(key: str) -> str | Response:
    tariff = _tariff(key)
    typed, wrong = orders.read_details(session.get("details", {}))
    if wrong:
        return redirect(url_for("shop.details", key=key))
    day = orders.activation_day(orders.now().date())
    return render_template("checkout.html", tariff=tariff, details=typed, day=day)


@pages.post("/order/<key>/checkout")
def buy(key: str) -> Response:
    tariff = _tariff(key)
    _guard_form()
    typed, wrong = orders.read_details(session.get("details", {}))
    if wrong:
        return redirect(url_for("shop.details", key=key))
    with current_app.extensions["sessions"]() as database:
        order = orders.place(database, _sdk(), tariff, typed, _customer(), orders.now())
    session.pop("form_token", None)
    return redirect(url_for("shop.confirmation", number=order.number))


@pages.get("/confirmation/<int:number>")
def confirmation(number: int) -> str:
    order = _order(number)
    return render_template(
        "confirmation.html",
        order=order,
        tariff=tariffs.find(order.tariff),
        survey=Markup(order.survey_html),  # made by the SDK, which escapes what comes from outside
        qr=Markup(qr_code(order.survey_url)),
        collector=current_app.extensions["shop"].collector,
    )


@pages.get("/confirmation/<int:number>/decision")
def decided(number: int) -> str:
    """A page of its own: the confirmation never waits for the collector."""
    order, shop = _order(number), current_app.extensions["shop"]
    found = decision.decision_about(shop.collector, shop.server_key, order.transaction)
    return render_template("decision.html", order=order, decision=found, shown=json.dumps(found, indent=2))


@pages.post("/again")
def again() -> Response:
    """Begin as another customer: the collector would not ask the same one about the same order twice."""
    _guard_form()
    session.clear()
    return redirect(url_for("shop.home"))


@pages.app_errorhandler(404)
def missing(_error: Exception) -> tuple[str, int]:
    return render_template("missing.html"), 404


@pages.app_context_processor
def form_token() -> dict[str, Any]:
    return {"form_token": _form_token}


def _details_page(tariff: tariffs.Tariff, typed: dict[str, str], wrong: dict[str, str]) -> str:
    return render_template(
        "details.html",
        tariff=tariff,
        typed=typed,
        wrong=wrong,
        regions=[(name, name) for name in tariffs.REGIONS],
        languages=tariffs.LANGUAGES,
    )


def _tariff(key: str) -> tariffs.Tariff:
    return tariffs.find(key) or abort(404)


def _order(number: int) -> Order:
    """An order of this browser's customer; nobody else's."""
    query = select(Order).where(Order.number == number, Order.customer == session.get("customer", ""))
    with current_app.extensions["sessions"]() as database:
        order: Order | None = database.scalars(query).first()
    return order or abort(404)


def _sdk() -> Any:
    return current_app.extensions["sdk"]


def _customer() -> str:
    return str(session.setdefault("customer", f"c-{secrets.token_hex(5)}"))


def _form_token() -> str:
    return str(session.setdefault("form_token", secrets.token_urlsafe(16)))


def _guard_form() -> None:
    """Refuse a form that was not served to this browser (CSRF), or was sent a second time."""
    if not secrets.compare_digest(request.form.get("form_token", ""), session.get("form_token", "") or "-"):
        abort(redirect(url_for("shop.home")))
