"""Recognises what should not leave the house: e-mail addresses, phone numbers, IBANs.

Deliberately careful about ids: a string of digits is never taken for a phone number, since an order flow
must not stop because the ten-thousandth customer's number happens to begin with 0049.
"""

from __future__ import annotations

import re

_SHORTEST_NUMBER = 8
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}")
_INTERNATIONAL = re.compile(r"(?<![\w+])\+[1-9](?:[ ./()-]{0,2}\d){7,14}(?!\d)")
_NATIONAL = re.compile(r"(?<!\w)\(?0[1-9]\d{1,4}\)?[ /-]{1,3}\d(?:[ /-]?\d){4,9}(?!\w)")
_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")


def personal_data_in(text: str) -> str | None:
    """Return what kind of personal data `text` holds ("an e-mail address", ...), or None."""
    if "@" in text and _EMAIL.search(text):
        return "an e-mail address"
    if len(text) >= _SHORTEST_NUMBER and _DIGIT.search(text):
        if _phone_number(text):
            return "a phone number"
        if any(_is_iban(found.group()) for found in _IBAN.finditer(text)):
            return "an IBAN"
    return None


def _phone_number(text: str) -> bool:
    if "+" in text and _INTERNATIONAL.search(text):
        return True
    return any(not _DATE.match(found.group()) for found in _NATIONAL.finditer(text))


def _is_iban(text: str) -> bool:
    """Return whether the check digits are right: ISO 13616, remainder 1 by 97."""
    compact = text.replace(" ", "").upper()
    if not 15 <= len(compact) <= 34:
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
