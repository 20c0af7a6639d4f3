"""What may not leave the house is recognised in all its spellings; ids, dates and prices never stop an order."""

from __future__ import annotations

import uuid

import pytest
from afterword import PersonalData
from afterword.testing import MemoryClient
from hypothesis import given
from hypothesis import strategies as st

E_MAIL = [
    "jane@example.com",
    "Jane <j.doe@example.co.uk>",
    "jane@müller.example",
    "write to jane@example.com now",
]
PHONE = [
    "+491701234567",
    "+49 170 1234567",
    "+49 (0) 170 / 1234567",
    "+49 (0)170 1234567",
    "+49\u00a0170\u00a01234567",
    "+49 170 \u2013 1234567",
    "+1 (555) 123-4567",
    "tel:+491701234567",
    "0049 170 1234567",
    "0049-170-1234567",
    "0049 (0) 170 / 1234567",
    "0041 44 668 18 00",
    "00353 1 234 5678",
    "0170 1234567",
    "0170/1234567",
    "(0170) 1234567",
    "0171 / 123 45 67",
    "0170\u00a01234567",
    "0170\u2011123\u20114567",
    "030 1234567, after six",
    "(555) 123-4567",
    "(555)\u00a0123\u20114567",
]
IBAN = [
    "DE89370400440532013000",
    "de89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "DE89 37040044 0532013000",
    "DE89-3704-0044-0532-0130-00",
    "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
    "DE89370400440532013000 Max Mustermann",
    "DE89 3704 0044 0532 0130 00 Max",
    "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
    "IBAN:DE89370400440532013000,",
    "AB12 DE89370400440532013000",
    "GB82 WEST 1234 5698 7654 32",
    "NO93 8601 1117 947",
    "NO93-8601-1117-947",
    "MT84MALT011000012345MTLCAST001S",
]
NOTHING = [
    "c-1842",
    "order 12345678",
    "00491701234567",
    "01701234567",
    "0049123456789",
    "0049123456-1",
    "0012-3456-7890",
    "0049-000123",
    "INV-2024-000123",
    "INV-0171-1234567",
    "DE-2024-0001",
    "4711-2024-000123",
    "2024/0815-12345",
    "AB12CDEFGHIJKLMNOP",
    "DE89370400440532013001",
    "DE89370400440532013000X",
    "DE89-3704-0044",
    "2026-11-22",
    "22.11.2026",
    "05/12/2026",
    "2026-11-21 10:30",
    "2026-11-21T10:00:00+01:00",
    "2026-11-21T10:00:00.000+11:00",
    "10:00-12:00",
    "0800-1200 1300-1700",
    "12345678-0171-4234-8123-abcdefabcdef",
    "de893704-0044-4532-8130-00abcdefabcd",
    "01JCZ8Q2V7K3M9N4P5R6S7T8W9",
    "SKU 12-345-678/XL",
    "TV-55 QLED (2026)",
    "1.299,00 EUR",
    "49,90 \u20ac",
    "-1 000 000.00",
    "10.0.0.1",
    "192.168.100.200/24",
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "\u00a0\u00a0\u00a0\u00a01\u00bd pieces",
    "me@home",
]


@pytest.mark.parametrize("text", [*E_MAIL, *PHONE, *IBAN])
def test_it_is_refused_as_a_customer_and_in_attributes(text: str) -> None:
    client = MemoryClient()
    with pytest.raises(PersonalData):
        client.trigger_survey("order-confirmed", customer=text)
    with pytest.raises(PersonalData):
        client.trigger_survey("order-confirmed", attributes={"note": text})
    assert client.triggers == []


@pytest.mark.parametrize(
    ("text", "kind"), [(E_MAIL[0], "an e-mail address"), (PHONE[0], "a phone number"), (IBAN[0], "an IBAN")]
)
def test_the_refusal_says_what_it_took_it_for(text: str, kind: str) -> None:
    with pytest.raises(PersonalData, match=f"customer looks like {kind}"):
        MemoryClient().trigger_survey("order-confirmed", customer=text)


@pytest.mark.parametrize("text", NOTHING)
def test_look_alikes_pass(text: str) -> None:
    client = MemoryClient()
    client.trigger_survey("order-confirmed", customer=text, attributes={"note": text})
    assert client.triggers[0]["attributes"] == {"note": text}


# the second form: all digits is the hardest case, and rare among random ones
@given(st.uuids() | st.from_regex(r"[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}", fullmatch=True))
def test_no_uuid_stops_an_order(identifier: uuid.UUID | str) -> None:
    MemoryClient().trigger_survey("order-confirmed", customer=str(identifier))


@given(st.from_regex(r"[0-9]{1,30}", fullmatch=True))
def test_no_string_of_digits_stops_an_order(identifier: str) -> None:
    MemoryClient().trigger_survey("order-confirmed", customer=identifier)
