"""``/api/v1/keys``: what machines call with."""

from __future__ import annotations

from typing import Any

from collector import web
from collector.company import schemas, stakeholders
from collector.workspaces import access, key_uses, keys, scopes

api = web.Blueprint("keys", __name__, url_prefix="/api/v1", description="API keys")


@api.route("/keys")
@access.requires("admin", "administrator")
@api.response(200, schemas.KeysOut)
def get_keys() -> Any:
    """List the API keys (never their text)."""
    session, workspace_id = web.session(), access.caller().company.workspace_id
    used = key_uses.last(session, workspace_id)
    found = keys.list_keys(session, workspace_id)
    return {"keys": [schemas.key_dict(key, used.get(key.kid)) for key in found]}


@api.route("/keys", methods=["POST"])
@access.requires("admin", "administrator")
@api.arguments(schemas.KeyIn)
@api.response(201, schemas.NewKeyOut)
def post_key(given: dict[str, Any]) -> Any:
    """Make a key; its text is shown this once."""
    who = access.caller()
    scope = scopes.checked(given["scope"], stakeholders.keys())
    return keys.mint_key(
        web.session(), who.workspace, given["kind"], given["name"], web.now(), who.name, scope
    )


@api.route("/keys/<kid>", methods=["DELETE"])
@access.requires("admin", "administrator")
@api.response(200, schemas.KeyOut)
def delete_key(kid: str) -> Any:
    """Revoke a key at once."""
    who = access.caller()
    workspace_id = who.company.workspace_id
    key = keys.revoke_key(web.session(), workspace_id, kid, web.now(), who.name)
    return schemas.key_dict(key, key_uses.last(web.session(), workspace_id).get(kid))
