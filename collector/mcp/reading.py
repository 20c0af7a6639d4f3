"""The one way out: GET a path of the API under a key; what the collector refuses is said in its own words."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

Read = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""(path, query) -> what the API answers."""
KEY = re.compile(r"aw_[rn]k_[a-z2-7]{10}_[A-Za-z0-9_-]{20,90}")
TIMEOUT = 30
MOST = 5_000_000
"""Bytes of an answer: more is no use to an assistant."""


class CannotRead(Exception):
    """What the collector refuses, or that it cannot be reached; the message is for whoever asked."""


def over_http(url: str, key: str) -> Read:
    """Read a collector at an address; raises CannotRead at once for a key that could change something."""
    if not url.startswith(("http://", "https://")):
        raise CannotRead("AFTERWORD_URL must be the collector's address: https://feedback.example.com")
    if not KEY.fullmatch(key):
        raise CannotRead(
            "AFTERWORD_READ_KEY must be a read key (aw_rk_...: figures) or an analyst key (aw_nk_...: comments too); "
            "`afterword keys create analyst --name Assistant` makes one"
        )

    def read(path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        address = f"{url.rstrip('/')}{path}?{urllib.parse.urlencode(given)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                return answered(answer.read(MOST + 1))
        except urllib.error.HTTPError as error:
            with error:
                raise CannotRead(refused(error.code, error.read(10_000))) from None
        except (OSError, ValueError) as error:
            raise CannotRead(f"the collector at {url} cannot be reached: {error}") from None

    return read


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key is sent to the address that was given, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def answered(body: bytes) -> dict[str, Any]:
    """An answer as it is given to the assistant."""
    if len(body) > MOST:
        raise CannotRead("that is too much to tell at once; ask for a shorter period or fewer")
    found: dict[str, Any] = json.loads(body)
    return found


def refused(status: int, body: bytes) -> str:
    """What a problem (RFC 9457) says."""
    try:
        problem = json.loads(body)
        places = [f"{name}: {'; '.join(said)}" for name, said in problem.get("errors", {}).items()]
        return " ".join([f"{problem['detail']} [{problem['code']}]", *places])
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"the collector answers {status}"
