"""The two doors of OpenID Connect: out to the provider, and back."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, redirect, request

from collector import errors, web
from collector.workspaces import entering, forms
from collector.workspaces.limits import FORMS, limit
from collector.workspaces.openid import arrivals, claims, flow, tokens
from collector.workspaces.openid.provider import Provider

pages = Blueprint("openid", __name__)
COOKIE = "afterword_openid"
BACK = "/sign-in/openid/back"
log = structlog.get_logger("collector.sign_in")


@pages.get("/sign-in/openid")
@web.public
def show_provider() -> Any:
    """Send the browser to the provider; it keeps what proves that it set out from here."""
    limit(FORMS)
    provider, now = _provider(), web.now()
    begun = flow.begin(forms.local(request.args.get("next", "/")))
    response = redirect(
        flow.address(begun, provider.settings, provider.endpoints(now), web.addresses().whole(BACK))
    )
    kept = flow.kept(begun, web.config().secret_key, now)
    forms.set_cookie(response, COOKIE, kept, int(flow.LIVES.total_seconds()))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get(BACK)
@web.public
def show_back() -> Any:
    """Take the provider's answer; whatever is wrong with it, one may begin again."""
    limit(FORMS)
    try:
        response = _enter(_provider())
    except (errors.NotAuthenticated, errors.Unavailable) as error:
        log.warning("openid_refused", code=error.code, reason=error.detail)
        _commit_refusal(error)
        response = forms.sign_in_page("/", error)
    response.delete_cookie(COOKIE, path=web.addresses().root)
    return response


def _enter(provider: Provider) -> Any:
    config, now = web.config(), web.now()
    settings = provider.settings
    begun, code = flow.returned(
        request.cookies.get(COOKIE, ""), request.args, config.secret_key, settings.issuer, now
    )
    said = tokens.redeem(provider, begun, code, web.addresses().whole(BACK), now)
    session = web.session(writes=True)
    doors = arrivals.doors(session, config.oidc_workspace, settings.access)
    people = arrivals.arrive_at(
        session, doors, claims.identity(said), lambda rules: claims.grant(said, settings.claim, rules), now
    )
    return entering.arrive(people, begun.next, needs_code=False)


def _commit_refusal(error: errors.AfterwordError) -> None:
    """Who was turned away is signed out, though the answer is no good one."""
    if error.code == "openid_no_access":
        web.session(writes=True).commit()


def _provider() -> Provider:
    provider: Provider | None = web.extension("afterword_openid")
    if provider is None:
        raise errors.NotFound("People sign in by password here.", "openid_off")
    return provider
