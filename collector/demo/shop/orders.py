"""Placing an order: the business transaction, and the one call that asks about it afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import afterword
from sqlalchemy.orm import Session

from collector.demo.shop import ways
from collector.demo.shop.models import Order
from collector.demo.shop.tariffs import LANGUAGES, REGIONS, Tariff

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Details:
    """Who orders and where the line goes."""

    name: str
    email: str
    street: str
    region: str
    language: str


def read_details(form: Mapping[str, str]) -> tuple[Details, dict[str, str]]:
    """What was typed, and per field what is wrong with it."""
    typed = {
        name: form.get(name, "").strip()[:120] for name in ("name", "email", "street", "region", "language")
    }
    wrong = {
        "name": "" if len(typed["name"]) >= 2 else "Please tell us your name.",
        "email": "" if EMAIL.fullmatch(typed["email"]) else "This does not look like an e-mail address.",
        "street": "" if len(typed["street"]) >= 4 else "Street and number, please.",
        "region": "" if typed["region"] in REGIONS else "Please choose where the line goes.",
        "language": "" if typed["language"] in LANGUAGES else "Please choose a language.",
    }
    return Details(**typed), {name: text for name, text in wrong.items() if text}


def place(
    session: Session, sdk: afterword.Client, tariff: Tariff, details: Details, customer: str, now: datetime
) -> Order:
    """Store the order and its trigger in one transaction: no survey without the order, no order lost to a survey."""
    order = Order(
        customer=customer,
        tariff=tariff.key,
        name=details.name,
        email=details.email,
        street=details.street,
        region=details.region,
        language=details.language,
        activation_on=activation_day(now.date()),
        ordered_at=now,
        attributes={"tariff": tariff.name, "region": details.region},
    )
    session.add(order)
    session.flush()  # numbers the order
    invitation = sdk.trigger_survey(
        touchpoint="order-confirmed",
        journey="first-order",
        customer=order.customer,
        transaction=order.transaction,
        locale=order.language,
        channel="web",
        attributes=order.attributes,
        journey_instance=ways.asked_at("order-confirmed", order.transaction),
        session=session,
    )
    order.survey_html, order.survey_url = invitation.widget_tag(), invitation.url
    session.commit()
    return order


def activation_day(today: date) -> date:
    """A week ahead, and never on a Sunday."""
    day = today + timedelta(days=7)
    return day + timedelta(days=day.weekday() == 6)


def now() -> datetime:
    """The shop's clock."""
    return datetime.now(UTC)
