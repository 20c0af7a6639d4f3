"""Sign-in by OpenID Connect: the authorization code flow with PKCE, against one provider that the operator names.

In: the settings, a browser that comes back with a code. Out: a person who is signed in, with the role and the scope
that the provider's claims give them. ``provider`` knows the provider, ``tokens`` proves what it says, ``claims`` judges
it, ``arrivals`` finds or makes the person.
"""

from collector.workspaces.openid.provider import Provider, of

__all__ = ["Provider", "of"]
