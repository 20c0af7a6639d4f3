"""Recognises what should not leave the house: e-mail addresses, phone numbers, IBANs.

Deliberately careful about ids: a string of digits is never taken for a phone number, since an order flow
must not stop because the ten-thousandth customer's number happens to begin with 0049. Nor is a piece of an id:
a phone number begins and ends where a word does, an IBAN has its country's length and the right check digits.
"""

from __future__ import annotations

import re
import unicodedata

_SHORTEST_NUMBER = 8
_SHORTEST_IBAN = 15
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}")
_INTERNATIONAL = re.compile(r"(?<![\w+])\+[1-9](?:[ ./()-]{0,4}\d){7,14}(?!\d)")

# ITU-T E.164, list of assigned country codes: 0049 may be one, 0012 is somebody's order
_COUNTRY = (
    r"(?:1|7|2[07]|2[1-69]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[7-9]\d"
    r"|8[1246]|8[0578]\d|9[0-58]|9[679]\d)"
)
# a zero first, and only then what may not stand before it: so the search leaps from zero to zero
_AFTER_ZEROS = re.compile(
    rf"00(?<![\w/-]00){_COUNTRY}[ /()-]{{1,4}}(?:0\)[ /-]{{0,3}})?[1-9](?:[ /()-]{{0,4}}\d){{7,11}}(?!-?\w)"
)
_NATIONAL = re.compile(r"0(?<![\w/-]0)[1-9]\d{1,4}\)?[ /-]{1,3}\d(?:[ /-]?\d){4,9}(?!-?\w)")
_AMERICAN = re.compile(r"(?<![\w/-])\([2-9]\d\d\)[ -]?\d{3}[ .-]\d{4}(?!-?\w)")

_IBAN = re.compile(  # looked ahead for, so that one may begin inside what looked like another
    r"(?<![A-Za-z0-9])(?=([A-Za-z]{2}\d\d"
    r"(?:(?: ?[A-Za-z0-9]){11,30}|(?:-[A-Za-z0-9]{4}){2,7}(?:-[A-Za-z0-9]{1,3})?(?![\w-]))))"
)
_BETWEEN_GROUPS = re.compile("[ -]")

# SWIFT, IBAN registry: the countries by the length of their accounts
_COUNTRIES = {
    15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
    33: "RU",
}  # fmt: skip
_IBAN_LENGTH = {country: length for length, names in _COUNTRIES.items() for country in names.split()}

# what word processors and web pages put where people type a hyphen or nothing at all
_PLAIN = str.maketrans(
    {**dict.fromkeys("\u2010\u2012\u2013\u2014\u2212", "-"), **dict.fromkeys("\u00ad\u200b\u2060\ufeff")}
)


def personal_data_in(text: str) -> str | None:
    """Return what kind of personal data `text` holds ("an e-mail address", ...), or None."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)  # a space is a space, broken or not
    if "@" in text and _EMAIL.search(text):
        return "an e-mail address"
    if len(text) >= _SHORTEST_NUMBER and _DIGIT.search(text):
        if _holds_phone_number(text):
            return "a phone number"
        if len(text) >= _SHORTEST_IBAN and any(_begins_with_iban(found) for found in _IBAN.findall(text)):
            return "an IBAN"
    return None


def _holds_phone_number(text: str) -> bool:
    """Return whether one of the forms fits, each looked for only where its mark is: this lies in the order's way."""
    if "+" in text and _INTERNATIONAL.search(text):
        return True
    if "(" in text and _AMERICAN.search(text):
        return True
    return "0" in text and bool(_NATIONAL.search(text) or ("00" in text and _AFTER_ZEROS.search(text)))


def _begins_with_iban(text: str) -> bool:
    """Return whether an account stands at the beginning and ends where a word does."""
    words = _BETWEEN_GROUPS.split(text)
    return any(_is_iban("".join(words[:count])) for count in range(1, len(words) + 1))


def _is_iban(compact: str) -> bool:
    """Return whether length and check digits are right: ISO 13616, remainder 1 by 97."""
    if len(compact) != _IBAN_LENGTH.get(compact[:2].upper()):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
