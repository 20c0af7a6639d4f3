"""The guard at the way out: an address that somebody typed in must not lead into our own network.

The name is looked up once, each address is checked, and the connection goes to the very address that was checked, so
that a second look-up cannot say something else. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from collector.outgoing.outcome import SendingFailed

TIMEOUT = 10.0
LONGEST = 1_000_000
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def post(url: str, body: bytes, headers: Mapping[str, str], allowed_hosts: Collection[str] = ()) -> int:
    """POST to an address and give the status; raises ``SendingFailed`` where it cannot or must not be reached.

    Loopback, private and other inner addresses are refused, but for hosts named in ``allowed_hosts``.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    inner = host.lower() in {name.lower() for name in allowed_hosts}
    connection = _connection(parts, host, port, _look_up(host, port, inner))
    try:
        connection.request("POST", _path(parts), body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise SendingFailed(f"{host} cannot be reached: {type(error).__name__}") from None
    finally:
        connection.close()


def fetch(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    allowed_hosts: Collection[str] = (),
) -> tuple[int, bytes]:
    """(status, body) of a short answer; raises ``SendingFailed`` as ``post`` does, and where the answer is long."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    inner = host.lower() in {name.lower() for name in allowed_hosts}
    connection = _connection(parts, host, port, _look_up(host, port, inner))
    try:
        connection.request(method, _path(parts), body, dict(headers))
        answer = connection.getresponse()
        read = answer.read(LONGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise SendingFailed(f"{host} cannot be reached: {type(error).__name__}") from None
    finally:
        connection.close()
    if len(read) > LONGEST:
        raise SendingFailed(f"{host} answers with more than {LONGEST} bytes", permanent=True)
    return answer.status, read


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


def _connection(parts: SplitResult, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection that speaks to ``host`` (name in TLS and in the Host header) at ``address``."""
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)

    def dial(_address: object, timeout: float, source: object) -> socket.socket:
        return socket.create_connection((address, port), timeout)

    connection._create_connection = dial  # type: ignore[attr-defined] # http.client's own seam for proxies
    return connection
