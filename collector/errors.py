"""Every error the collector answers with, one tree and one JSON shape (RFC 9457 problem details).

AfterwordError
├── BadInput            422  what was sent does not fit; ``fields`` names each bad place
│   ├── MalformedBody   400  it could not be read at all
│   ├── UnknownEncoding 415  compressed, for example
│   └── BodyTooLarge    413
├── NotAuthenticated    401  no key, a wrong key, a forged or expired token
├── NotAllowed          403  a good key that may not do this
├── NotFound            404
├── Conflict            409  it stands already, and differs
│   └── Stale           412  someone changed it since it was read
├── Gone                410  it was there and is over
├── TooMany             429  try again after ``retry_after`` seconds
└── Unavailable         503  likewise
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

Fields = Mapping[str, Sequence[str]]


class AfterwordError(Exception):
    """An error with a code for programs, a plain sentence for people, and whether trying again helps."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    default_code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        detail: str,
        code: str | None = None,
        fields: Fields | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 document."""
        return problem(self.status, self.title, self.code, self.detail, self.fields)


class BadInput(AfterwordError):
    status, title, default_code = 422, "The input does not fit", "invalid_input"


class MalformedBody(BadInput):
    status, title, default_code = 400, "The body cannot be read", "malformed_body"


class UnknownEncoding(BadInput):
    status, title, default_code = 415, "The body is encoded", "encoded_body"


class BodyTooLarge(BadInput):
    status, title, default_code = 413, "The body is too large", "body_too_large"


class NotAuthenticated(AfterwordError):
    status, title, default_code = 401, "Not authenticated", "not_authenticated"


class NotAllowed(AfterwordError):
    status, title, default_code = 403, "Not allowed", "not_allowed"


class NotFound(AfterwordError):
    status, title, default_code = 404, "Not found", "not_found"


class Conflict(AfterwordError):
    status, title, default_code = 409, "Conflict", "conflict"


class Stale(Conflict):
    status, title, default_code = 412, "Changed meanwhile", "stale_revision"


class Gone(AfterwordError):
    status, title, default_code = 410, "Gone", "gone"


class TooMany(AfterwordError):
    status, title, default_code = 429, "Too many requests", "too_many_requests"


class Unavailable(AfterwordError):
    status, title, default_code = 503, "Unavailable", "unavailable"


def kinds(root: type[AfterwordError] = AfterwordError) -> list[type[AfterwordError]]:
    """Every kind of error in the tree above, each with a status of its own; what stations derive is not among them."""
    own = [kind for kind in root.__subclasses__() if kind.__module__ == __name__]
    return [found for kind in own for found in (kind, *kinds(kind))]


def problem(status: int, title: str, code: str, detail: str, fields: Fields | None = None) -> dict[str, Any]:
    """A problem document; ``type`` points at the page that explains the code."""
    return {
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "fields": {name: list(messages) for name, messages in (fields or {}).items()},
    }
