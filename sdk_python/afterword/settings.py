"""The settings of a client, checked once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from . import arguments
from .arguments import OnInvalid, OutboxPath, Seconds
from .errors import ConfigurationError, InvalidType
from .keys import ServerKey, parse_server_key

DEFAULT_OUTBOX = "afterword-outbox.db"
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_NO_KEY = "aw_sk_disableddd_" + "A" * 64
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
    on_invalid: OnInvalid
    link_traces: bool
    disabled: bool


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
    on_invalid: OnInvalid,
    link_traces: bool,
) -> Settings:
    """Return checked settings; `url`, `api_key` and `outbox` may come from the environment."""
    disabled = read_disabled()
    if disabled:  # nothing will be sent, so nothing need be set up: but what is given is checked
        url, api_key, outbox = url or "http://afterword.invalid", api_key or _NO_KEY, None
    checked = read_address("url", url, "AFTERWORD_URL")
    if on_invalid not in ("raise", "report"):
        raise ConfigurationError("on_invalid must be 'raise' or 'report'", code="bad_on_invalid")
    if synchronous not in _SYNCHRONOUS:
        raise ConfigurationError("synchronous must be 'NORMAL' or 'FULL'", code="bad_synchronous")
    return Settings(
        url=checked,
        public_url=checked if public_url is None else read_address("public_url", public_url),
        key=read_key(api_key),
        outbox=None if outbox is None else _outbox(outbox),
        synchronous=synchronous,
        outbox_max_bytes=_at_least("outbox_max_bytes", outbox_max_bytes, 1 << 20),
        memory_limit=_at_least("memory_limit", memory_limit, 1),
        expires_in=arguments.seconds("expires_in", expires_in, least=1, most=_MAX_LIFETIME),
        timeout=_duration("timeout", timeout, least=0.1),
        linger=_duration("linger", linger),
        exit_timeout=_duration("exit_timeout", exit_timeout),
        allow_personal_data=bool(allow_personal_data),
        on_invalid=on_invalid,
        link_traces=bool(link_traces),
        disabled=disabled,
    )


def read_disabled() -> bool:
    """Return whether AFTERWORD_DISABLED switches the SDK off; a word that is neither yes nor no is refused."""
    said = os.environ.get("AFTERWORD_DISABLED", "").strip().lower()
    if said not in (*_YES, *_NO):
        raise ConfigurationError(f"AFTERWORD_DISABLED must be 1 or 0, not {said[:40]!r}", code="bad_disabled")
    return said in _YES


def _outbox(given: str | os.PathLike[str]) -> Path | None:
    """Return the path; AFTERWORD_OUTBOX speaks where the host has not, and may say `memory`."""
    said = os.environ.get("AFTERWORD_OUTBOX", "") if given == DEFAULT_OUTBOX else ""
    return None if said == "memory" else Path(said or given).absolute()


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
