"""Keys, pseudonyms, ids and tokens are those of docs/reference/wire.md."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import itsdangerous
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.errors import ConfigurationError, InvalidType
from afterword.identity import Names, new_trigger_id
from afterword.keyed_hash import KeyedHash
from afterword.keys import parse_server_key
from afterword.signing import CUSTOMER_SALT, INVITATION_SALT, Signer

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "wire" / "tokens.json").read_text("utf-8"))
KEY = parse_server_key(GOLDEN["api_key"])
NAMES = Names(KEY.pseudonym_key)


def compact(payload: dict[str, Any]) -> str:
    return json.dumps(payload, separators=(",", ":"))


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


@pytest.mark.parametrize("row", GOLDEN["tokens"], ids=lambda row: row["salt"])
def test_tokens_are_golden(row: dict[str, Any]) -> None:
    signer = Signer(KEY, clock=lambda: row["timestamp"])
    if row["salt"] == CUSTOMER_SALT:
        token = signer.customer(row["payload"]["c"], row["payload"]["e"])
    else:
        token = signer.invitation(compact(row["payload"]))
    assert token == row["token"]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("irpjcxylhs"),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.integers(0, 2**40),
    )
)
def test_itsdangerous_reads_every_token(payload: dict[str, str | int]) -> None:
    kid, token = Signer(KEY).invitation(compact(payload)).split(".", 1)
    assert kid == KEY.kid
    assert reference(INVITATION_SALT).loads(token, max_age=60) == payload


@settings(deadline=None)
@given(st.text("abcdefghij-0123456789", max_size=200))
def test_tokens_are_the_very_bytes_that_itsdangerous_makes(transaction: str) -> None:
    payload = {"i": "0192f3c4-7b1a-7c3d-8e4f-5a6b7c8d9e0f", "x": transaction, "e": 1797847200}
    signed_at = 1_795_255_200
    ours = Signer(KEY, clock=lambda: signed_at).invitation(compact(payload)).split(".", 1)[1]
    serializer = reference(INVITATION_SALT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda self: signed_at)
        assert ours == serializer.dumps(payload)


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=300))
def test_the_keyed_hash_is_hmac(key: bytes, message: bytes) -> None:
    assert KeyedHash(key).digest(message) == hmac.digest(key, message, "sha256")


def test_trigger_ids_are_uuids_of_version_7_in_order() -> None:
    ids = [new_trigger_id(1_795_255_200 + step / 1_000) for step in range(100)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 100
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)


def test_a_clock_before_1970_or_far_ahead_makes_an_id_all_the_same() -> None:
    assert new_trigger_id(-5.0).startswith("00000000-0000-7")
    assert len(new_trigger_id(1e13)) == 36


@pytest.mark.parametrize(
    "text",
    ["", "aw_sk_", "aw_pk_abcdefgh23_AAAA", "aw_sk_abcdefgh23_AAAA", "aw_sk_ABCDEFGH23_" + "A" * 64, "aw_sk_abcdefgh23_" + "A" * 63],
)
def test_it_refuses_what_is_no_server_key(text: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_server_key(text)
    assert refusal.value.code == "bad_api_key"


def test_it_refuses_a_key_that_is_no_text() -> None:
    with pytest.raises(InvalidType):
        parse_server_key(b"aw_sk_")  # type: ignore[arg-type]


def test_a_key_does_not_show_its_secrets() -> None:
    assert GOLDEN["api_key"] not in repr(KEY)
    assert KEY.signing_secret not in repr(KEY)
