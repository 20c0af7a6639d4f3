"""An address as it is sent to, and as it is remembered: by a keyed hash only."""

from __future__ import annotations

import base64
import hashlib
import hmac

from collector import errors
from collector.deliveries.ways import WAYS


def checked(way: str, text: str) -> str:
    """The address in the form in which it is sent to; raises 422 for what cannot be one."""
    try:
        return WAYS[way].address(text)
    except ValueError as error:
        fields = {"address": [str(error)]}
        raise errors.BadInput("This address cannot be sent to.", "bad_address", fields) from None


def hashed(address_key: bytes, way: str, address: str) -> str:
    """24 characters under which an address is recognised again; e-mail addresses whatever their case."""
    message = f"address\0{way}\0{address.casefold()}".encode()
    return base64.urlsafe_b64encode(hmac.new(address_key, message, hashlib.sha256).digest()[:18]).decode()
