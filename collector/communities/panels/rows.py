"""A row of a members' file or call as somebody who joins; raises ``Unfit`` with what is wrong with it. Pure.

Tolerant where nothing is lost by it: any order and case of columns, spaces, days in ISO or German form. Every column that
is no name of ours is an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, validate

from collector import values
from collector.communities.panels.contacts import Contact
from collector.communities.panels.joining import Consent
from collector.personal_data import personal_data_in

CONTACT = ("email", "phone", "name")
CONSENT = ("consent_text", "consent_at", "consent_source")
NAMES = ("customer", *CONTACT, "locale", *CONSENT)
"""What a row may say beside its attributes."""
MOST_ATTRIBUTES, LONGEST_ATTRIBUTE = 20, 200
REASONS = {
    "no_customer": "neither customer nor e-mail address",
    "bad_customer": "an id of more than 256 characters",
    "bad_email": "no e-mail address",
    "bad_phone": "no phone number in international form",
    "no_consent": "no proof of consent: text, time and source",
    "bad_consent_at": "a time of consent that is none, or lies ahead",
    "too_long": "a value that is too long",
    "too_many_attributes": "more than 20 attributes",
    "personal_data": "an attribute that tells who somebody is",
    "wrong_columns": "another number of columns than the header",
    "left": "left the panel before",
    "erased": "erased at their own wish",
}
"""Why a row is not taken."""
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_is_email = validate.Email()


class Unfit(ValueError):
    """A row that cannot be taken; its argument is one of ``REASONS``."""


@dataclass(frozen=True)
class Said:
    """Who a row speaks of, in their own id, and what it says of them."""

    customer: str
    contact: Contact
    consent: Consent
    attributes: Mapping[str, Any]
    locale: str | None


def read(row: Mapping[str, Any], default: Consent | None, now: datetime) -> Said:
    """What a row says; a consent that it leaves out is the file's."""
    named = _named(row)
    contact = Contact(_email(named), _phone(named), _short(named.get("name", ""), 120))
    customer = named.get("customer", "") or contact.email.casefold()
    if not customer:
        raise Unfit("no_customer")
    if len(customer) > 256:
        raise Unfit("bad_customer")
    locale = _short(named.get("locale", ""), 35) or None
    return Said(customer, contact, _consent(named, default, now), _attributes(row), locale)


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    texts = {_column(key): str(value).strip() for key, value in row.items() if value is not None}
    return {name: values.mended_text(texts[name]) for name in NAMES if name in texts}


def _column(key: str) -> str:
    return key.strip().casefold().replace(" ", "_").replace("-", "_")


def _email(named: Mapping[str, str]) -> str:
    email = named.get("email", "")
    if not email:
        return ""
    try:
        _is_email(email)
    except ValidationError:
        raise Unfit("bad_email") from None
    return _short(email, 254)


def _phone(named: Mapping[str, str]) -> str:
    phone = re.sub(r"[\s()/.-]", "", named.get("phone", ""))
    phone = re.sub(r"\A00(?=[1-9])", "+", phone)
    if phone and not _PHONE.fullmatch(phone):
        raise Unfit("bad_phone")
    return phone


def _consent(named: Mapping[str, str], default: Consent | None, now: datetime) -> Consent:
    said = [named.get(name, "") for name in CONSENT]
    text = said[0] or (default.text if default else "")
    source = said[2] or (default.source if default else "")
    at = _moment(said[1]) if said[1] else default.at if default else None
    if not text or not source or at is None:
        raise Unfit("no_consent")
    if at > now:
        raise Unfit("bad_consent_at")
    return Consent(_short(text, 64), at, _short(source, 200))


def moment(text: str) -> datetime | None:
    """A time with its offset, or a day (its start, UTC), in ISO or German form; None for what is neither."""
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip())
    iso = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}" if german else text.strip()
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if values.in_calendar(found) else None


def _moment(text: str) -> datetime:
    found = moment(text)
    if found is None:
        raise Unfit("bad_consent_at")
    return found


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        name = re.sub(r"[^a-z0-9_]", "_", _column(key))[:40].strip("_")
        if _column(key) in NAMES or not name or value in {None, ""}:
            continue
        found[name] = _attribute(value)
    if len(found) > MOST_ATTRIBUTES:
        raise Unfit("too_many_attributes")
    return found


def _attribute(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = _short(values.mended_text(value.strip()), LONGEST_ATTRIBUTE)
    if personal_data_in(text):
        raise Unfit("personal_data")
    return text


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unfit("too_long")
    return text
