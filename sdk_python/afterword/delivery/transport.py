"""One keep-alive connection to the collector, through a proxy if the environment says so, TLS always verified."""

from __future__ import annotations

import base64
import encodings.idna  # noqa: F401 - else loaded by the first connection: see Client.__init__ on imports
import http.client
import os
import ssl
import time
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from .backoff import retry_after
from .deadline import Deadline, HurriedSocket
from .plan import Request
from .verdicts import Answer

_MAX_ANSWER_BYTES = 16 << 20
_CA_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

TransportError = (OSError, http.client.HTTPException)
"""All that can go wrong on the way: refused, timed out, reset, TLS not trusted, answer garbled."""


class Transport:
    """Sends one request at a time; used by one thread at a time."""

    def __init__(
        self, base: str, api_key: str, *, timeout: float, user_agent: str, within: float | None = None
    ) -> None:
        self._base = urlsplit(base)
        self._timeout = timeout if within is None else min(timeout, within)
        self._headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            "Accept": "application/json, application/problem+json",
            "User-Agent": user_agent,
        }
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None
        self._prefix = ""
        self._deadline = Deadline(self._timeout)

    def send(self, request: Request) -> Answer:
        """Return the answer; raises one of `TransportError`.

        A kept-alive connection that the server has closed meanwhile is tried once more on a fresh one: every
        request of ours may be repeated.
        """
        reused = self._connection is not None
        try:
            return self._exchange(request)
        except (ConnectionError, http.client.BadStatusLine):
            self.close()
            if not reused:
                raise
        except BaseException:
            self.close()
            raise
        return self._retry_fresh(request)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def abandon(self) -> None:
        """In a forked child: close our copy of the socket, and nothing that has a lock.

        The parent's thread may have been reading: then the reader's lock is held for ever, and to close or merely to
        free the reader would wait for it. One whose raw file is closed counts as closed, and is left in peace.
        """
        connection, response = self._connection, self._response
        self._connection = self._response = None
        reader: Any = response.fp if response is not None else None
        if response is not None and reader is not None:
            response.fp = None  # type: ignore[assignment]
            reader.raw.close()
        if connection is not None and connection.sock is not None:
            connection.sock.close()

    def _remember(self, sock: Any, *arguments: Any, **options: Any) -> http.client.HTTPResponse:
        hurried: Any = HurriedSocket(sock, self._deadline)
        self._response = http.client.HTTPResponse(hurried, *arguments, **options)
        return self._response

    def _retry_fresh(self, request: Request) -> Answer:
        try:
            return self._exchange(request)
        except BaseException:
            self.close()
            raise

    def _exchange(self, request: Request) -> Answer:
        self._deadline = Deadline(self._timeout)
        if self._connection is None:
            self._connection, self._prefix = self._connect()
            self._connection.response_class = self._remember  # type: ignore[assignment]
        if self._connection.sock is not None:
            self._connection.sock.settimeout(self._timeout)  # the last read left it less
        self._connection.request(
            request.method, self._prefix + request.path, body=request.body, headers=self._headers
        )
        response = self._connection.getresponse()
        body = response.read(_MAX_ANSWER_BYTES)
        wait = retry_after(response.getheader("Retry-After"), time.time())
        if response.will_close or not response.isclosed():
            self.close()
        return Answer(response.status, body, wait)

    def _connect(self) -> tuple[http.client.HTTPConnection, str]:
        """Return a connection and what stands before the path on its request line."""
        target = self._base
        proxy = _proxy_for(target)
        via = proxy or target
        if via.hostname is None:
            raise OSError(f"no host in {via.geturl()!r}")
        authorization = _proxy_authorization(proxy)
        if target.scheme == "https":
            secure = http.client.HTTPSConnection(
                via.hostname, via.port or (8080 if proxy else 443), timeout=self._timeout, context=_tls()
            )
            if proxy and target.hostname:
                secure.set_tunnel(target.hostname, target.port or 443, headers=authorization)
            return secure, target.path
        plain = http.client.HTTPConnection(
            via.hostname, via.port or (8080 if proxy else 80), timeout=self._timeout
        )
        self._headers.update(authorization)
        return plain, f"{target.scheme}://{target.netloc}{target.path}" if proxy else target.path


def _tls() -> ssl.SSLContext:
    """Return a context that verifies; a bundle named by one of the usual variables replaces the system's."""
    bundle = next((os.environ[name] for name in _CA_FILES if os.environ.get(name)), None)
    return ssl.create_default_context(cafile=bundle, capath=os.environ.get("SSL_CERT_DIR"))


def _proxy_for(target: SplitResult) -> SplitResult | None:
    if target.hostname is None or proxy_bypass(target.hostname):
        return None
    proxies = getproxies()
    address = proxies.get(target.scheme) or proxies.get("all")
    return urlsplit(address if "://" in address else f"http://{address}") if address else None


def _proxy_authorization(proxy: SplitResult | None) -> dict[str, str]:
    if proxy is None or proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}
