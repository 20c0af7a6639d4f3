"""Who is asking: workspaces, their API keys, the people who sign in.

In: a key, or an e-mail address and a password. Out: the caller's workspace and what it may do.
Read by every other station through ``access.requires`` and the verbs below.
"""

from collector.workspaces import (
    access,
    account_links,
    colours,
    company,
    forget,
    key_uses,
    keys,
    openid,
    people,
    pseudonyms,
    scopes,
    second_factor,
    sight,
    visits,
)
from collector.workspaces.access import Caller, caller, may_sign_in_only, requires
from collector.workspaces.actions import create, get
from collector.workspaces.key_uses import KeyUses
from collector.workspaces.keys import (
    MintedKey,
    find_key,
    mint_key,
    pseudonym_of,
    read_invitation,
    revoke_key,
    secret_lookup,
)
from collector.workspaces.known import Company, KeyFacts, WorkspaceFacts, facts, signing_key
from collector.workspaces.known import key as known_key
from collector.workspaces.limits import FORMS, limit
from collector.workspaces.models import AccountLink, Key, Person, PseudonymAlias, SignIn, Workspace
from collector.workspaces.people import ROLES, add_person
from collector.workspaces.rates import Rates
from collector.workspaces.throttle import Throttle

__all__ = [
    "FORMS",
    "ROLES",
    "AccountLink",
    "Caller",
    "Company",
    "Key",
    "KeyFacts",
    "KeyUses",
    "MintedKey",
    "Person",
    "PseudonymAlias",
    "Rates",
    "SignIn",
    "Throttle",
    "Workspace",
    "WorkspaceFacts",
    "access",
    "account_links",
    "add_person",
    "caller",
    "colours",
    "company",
    "create",
    "facts",
    "find_key",
    "forget",
    "get",
    "key_uses",
    "keys",
    "known_key",
    "limit",
    "may_sign_in_only",
    "mint_key",
    "openid",
    "people",
    "pseudonym_of",
    "pseudonyms",
    "read_invitation",
    "requires",
    "revoke_key",
    "scopes",
    "second_factor",
    "secret_lookup",
    "sight",
    "signing_key",
    "visits",
]
