"""Django: `INSTALLED_APPS = [..., "afterword.integrations.django"]` and `AFTERWORD = {"url": ..., "api_key": ...}`.

`trigger_survey()` and its siblings write into the transaction that is open on a database, so that the trigger shares its fate: call them inside
`transaction.atomic()`, for outside of it Django commits each statement on its own.
`transaction.on_commit` is not enough for that: its hooks run after the commit, in memory, so a process that dies
in between has an order without a trigger. The command `afterword_relay` brings committed rows to the collector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...client import Client
    from ...invitation import Invitation

_made: dict[str, Client] = {}


def client() -> Client:
    """Return the client of this process, made from `settings.AFTERWORD` (the arguments of `Client`) when first used."""
    from django.conf import settings

    from ...client import Client

    if "client" not in _made:
        _made["client"] = Client(**settings.AFTERWORD)
    return _made["client"]


def use(replacement: Client | None) -> None:
    """Use another client from now on, for example in tests; None goes back to the settings."""
    _made.clear()
    if replacement is not None:
        _made["client"] = replacement


def trigger_survey(touchpoint: str, *, using: str = "default", **arguments: Any) -> Invitation:
    """Trigger inside the transaction that is open on the database `using`; the arguments are those of `Client`."""
    from django.db import connections

    return client().trigger_survey(touchpoint, session=connections[using], **arguments)


def record_interaction(touchpoint: str | None = None, *, using: str = "default", **arguments: Any) -> str:
    """Record a step inside the transaction that is open on the database `using`."""
    from django.db import connections

    return client().record_interaction(touchpoint, session=connections[using], **arguments)


def cancel_survey(*, transaction: str, using: str = "default") -> None:
    """Cancel inside the transaction that is open on the database `using`."""
    from django.db import connections

    client().cancel_survey(transaction=transaction, session=connections[using])


def erase_customer(customer: str, *, using: str = "default") -> None:
    """Erase a customer once the transaction that is open on the database `using` has been committed."""
    from django.db import connections

    client().erase_customer(customer, session=connections[using])
