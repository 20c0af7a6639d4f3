"""Afterword: ask customers one short question at the end of a transaction.

`Client` takes triggers from a business system and returns signed invitations that work at once; a durable outbox
and one background thread bring the triggers to the collector. Nothing here waits for the network, and importing
this package starts nothing.
"""

from .client import Client
from .errors import (
    AfterwordError,
    CollectorError,
    CollectorUnavailable,
    ConfigurationError,
    InvalidArgument,
    InvalidType,
    PersonalData,
)
from .invitation import Invitation
from .outbox.rows import DeadLetter
from .reports import Problem
from .stats import Stats
from .version import __version__

__all__ = [
    "AfterwordError",
    "Client",
    "CollectorError",
    "CollectorUnavailable",
    "ConfigurationError",
    "DeadLetter",
    "InvalidArgument",
    "InvalidType",
    "Invitation",
    "PersonalData",
    "Problem",
    "Stats",
    "__version__",
]
