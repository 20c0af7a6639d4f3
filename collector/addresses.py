"""The one maker of addresses: where this collector stands, as customers, pages, redirects and links see it.

``AFTERWORD_URL`` may hold a path (``https://example.com/feedback``). Views and templates speak of paths from this
collector's own root (``/surveys``); ``Addresses`` puts the prefix before them: in templates by ``Rooted``, in
redirects and problem documents in ``web``. ``Addresses.from_root`` takes the prefix off what comes in, whether the proxy
before us has done so already or not: for the app (``Prefixed``), and for the server that knows some paths by itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from jinja2.ext import Extension

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IN_PATHS = "/%:@!$&'()*+,;="
"""What stands in a path as it is, beside letters and digits (RFC 3986)."""
EVERYWHERE = {"", "0.0.0.0", "::"}
NAMES = "href|src|action|formaction|data-move"
ATTRIBUTE = re.compile(
    rf'(?<=\s)({NAMES})="((?:\{{\{{.*?\}}\}}|\{{%.*?%\}}|[^"{{]|\{{(?![{{%]))*)"', re.DOTALL
)


@dataclass(frozen=True)
class Addresses:
    """Where a collector stands; ``url`` as in ``AFTERWORD_URL``, without a slash at its end."""

    url: str

    @cached_property
    def prefix(self) -> str:
        """The path before everything, ``""`` at a server's root."""
        return urlsplit(self.url).path.rstrip("/")

    @cached_property
    def _prefix_read(self) -> str:
        """The prefix as WSGI has paths: what was written with percent signs is read, and each byte is a character."""
        return unquote_to_bytes(self.prefix).decode("latin-1")

    @property
    def root(self) -> str:
        """The path that cookies are bound to."""
        return self.prefix or "/"

    def here(self, path: str) -> str:
        """A path from our root as a browser must ask for it; an address that is whole already stays as it is."""
        return self.prefix + path if path.startswith("/") and not path.startswith("//") else path

    def from_root(self, path: str) -> str:
        """A path that was asked for, as WSGI has it, from our root: what routes are compared with.

        Slashes at its beginning count as one, as they do where routes are found.
        """
        path, prefix = "/" + path.lstrip("/"), self._prefix_read
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            path = "/" + path[len(prefix) :].lstrip("/")
        return path

    def whole(self, path: str) -> str:
        """A path from our root as an address that may be sent to somebody."""
        return self.url + path


class Prefixed:
    """WSGI: take the prefix off the path, unless a proxy before us has done so."""

    def __init__(self, app: WSGIApplication, addresses: Addresses) -> None:
        self.app = app
        self.addresses = addresses

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = self.addresses.from_root(environ.get("PATH_INFO", ""))
        return self.app(environ, start_response)


class Rooted(Extension):
    """Jinja: addresses in attributes of our pages (``href="/surveys"``) pass through the filter ``here``."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        def rooted(found: re.Match[str]) -> str:
            attribute, value = found.groups()
            is_ours = value.startswith(("/", "{")) and not value.startswith("//")
            return f'{attribute}="{{% filter here %}}{value}{{% endfilter %}}"' if is_ours else found[0]

        return ATTRIBUTE.sub(rooted, source)


def checked(text: str, schemes: Collection[str] = ("http", "https")) -> str:
    """An address that can be called: scheme, host and port hold. Raises ``ValueError`` with what is wrong."""
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.netloc:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"must begin with {wanted} and name a host")
    if not parts.hostname:
        raise ValueError("names no host")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number from 0 to 65535") from None
    return text


def public(text: str) -> str:
    """``AFTERWORD_URL`` as it is kept: whole, without query, fragment, user or a slash at its end; its path as it is sent."""
    parts = urlsplit(checked(text.strip()))
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be scheme, host and at most a path; no user, query or fragment")
    path = parts.path.rstrip("/")
    if "//" in path:
        raise ValueError("has two slashes in a row in its path")
    return parts._replace(path=quote(path, safe=IN_PATHS), query="", fragment="").geturl()


def listening(host: str, port: int) -> str:
    """The address of a server bound to ``host``, as it can be typed into a browser on this machine."""
    bare = host.strip("[]")
    here = "127.0.0.1" if bare in EVERYWHERE else bare
    return f"http://{_bracketed(here)}:{port}"


def bound(host: str, port: int) -> str:
    """``host:port`` as a server is told to listen, with IPv6 in brackets."""
    return f"{_bracketed(host.strip('[]'))}:{port}"


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host.partition("%")[0]).version == 6 else host
    except ValueError:
        return host


def install(app: Any, url: str) -> Addresses:
    """Let a Flask app stand at ``url``: its templates and its incoming paths know the prefix."""
    addresses = Addresses(url)
    app.jinja_env.filters["here"] = addresses.here
    if addresses.prefix:
        app.jinja_env.add_extension(Rooted)
        app.wsgi_app = Prefixed(app.wsgi_app, addresses)
    return addresses
