"""Passwords: what a good one is, and how it is kept (argon2id, never in the clear)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from collector import errors

SHORTEST, LONGEST = 10, 1000
"""NIST SP 800-63B: length is what counts; no rules about digits and capitals."""

_hasher = PasswordHasher()


def check(password: str, email: str, name: str = "") -> None:
    """Raise 422 for a password that is short, or that somebody would guess first."""
    if len(password) < SHORTEST:
        raise _weak(f"must have at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise _weak(f"must have at most {LONGEST} characters")
    plain = password.casefold()
    if plain in {email.casefold(), email.partition("@")[0].casefold(), name.casefold()}:
        raise _weak("must not be your own name or address")
    if len(set(plain)) < 4 or plain in "abcdefghijklmnopqrstuvwxyz" or plain in "1234567890" * 2:
        raise _weak("is one of the first that somebody would guess")


def make_hash(password: str) -> str:
    return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; where none is kept this takes as long and is False."""
    try:
        _hasher.verify(password_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's password, verified so that an unknown address takes as long as a known one")


def _weak(said: str) -> errors.BadInput:
    return errors.BadInput(f"The password {said}.", "weak_password", {"password": [said]})
