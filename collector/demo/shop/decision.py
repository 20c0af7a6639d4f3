"""What the collector made of an order: asked for with the server key, in the backend, as an operator's tool would."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

PATIENCE = 2.0
"""Seconds to wait for the collector."""


def decision_about(collector: str, server_key: str, transaction: str) -> dict[str, Any] | None:
    """The newest stored decision about a transaction; None where there is none yet or the collector is down."""
    address = f"{collector}/api/v1/decisions?transaction={quote(transaction)}"
    request = Request(address, headers={"Authorization": f"Bearer {server_key}"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            found: list[dict[str, Any]] = json.load(answer)["decisions"]
    except (URLError, OSError, ValueError, KeyError):
        return None
    return found[0] if found else None
