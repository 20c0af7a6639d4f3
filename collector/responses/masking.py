"""What customers should not have written: e-mail addresses, phone numbers and IBANs, masked before anything is stored.

Rather too much than too little: a masked order number is a small loss, a stored IBAN is not. Dates and amounts stay.
A mask is never longer than what it hides, so that no text outgrows its limit by it.
"""

from __future__ import annotations

import re

EMAIL, PHONE, IBAN = "[@]", "[tel]", "[IBAN]"
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}")
_DATE = r"(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d))(?!\d{4}-\d{2}-\d{2}(?!\d))"
_PHONE = re.compile(
    r"(?<![\w.,+-])" + _DATE + r"(?:\+|00|\(?0|(?=\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)))"
    r"(?:[ ./\u00a0()-]{0,3}\d){6,15}(?![\w])"
)


def mask(text: str) -> str:
    """The text with masks in place of e-mail addresses, IBANs and phone numbers."""
    without_mail = _EMAIL.sub(EMAIL, text)
    without_iban = _IBAN.sub(_mask_iban, without_mail)
    return _PHONE.sub(PHONE, without_iban)


def _mask_iban(match: re.Match[str]) -> str:
    """Mask the longest beginning that is an IBAN (ISO 13616: the rest modulo 97 is 1); words behind it stay."""
    found = match[0]
    for end in range(len(found), 14, -1):
        candidate = found[:end]
        if candidate[-1].isalnum() and _is_iban("".join(filter(str.isalnum, candidate))):
            return IBAN + found[end:]
    return found


def _is_iban(text: str) -> bool:
    if not 15 <= len(text) <= 34:
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
