"""What a provider's claims say of somebody: who they are, and what the operator's rules let them in as. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.config import ROLES, Access

ANY = "*"
SO = (True, "true", "1")
"""How providers say yes; Microsoft's claim about an address is `xms_edov`."""


@dataclass(frozen=True)
class Grant:
    """A role and a scope; ``scope`` None is everything."""

    role: str
    scope: list[str] | None


@dataclass(frozen=True)
class Identity:
    """Somebody whom the provider knows; ``subject`` stays theirs whatever else changes."""

    subject: str
    email: str
    is_email_theirs: bool
    name: str
    locale: str


def identity(claims: Mapping[str, Any]) -> Identity:
    """Who the claims speak of. An address counts as theirs only where the provider has seen that it is."""
    theirs = any(claims.get(name) in SO for name in ("email_verified", "xms_edov"))
    said = {
        name: claims.get(name) if isinstance(claims.get(name), str) else ""
        for name in ("email", "name", "locale")
    }
    whose = hashlib.sha256(f"{claims['iss']}\0{claims['sub']}".encode()).hexdigest()
    return Identity(
        whose,
        str(said["email"]).strip().lower(),
        theirs,
        str(said["name"]).strip()[:120],
        str(said["locale"]),
    )


def grant(claims: Mapping[str, Any], claim: str, access: Sequence[Access]) -> Grant | None:
    """The strongest role that the rules give, and all their scopes together; None where no rule fits."""
    values = {ANY, *_values(claims, claim)}
    fitting = [rule for rule in access if rule.value in values]
    if not fitting:
        return None
    role = min((rule.role for rule in fitting), key=ROLES.index)
    named = sorted({owner for rule in fitting for owner in rule.scope or ()})
    sees_all = role == "administrator" or any(rule.scope is None for rule in fitting)
    return Grant(role, None if sees_all else named)


def _values(claims: Mapping[str, Any], claim: str) -> list[str]:
    """What stands under a claim's name, as it is or (by its dots) further inside."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return [value for value in several if isinstance(value, str)]
