"""What the SDK may raise.

AfterwordError               code, and a sentence that says what to do
├── InvalidArgument          (ValueError) a value that the collector would refuse
│   ├── PersonalData         an e-mail address, phone number or IBAN where none belongs
│   └── ConfigurationError   the client, or the caller's database, is set up wrongly
├── InvalidType              (TypeError) a value of the wrong type
├── InvalidWebhook           a message that is not genuine, was altered, or is too old
└── CollectorError           only from calls that ask the collector and wait: `decisions()`
    └── CollectorUnavailable no answer: trying again later helps
"""

from __future__ import annotations


class AfterwordError(Exception):
    """Base of all errors raised by the SDK; `code` is stable and meant for programs."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidArgument(AfterwordError, ValueError):
    """A value that the collector would refuse; raised at once, in development as in production."""


class PersonalData(InvalidArgument):
    """A value that looks like an e-mail address, a phone number or an IBAN."""


class ConfigurationError(InvalidArgument):
    """The client was made with settings that can never work."""


class InvalidType(AfterwordError, TypeError):
    """A value of the wrong type."""


class InvalidWebhook(AfterwordError):
    """A message that is not from the collector, not as it was sent, or not of now: answer 401, and believe none of it."""


class CollectorError(AfterwordError):
    """The collector answered a question with a problem document; `status` is the HTTP status."""

    def __init__(
        self, message: str, *, code: str, status: int, fields: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.fields = fields or {}


class CollectorUnavailable(CollectorError):
    """The collector could not be reached, or asked to be left alone for a while."""
