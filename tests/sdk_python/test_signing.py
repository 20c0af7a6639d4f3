"""Keys, pseudonyms, ids and tokens are those of docs/reference/wire.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from pathlib import Path
from typing import Any

import itsdangerous
import pytest
from afterword.errors import ConfigurationError, InvalidType
from afterword.identity import Names, new_trigger_id
from afterword.keyed_hash import KeyedHash
from afterword.keys import parse_server_key
from afterword.payloads import Trigger, place
from afterword.signing import CUSTOMER_SALT, INVITATION_SALT, Signer
from hypothesis import given, settings
from hypothesis import strategies as st

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "wire" / "tokens.json").read_text("utf-8"))
KEY = parse_server_key(GOLDEN["api_key"])
NAMES = Names(KEY.pseudonym_key)
INVITATION, TRIGGER = "UP8GXEQ8iVqEnGJWM1mZAg", "AZLzxHsafD2OT1prfI2eDw"


def reference(salt: str) -> itsdangerous.URLSafeTimedSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return itsdangerous.URLSafeTimedSerializer(KEY.signing_secret, salt, signer_kwargs=options)


def test_a_key_gives_its_id_and_its_secrets() -> None:
    assert KEY.kid == GOLDEN["kid"]
    assert KEY.pseudonym_key.hex() == GOLDEN["pseudonym_key_hex"]
    assert KEY.signing_secret == GOLDEN["signing_secret"]


@pytest.mark.parametrize("row", GOLDEN["pseudonyms"], ids=lambda row: row["customer"])
def test_pseudonyms_are_golden(row: dict[str, str]) -> None:
    assert NAMES.pseudonym(row["customer"]) == row["pseudonym"]


@pytest.mark.parametrize("row", GOLDEN["invitation_ids"], ids=lambda row: row["transaction"])
def test_invitation_ids_are_golden(row: dict[str, Any]) -> None:
    assert NAMES.invitation_id(row["touchpoint"], row["journey"], row["transaction"]) == row["id"]


FIELDS = {"c": "customer", "x": "transaction", "y": "journey_instance", "e": "expires_at"}
IDS = {"i": "invitation_id", "r": "trigger_id"}


def trigger_of(payload: dict[str, Any]) -> Trigger:
    names = {field: str(uuid_of(payload.get(name) or payload["i"])) for name, field in IDS.items()}
    where = place(*(payload.get(name) for name in "pjlhs"))
    blank = Trigger("", "", where, None, None, None, "", 0, (), 0.0, 0)
    return blank._replace(**names, **{FIELDS[name]: payload[name] for name in payload if name in FIELDS})


def uuid_of(compact: str) -> uuid.UUID:
    return uuid.UUID(bytes=base64.urlsafe_b64decode(compact + "=="))


@pytest.mark.parametrize("row", GOLDEN["tokens"], ids=lambda row: row["salt"])
def test_tokens_are_golden(row: dict[str, Any]) -> None:
    signer, payload = Signer(KEY), row["payload"]
    if row["salt"] == CUSTOMER_SALT:
        assert signer.customer(payload["c"], payload["e"], row["timestamp"]) == row["token"]
    else:
        assert signer.invitation(trigger_of(payload), row["timestamp"]) == row["token"]


REFERENCES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=128)


@settings(deadline=None)
@given(transaction=REFERENCES, instance=st.none() | REFERENCES, signed_at=st.integers(0, 2**33))
def test_itsdangerous_reads_what_we_sign(transaction: str, instance: str | None, signed_at: int) -> None:
    payload = {"i": INVITATION, "r": TRIGGER, "p": "order-confirmed", "x": transaction, "e": 1_797_847_200}
    payload |= {"y": instance} if instance is not None else {}
    kid, _, token = Signer(KEY).invitation(trigger_of(payload), signed_at).partition(".")
    said, at = reference(INVITATION_SALT).loads(token, return_timestamp=True)
    assert (kid, said, at.timestamp()) == (KEY.kid, payload, signed_at)


def test_a_delayed_invitation_says_when_it_begins() -> None:
    trigger = trigger_of({"i": INVITATION, "p": "order-confirmed", "e": 20})._replace(delay=7)
    token = Signer(KEY).invitation(trigger, 1_795_255_200).split(".", 1)[1]
    said = reference(INVITATION_SALT).loads(token)
    assert said == {"i": INVITATION, "p": "order-confirmed", "n": 1_795_255_207, "e": 20}


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=300))
def test_the_keyed_hash_is_hmac(key: bytes, message: bytes) -> None:
    assert KeyedHash(key).digest(message) == hmac.digest(key, message, "sha256")


def test_trigger_ids_are_uuids_of_version_7_in_order() -> None:
    ids = [new_trigger_id(1_795_255_200 + step / 1_000) for step in range(100)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 100
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one)
        for one in ids
    )


def test_a_clock_before_1970_or_far_ahead_makes_an_id_all_the_same() -> None:
    assert new_trigger_id(-5.0).startswith("00000000-0000-7")
    assert len(new_trigger_id(1e13)) == 36


@pytest.mark.parametrize(
    "text",
    [
        "",
        "aw_sk_",
        "aw_pk_abcdefgh23_AAAA",
        "aw_sk_abcdefgh23_AAAA",
        "aw_sk_ABCDEFGH23_" + "A" * 64,
        "aw_sk_abcdefgh23_" + "A" * 63,
    ],
)
def test_it_refuses_what_is_no_server_key(text: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_server_key(text)
    assert refusal.value.code == "bad_api_key"


def test_a_test_key_says_that_it_is_one() -> None:
    tried = parse_server_key("aw_sk_test_abcdefgh23_" + "A" * 64)
    assert (tried.kid, tried.is_test) == ("abcdefgh23", True)
    assert not KEY.is_test


def test_it_refuses_a_key_that_is_no_text() -> None:
    with pytest.raises(InvalidType):
        parse_server_key(b"aw_sk_")  # type: ignore[arg-type]


def test_a_key_does_not_show_its_secrets() -> None:
    assert GOLDEN["api_key"] not in repr(KEY)
    assert KEY.signing_secret not in repr(KEY)
