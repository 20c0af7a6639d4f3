"""The settings of a client, checked once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from . import arguments
from .arguments import OutboxPath, Seconds
from .errors import ConfigurationError, InvalidType
from .keys import ServerKey, parse_server_key

_SYNCHRONOUS = ("NORMAL", "FULL")
_MAX_LIFETIME = 366 * 86_400


class Settings(NamedTuple):
    """What `Client(...)` was told, made fit for use."""

    url: str
    public_url: str
    key: ServerKey
    outbox: Path | None
    synchronous: str
    outbox_max_bytes: int
    memory_limit: int
    expires_in: int
    timeout: float
    linger: float
    exit_timeout: float
    allow_personal_data: bool


def read_settings(
    url: str | None,
    api_key: str | None,
    outbox: OutboxPath,
    public_url: str | None,
    synchronous: str,
    outbox_max_bytes: int,
    memory_limit: int,
    expires_in: Seconds,
    timeout: float,
    linger: float,
    exit_timeout: float,
    allow_personal_data: bool,
) -> Settings:
    """Return checked settings; `url` and `api_key` may come from AFTERWORD_URL and AFTERWORD_API_KEY."""
    checked = read_address("url", url, "AFTERWORD_URL")
    if synchronous not in _SYNCHRONOUS:
        raise ConfigurationError("synchronous must be 'NORMAL' or 'FULL'", code="bad_synchronous")
    return Settings(
        url=checked,
        public_url=checked if public_url is None else read_address("public_url", public_url),
        key=read_key(api_key),
        outbox=None if outbox is None else Path(outbox).absolute(),
        synchronous=synchronous,
        outbox_max_bytes=_at_least("outbox_max_bytes", outbox_max_bytes, 1 << 20),
        memory_limit=_at_least("memory_limit", memory_limit, 1),
        expires_in=arguments.seconds("expires_in", expires_in, least=1, most=_MAX_LIFETIME),
        timeout=_duration("timeout", timeout, least=0.1),
        linger=_duration("linger", linger),
        exit_timeout=_duration("exit_timeout", exit_timeout),
        allow_personal_data=bool(allow_personal_data),
    )


def read_key(api_key: str | None) -> ServerKey:
    """Return the server key, given or from AFTERWORD_API_KEY."""
    return parse_server_key(os.environ.get("AFTERWORD_API_KEY", "") if api_key is None else api_key)


def read_address(name: str, value: str | None, variable: str = "") -> str:
    """Return an http(s) address without a slash at its end, given or from an environment variable."""
    value = os.environ.get(variable) if value is None else value
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} is missing, for example http://127.0.0.1:8400", code=f"bad_{name}")
    if not _is_base(value):
        raise ConfigurationError(
            f"{name} must look like https://feedback.example.com, not {value!r}", code=f"bad_{name}"
        )
    return value.rstrip("/")


def _is_base(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    extras = parts.query or parts.fragment or parts.username
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and not extras


def _at_least(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(f"{name} must be an integer", code=f"bad_{name}")
    if value < least:
        raise ConfigurationError(f"{name} must be at least {least}", code=f"bad_{name}")
    return value


def _duration(name: str, value: float, least: float = 0.0) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidType(f"{name} must be a number of seconds", code=f"bad_{name}")
    if not least <= value <= 3_600:
        raise ConfigurationError(f"{name} must lie between {least} and 3600 seconds", code=f"bad_{name}")
    return float(value)
