"""Asks the collector what it decided and why. With `load_runs`, the only calls of the SDK that wait for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from .delivery.plan import Request
from .delivery.transport import Transport, TransportError
from .delivery.verdicts import Answer
from .errors import CollectorError, CollectorUnavailable

_PAGES = 20


class Decision(NamedTuple):
    """What the collector decided for one trigger; times are RFC 3339 texts, `customer` is a pseudonym."""

    trigger_id: str
    decision: str
    """`invite` or `skip`."""
    reason: str
    rule: str | None
    next_eligible_at: str | None
    touchpoint: str | None
    journey: str | None
    customer: str | None
    transaction: str | None
    decided_at: str | None


def fetch_decisions(transport: Transport, wanted: Mapping[str, str]) -> list[Decision]:
    """Return the decisions for a transaction or a customer, following the pages."""
    found: list[Decision] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        query = {**wanted, "cursor": cursor} if cursor else dict(wanted)
        page = fetch(transport, f"/api/v1/decisions?{urlencode(query)}", "decisions")
        found += [_decision(item) for item in page.get("decisions", [])]
        cursor = page.get("next")
        if not cursor:
            break
    return found


def _decision(item: Mapping[str, Any]) -> Decision:
    return Decision(**{name: item.get(name) for name in Decision._fields})  # type: ignore[arg-type]


def fetch(transport: Transport, path: str, name: str) -> dict[str, Any]:
    """Return what the collector says at a path, which has a list of this name; raises what a caller is told."""
    try:
        answer = transport.send(Request("GET", path, None, (), None))
    except TransportError as error:
        raise CollectorUnavailable(
            f"the collector does not answer: {error}", code="unavailable", status=0
        ) from error
    said = _object(answer)
    if answer.status == 200 and name in said:
        return said
    kind = (
        CollectorUnavailable if answer.status in (408, 425, 429) or answer.status >= 500 else CollectorError
    )
    detail = str(said.get("detail") or said.get("title") or f"HTTP {answer.status}")
    raise kind(
        detail,
        code=str(said.get("code") or "unexpected_answer"),
        status=answer.status,
        fields=said.get("fields"),
    )


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
