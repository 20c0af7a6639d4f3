"""Tokens as ``tests/wire/tokens.json`` has them, rotated keys, and everything a forger would try."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from collector import signers, signing

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "wire" / "tokens.json").read_text("utf-8"))
PEPPER = bytes.fromhex(GOLDEN["pseudonym_key_hex"])
SIGNED_AT = datetime.fromtimestamp(GOLDEN["tokens"][0]["timestamp"], UTC)
ID = GOLDEN["tokens"][0]["payload"]["i"]


def _secret(kid: str) -> str | None:
    return GOLDEN["signing_secret"] if kid == GOLDEN["kid"] else None


def test_the_signing_secret_is_derived_from_the_key() -> None:
    assert signing.signing_secret(GOLDEN["api_key"]) == GOLDEN["signing_secret"]


@pytest.mark.parametrize("row", GOLDEN["pseudonyms"], ids=lambda row: row["customer"])
def test_pseudonyms_are_the_golden_ones(row: dict[str, str]) -> None:
    assert signing.pseudonym(PEPPER, row["customer"]) == row["pseudonym"]


@pytest.mark.parametrize("row", GOLDEN["invitation_ids"], ids=lambda row: row["touchpoint"])
def test_invitation_ids_are_the_golden_ones(row: dict[str, Any]) -> None:
    made = signing.invitation_id(PEPPER, row["touchpoint"], row["journey"], row["transaction"])
    assert str(made) == row["id"]
    assert made.version == 8


def test_golden_invitations_are_read() -> None:
    for row in GOLDEN["tokens"][:2]:
        kid, facts = signing.read_invitation(row["token"], _secret, SIGNED_AT)
        said = row["payload"]
        assert (kid, facts.touchpoint) == (GOLDEN["kid"], said["p"])
        assert facts.invitation_id.bytes == base64.urlsafe_b64decode(said["i"] + "==")
        assert facts.trigger_id.bytes == base64.urlsafe_b64decode(said.get("r", said["i"]) + "==")
        ours = signing.sign_invitation(kid, GOLDEN["signing_secret"], facts, SIGNED_AT)
        assert signing.read_invitation(ours, _secret, SIGNED_AT) == (kid, facts)


def test_the_golden_customer_token_is_read() -> None:
    row = GOLDEN["tokens"][2]
    assert signing.read_customer(row["token"], _secret, SIGNED_AT) == (GOLDEN["kid"], row["payload"]["c"])


def test_one_purpose_cannot_stand_in_for_another() -> None:
    with pytest.raises(signing.BadToken):
        signing.read_customer(GOLDEN["tokens"][0]["token"], _secret, SIGNED_AT)
    with pytest.raises(signing.BadToken):
        signing.read_invitation(GOLDEN["tokens"][2]["token"], _secret, SIGNED_AT)


def test_an_expired_token_says_so() -> None:
    with pytest.raises(signing.ExpiredToken):
        signing.read_invitation(GOLDEN["tokens"][0]["token"], _secret, SIGNED_AT + timedelta(days=31))


def test_a_link_that_was_read_before_is_refused_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    token = GOLDEN["tokens"][0]["token"]
    first = signing.read_invitation(token, _secret, SIGNED_AT)
    monkeypatch.setattr(signers, "serializer", None)  # its signature is not checked twice
    assert signing.read_invitation(token, _secret, SIGNED_AT) == first
    with pytest.raises(signing.BadToken):
        signing.read_invitation(token, lambda kid: None, SIGNED_AT)


@given(st.text(max_size=300))
def test_no_text_passes_for_a_token(text: str) -> None:
    with pytest.raises(signing.BadToken):
        signing.read_invitation(text, _secret, SIGNED_AT)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_changed_token_passes(place: int, change: int) -> None:
    token = bytearray(GOLDEN["tokens"][0]["token"].encode())
    token[place % len(token)] ^= change
    changed = token.decode("latin-1")
    try:
        _, facts = signing.read_invitation(changed, _secret, SIGNED_AT)
    except signing.BadToken:
        return
    # base64 ignores its last unused bits: such a twin says exactly the same
    assert facts == signing.read_invitation(GOLDEN["tokens"][0]["token"], _secret, SIGNED_AT)[1]


@pytest.mark.parametrize("payload", [{}, {"i": 1}, {"i": "x", "p": "a", "e": 1}, {"i": ID[:-1], "p": "a", "e": 2e9}, {"i": ID + "AAAA", "p": "a", "e": 2e9}, {"i": ID, "p": 7, "e": 2e9}, {"i": ID, "p": "a", "e": 1e300}, []])  # fmt: skip
def test_a_genuine_signature_over_rubbish_is_refused(payload: Any) -> None:
    made = signing.dumps(GOLDEN["signing_secret"], signing.INVITATION_SALT, payload, SIGNED_AT)
    with pytest.raises(signing.BadToken):
        signing.read_invitation(f"{GOLDEN['kid']}.{made}", _secret, SIGNED_AT)


def test_itsdangerous_itself_reads_what_is_signed_here() -> None:
    """Whatever its length, and never longer than it would make it by more than a few letters."""
    theirs = URLSafeTimedSerializer(GOLDEN["signing_secret"], salt="salt", signer_kwargs=signers.SIGNER)
    for count in (0, 1, 10, 100, 1000):
        payload = {f"name-{n}": "web" * 5 for n in range(count)}
        made = signing.dumps(GOLDEN["signing_secret"], "salt", payload, SIGNED_AT)
        assert theirs.loads(made) == payload
        assert len(made) <= len(theirs.dumps(payload)) * 1.2 + 8


def test_form_tokens_outlive_a_rotation() -> None:
    token = signing.sign_form(["old" * 12], "session")
    assert signing.form_is_genuine(["new" * 12, "old" * 12], token, "session")
    assert not signing.form_is_genuine(["new" * 12], token, "session")
    assert not signing.form_is_genuine(["old" * 12], token, "another session")
