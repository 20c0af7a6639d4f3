"""The guard at the way out: an address that somebody typed in must not lead into our own network.

The name is looked up once, each address is checked, and the connection goes to the very address that was checked, so
that a second look-up cannot say something else. Redirects are not followed. Each call has a deadline as a whole, so that
nobody holds us with an answer that drips.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import SplitResult, urlsplit

from collector.outgoing.outcome import SendingFailed

TIMEOUT = 10.0
"""Seconds that one step of a conversation may take."""
DEADLINE = 15.0
"""Seconds that all of it may take."""
LONGEST = 1_000_000
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def post(url: str, body: bytes, headers: Mapping[str, str], allowed_hosts: Collection[str] = ()) -> int:
    """POST to an address and give the status; raises ``SendingFailed`` where it cannot or must not be reached.

    Loopback, private and other inner addresses are refused, but for hosts named in ``allowed_hosts``.
    """
    with _asked("POST", url, body, headers, allowed_hosts) as answer:
        return answer.status


def fetch(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    allowed_hosts: Collection[str] = (),
) -> tuple[int, bytes]:
    """(status, body) of a short answer; raises ``SendingFailed`` as ``post`` does, and where the answer is long."""
    with _asked(method, url, body, headers, allowed_hosts) as answer:
        read = answer.read(LONGEST + 1)
    if len(read) > LONGEST:
        host = urlsplit(url).hostname
        raise SendingFailed(f"{host} answers with more than {LONGEST} bytes", permanent=True)
    return answer.status, read


def check(url: str, allowed_hosts: Collection[str] = ()) -> None:
    """Raises ``SendingFailed`` for an address that must not be called, or whose name nobody knows; calls nobody."""
    _resolved(urlsplit(url), allowed_hosts)


@contextmanager
def _asked(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], allowed_hosts: Collection[str]
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a request, while it is read; whatever goes wrong with the network is a ``SendingFailed``."""
    parts = urlsplit(url)
    host, port, address = _resolved(parts, allowed_hosts)
    connection, line = _connection(parts, host, port, address)
    alarm = threading.Timer(DEADLINE, line.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(method, _path(parts), body, dict(headers))
        yield connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        why = "no answer in time" if line.is_cut else type(error).__name__
        raise SendingFailed(f"{host} cannot be reached: {why}") from None
    finally:
        alarm.cancel()
        connection.close()
        line.close()


class _Line:
    """The open line to a host, held beside the connection so that it can be cut from another thread."""

    def __init__(self) -> None:
        self.is_cut = False
        self._held: socket.socket | None = None

    def hold(self, dialled: socket.socket) -> socket.socket:
        self._held = dialled.dup()
        return dialled

    def cut(self) -> None:
        """End it, whatever it is waiting for."""
        self.is_cut = True
        if self._held is not None:
            with contextlib.suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._held is not None:
            self._held.close()


def _resolved(parts: SplitResult, allowed_hosts: Collection[str]) -> tuple[str, int, str]:
    """(host, port, the one IP address to call) of an address that may be called."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    inner = host.lower() in {name.lower() for name in allowed_hosts}
    return host, port, _look_up(host, port, inner)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_outside(address: str) -> bool:
    """Whether an IP address belongs to the open internet; one wrapped in IPv6 is judged by what it wraps."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global and not ip.is_multicast and (ip.version == 4 or all(map(_is_open, _wrapped(ip))))


def _wrapped(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64."""
    teredo = ip.teredo or ()
    nat64 = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None
    yield from (inner for inner in (ip.ipv4_mapped, ip.sixtofour, *teredo, nat64) if inner is not None)


def _is_open(ip: ipaddress.IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _look_up(host: str, port: int, inner: bool) -> str:
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise SendingFailed(f"{host} is not known to the name service") from None
    if not inner and not all(is_outside(address) for address in found):
        raise SendingFailed(f"{host} lies in a private network; see AFTERWORD_PRIVATE_HOSTS", permanent=True)
    return sorted(found, key=lambda address: (":" in address, address))[0]


def _connection(
    parts: SplitResult, host: str, port: int, address: str
) -> tuple[http.client.HTTPConnection, _Line]:
    """A connection that speaks to ``host`` (name in TLS and in the Host header) at ``address``, and its line."""
    line = _Line()
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)

    def dial(_address: object, timeout: float, source: object) -> socket.socket:
        return line.hold(socket.create_connection((address, port), timeout))

    connection._create_connection = dial  # type: ignore[attr-defined] # http.client's own seam for proxies
    return connection, line
