"""An address as it is sent to, and as it is remembered: by a keyed hash only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from marshmallow import ValidationError, validate

from collector import errors

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_is_email = validate.Email()


def checked(way: str, text: str) -> str:
    """The address in the form in which it is sent to; raises 422 for what cannot be one (E.164 for phones)."""
    if way == "sms":
        address = re.sub(r"[\s()/.-]", "", text)
        if PHONE.fullmatch(address):
            return address
        raise _wrong("must be a number in international form, such as +4930123456")
    address = text.strip()
    try:
        _is_email(address)
    except ValidationError:
        raise _wrong("must be one e-mail address") from None
    if len(address) > 254:
        raise _wrong("must be at most 254 characters")
    return address


def hashed(pseudonym_key: bytes, way: str, address: str) -> str:
    """24 characters under which an address is recognised again; e-mail addresses whatever their case."""
    message = f"address\0{way}\0{address.casefold()}".encode()
    return base64.urlsafe_b64encode(hmac.new(pseudonym_key, message, hashlib.sha256).digest()[:18]).decode()


def _wrong(message: str) -> errors.BadInput:
    return errors.BadInput("This address cannot be sent to.", "bad_address", {"address": [message]})
