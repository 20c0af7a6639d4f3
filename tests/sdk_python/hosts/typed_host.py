"""A host under `mypy --strict`: every public call, with the types that it promises."""

from __future__ import annotations

import datetime

import afterword
from afterword.testing import MemoryClient


def handle(problem: afterword.Problem) -> None:
    code: str = problem.code
    print(code, problem.rows)


def use(sdk: afterword.Client) -> str:
    invitation = sdk.trigger_survey(
        "order-confirmed",
        journey="first-order",
        customer="c-1842",
        transaction="order-991",
        attributes={"tariff": "L", "amount": 49.9, "new": True},
        delay=datetime.timedelta(hours=1),
        cancel_on=("refund",),
    )
    expires: datetime.datetime = invitation.expires_at
    stats: afterword.Stats = sdk.stats()
    oldest: float | None = stats.oldest_age
    decisions: list[afterword.Decision] = sdk.decisions(transaction="order-991")
    delivered: bool = sdk.flush(1.0)
    print(expires, oldest, decisions, delivered)
    return invitation.widget_tag() + invitation.email_html() + sdk.customer_token("c-1842")


async def use_async(sdk: afterword.AsyncClient) -> str:
    invitation: afterword.Invitation = await sdk.trigger_survey("order-confirmed")
    return invitation.url


use(afterword.Client("http://127.0.0.1:8400", api_key="aw_sk_...", on_error=handle))
use(MemoryClient())
