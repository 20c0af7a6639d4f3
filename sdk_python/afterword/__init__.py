"""Afterword: ask customers one short question at the end of a transaction.

`Client` takes triggers from a business system and returns signed invitations that work at once; a durable outbox
and one background thread bring the triggers to the collector. Nothing here waits for the network, and importing
this package starts nothing.
"""

from typing import TYPE_CHECKING, Any

from .client import Client
from .errors import (
    AfterwordError,
    CollectorError,
    CollectorUnavailable,
    ConfigurationError,
    InvalidArgument,
    InvalidType,
    InvalidWebhook,
    PersonalData,
)
from .invitation import Invitation
from .outbox.rows import DeadLetter
from .reports import Problem
from .stats import Stats
from .version import __version__

if TYPE_CHECKING:
    from .aio import AsyncClient
    from .decisions import Decision
    from .webhooks import WebhookEvent, verify_webhook

__all__ = [
    "AfterwordError",
    "AsyncClient",
    "Client",
    "CollectorError",
    "CollectorUnavailable",
    "ConfigurationError",
    "DeadLetter",
    "Decision",
    "InvalidArgument",
    "InvalidType",
    "InvalidWebhook",
    "Invitation",
    "PersonalData",
    "Problem",
    "Stats",
    "WebhookEvent",
    "__version__",
    "verify_webhook",
]


def __getattr__(name: str) -> Any:
    """Load what not every host needs when it is first asked for: asyncio alone would double the import time."""
    if name == "AsyncClient":
        from .aio import AsyncClient

        return AsyncClient
    if name == "Decision":
        from .decisions import Decision

        return Decision
    if name in {"WebhookEvent", "verify_webhook"}:
        from . import webhooks

        return getattr(webhooks, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
