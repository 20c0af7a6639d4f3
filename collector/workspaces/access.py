"""Who may call a view: ``@requires("server", "admin")`` for keys, ``"person"`` for someone signed in, ``"editor"`` and
``"administrator"`` for people with that role (an administrator may do what an editor may).

Each view carries one mark (``requires`` or ``web.public``); ``tests/shape`` demands it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import g, redirect, request

from collector import errors, signing, web
from collector.workspaces import actions, key_uses, keys, known, scopes, sight, sign_ins
from collector.workspaces.key_uses import KeyUses
from collector.workspaces.known import WorkspaceFacts
from collector.workspaces.models import Person, SignIn, Workspace

View = TypeVar("View", bound=Callable[..., Any])
COOKIE = "afterword"
SAFE = {"GET", "HEAD", "OPTIONS"}


PEOPLE = {
    "person": {"member", "editor", "administrator"},
    "editor": {"editor", "administrator"},
    "administrator": {"administrator"},
}
"""Mark -> the roles that it lets in."""
ALSO = {"analyst": "read"}
"""Kind of key -> the kind all of whose doors it opens, beside its own."""


@dataclass(frozen=True)
class Caller:
    """Who calls: a key of a kind, or a person; and whose part of the journey they see."""

    company: WorkspaceFacts
    kind: str
    name: str
    person: Person | None = None
    scope: scopes.Scope = scopes.EVERYTHING
    kid: str = ""

    @property
    def may_edit(self) -> bool:
        """Whether they may change journeys, touchpoints and surveys."""
        return self._is(PEOPLE["editor"])

    @property
    def is_administrator(self) -> bool:
        return self._is(PEOPLE["administrator"])

    @property
    def sight(self) -> sight.Sight:
        """What they may read."""
        return sight.Sight(self.company.workspace_id, self.scope, self.company.settings.get("figures", "all"))

    def _is(self, roles: set[str]) -> bool:
        return self.kind == "admin" if self.person is None else self.person.role in roles

    @property
    def workspace(self) -> Workspace:
        """The workspace's own row, for those who change it; ``company`` is what is known of it already."""
        return actions.get(web.session(), self.company.workspace_id)


def caller() -> Caller:
    """The caller of this request; only views marked with ``requires`` have one."""
    return cast(Caller, g.caller)


def requires(*kinds: str) -> Callable[[View], View]:
    """Let in the named kinds only: ``server``, ``read``, ``admin`` (keys); ``person``, ``editor``, ``administrator``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refusal = _admit(kinds)
            return refusal if refusal is not None else view(*args, **kwargs)

        guarded.access = kinds  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def may_sign_in_only(view: View) -> View:
    """A page for people who are signed in; others are led to the sign-in page and back."""
    return requires("person")(view)


def form_token() -> str:
    """What each form of a signed-in person carries (``csrf`` field or ``X-CSRF`` header)."""
    return signing.sign_form(web.config().secret_key, _session_name())


def demand_key(kinds: tuple[str, ...]) -> None:
    """Raises 401 or 403 unless the request carries a key of one of these kinds: for what is open to some without one."""
    _admit_key(request.headers.get("Authorization", ""), kinds)


def _admit(kinds: tuple[str, ...]) -> Any:
    header = request.headers.get("Authorization", "")
    if header:
        return _admit_key(header, kinds)
    if not PEOPLE.keys().isdisjoint(kinds):
        return _admit_person(kinds)
    raise errors.NotAuthenticated("Send a key: Authorization: Bearer aw_...", "missing_key")


def _admit_key(header: str, kinds: tuple[str, ...]) -> None:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip().isascii():
        raise errors.NotAuthenticated("The header must be: Authorization: Bearer aw_...", "bad_authorization")
    key = keys.find_key(web.looking(), text.strip())
    if key.kind not in kinds and ALSO.get(key.kind) not in kinds:
        raise errors.NotAllowed(
            f"A {key.kind} key may not do this; it takes one of: {', '.join(kinds)}.", "wrong_key_kind"
        )
    _note_used(key)
    _enter(
        Caller(
            known.facts(web.looking(), key.workspace_id),
            key.kind,
            key.name,
            None,
            scopes.of(key.scope),
            key.kid,
        )
    )


def _admit_person(kinds: tuple[str, ...]) -> Any:
    secret = request.cookies.get(COOKIE, "")
    found = sign_ins.signed_in(web.session(), secret, web.now()) if secret else None
    if found is None:
        return _send_to_sign_in()
    person, browser = found
    if not any(person.role in PEOPLE.get(kind, ()) for kind in kinds):
        needed = "an editor or an administrator" if "editor" in kinds else "an administrator"
        raise errors.NotAllowed(f"Only {needed} may do this.", "not_administrator")
    if request.method not in SAFE:
        _check_form()
    _note_seen(browser)
    g.person, g.elsewhere = person, bool(browser.also)
    company = known.facts(web.session(), person.workspace_id)
    _enter(Caller(company, "person", person.email, person, scopes.of(person.scope)))
    return None


def _enter(who: Caller) -> None:
    """Let somebody in: from here on the request's session reads what they may see."""
    g.caller = who
    web.speak_in(who.company.timezone)
    web.with_session(lambda session: sight.bind(session, who.sight))


def _note_used(key: known.KeyFacts) -> None:
    now, workspace_id, kid = web.now(), key.workspace_id, key.kid
    if cast(KeyUses, web.extension("afterword_key_uses")).is_due(kid, now):
        web.afterwards(lambda session: key_uses.note(session, workspace_id, kid, now))


def _note_seen(browser: SignIn) -> None:
    now, workspace_id, known = web.now(), browser.workspace_id, browser.hash
    if sign_ins.is_due(browser, now):
        web.afterwards(lambda session: sign_ins.seen(session, workspace_id, known, now))


def _send_to_sign_in() -> Any:
    if request.path.startswith("/api/") or request.method not in SAFE:
        raise errors.NotAuthenticated("Sign in first, or send a key.", "not_signed_in")
    here = request.full_path.rstrip("?")
    return redirect(f"/sign-in?next={quote(here, safe='')}")


def _check_form() -> None:
    token = request.headers.get("X-CSRF") or request.form.get("csrf", "")
    cross_site = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if cross_site or not signing.form_is_genuine(web.config().secret_key, token, _session_name()):
        raise errors.NotAllowed("This form is no longer valid. Load the page again.", "bad_form_token")


def _session_name() -> str:
    return hashlib.sha256(request.cookies.get(COOKIE, "").encode()).hexdigest()
