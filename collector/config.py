"""The settings: one table, read once, typed, failing loudly. Each comes from ``AFTERWORD_<NAME>``."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from collector import addresses

PREFIX = "AFTERWORD_"
OF_THE_SDK = {"API_KEY", "OUTBOX", "PUBLIC_URL", "DISABLED", "RELAY_DATABASE_URL", "RELAY_TABLE"}
"""What the SDK reads of the same environment: a shell may serve both."""


class SettingError(ValueError):
    """A setting is unknown or bad; the message is the one line the operator needs."""


HOST = re.compile(r"(?:\[([0-9a-fA-F:.%]+)\]|([^:\[\]]+))(?::(\d+))?")
"""A host in an address of several: an IPv6 address in brackets, or any other name; and its port."""
PLACEHOLDER = "CHANGE-ME"
"""What stands in the example of the settings where a value of one's own belongs: everybody knows it."""
ROLES = ("administrator", "editor", "member")
"""What somebody may do, the strongest first."""


@dataclass(frozen=True)
class Access:
    """A value of a claim (``*``: any) and the role that it lets in with; ``scope`` None is everything.

    ``workspace`` (name or id) is empty where there is only one.
    """

    value: str
    role: str
    scope: tuple[str, ...] | None
    workspace: str = ""


@dataclass(frozen=True)
class Setting:
    """One row of the table; a ``rare`` one is not among the ten that an operator must know."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any]
    secret: bool = False
    rare: bool = False


def _url(text: str) -> str:
    return addresses.public(text)


def _database(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"} and "://" in text:
        return "postgresql+psycopg://" + _hosts_apart(rest)
    if not text.startswith("sqlite:///"):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


def _needs_driver(url: str) -> bool:
    return url.startswith("postgresql") and find_spec("psycopg") is None


def _hosts_apart(address: str) -> str:
    """An address with several hosts, as libpq and everybody's documentation write it, in a form that SQLAlchemy reads."""
    place = re.split("[/?]", address, maxsplit=1)[0]
    user, at, hosts = place.rpartition("@")
    if "," not in hosts:
        return address
    name, _, query = address[len(place) :].removeprefix("/").partition("?")
    found = [HOST.fullmatch(host) for host in hosts.split(",")]
    if not all(found):
        raise ValueError("must name its hosts as host:port,host:port")
    named = ",".join(one[1] or one[2] for one in found if one)
    ports = ",".join(one[3] or "5432" for one in found if one)
    return f"{user}{at}/{name}?host={named}&port={ports}{'&' if query else ''}{query}"


def _count(text: str) -> int:
    if not text.isdigit():
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def _threads(text: str) -> int:
    if not _count(text):
        raise ValueError("must be a whole number, 1 or more")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def _secrets(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < 32 for key in keys):
        raise ValueError("each secret must be 32 characters or longer")
    return keys


def _level(text: str) -> str:
    if text.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("must be debug, info, warning or error")
    return text.lower()


def _smtp(text: str) -> str:
    return addresses.checked(text, ("smtp", "smtps")) if text else text


def _issuer(text: str) -> str:
    """The provider's name and address at once; in the clear only on this machine, for trials."""
    if not text:
        return text
    parts = urlsplit(addresses.checked(text))
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ValueError("must begin with https://")
    if parts.query or parts.fragment:
        raise ValueError("must have no query and no fragment")
    return text


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError("must be on or off")
    return text == "on"


def _access(text: str) -> tuple[Access, ...]:
    """Rules such as ``it=administrator, sales-team=member@sales+support, nordics=Nordics/editor``."""
    return tuple(_rule(part.strip()) for part in text.split(",") if part.strip())


def _rule(text: str) -> Access:
    value, is_rule, given = text.rpartition("=")
    place, _, given = given.rpartition("/")
    role, is_kept, owners = given.partition("@")
    scope = tuple(owner.strip() for owner in owners.split("+") if owner.strip())
    if not is_rule or not value.strip() or role.strip() not in ROLES or bool(is_kept) != bool(scope):
        raise ValueError(f"holds {text!r}; a rule reads VALUE={'|'.join(ROLES)} or VALUE=member@OWNER+OWNER")
    if role.strip() == "administrator" and scope:
        raise ValueError(f"holds {text!r}; an administrator sees everything")
    return Access(value.strip(), role.strip(), scope or None, place.strip())


SETTINGS = (
    Setting("DATABASE_URL", "sqlite:///afterword.db", "Where everything is stored: sqlite:///FILE or postgresql://...", _database, secret=True),
    Setting("SECRET_KEY", "", "Signs sessions and forms; 32 characters or longer; several, newest first, separated by commas. Empty: made once and kept beside the SQLite file (PostgreSQL: must be set).", _secrets, secret=True),
    Setting("URL", "http://127.0.0.1:8400", "The public address of this collector, as customers and links see it; unset, `serve` takes its own host and port.", _url),
    Setting("SMTP_URL", "", "Mail server for e-mail invitations: smtp://user:password@host:587 (STARTTLS) or smtps://...; empty: no mail is sent.", _smtp, secret=True),
    Setting("MAIL_FROM", "", "Sender of e-mail invitations, for example \"Example Telecom <feedback@example.com>\".", str),
    Setting("PRIVATE_HOSTS", "", "Hosts in your own network that outgoing webhooks (the SMS gateway among them) may call, separated by commas; other private and loopback addresses are refused.", _names),
    Setting("THREADS", "16", "Threads of each process for pages, exports and long calls; short calls have three of their own. With PostgreSQL a process opens two connections for each of them at most.", _threads),
    Setting("PROCESSES", "1", "Collector processes; more than one needs PostgreSQL.", _count),
    Setting("PROXIES", "0", "How many trusted reverse proxies stand in front (for the client's address and scheme).", _count),
    Setting("LOG_LEVEL", "info", "debug, info, warning or error.", _level),
    Setting("OIDC_ISSUER", "", "Sign-in by OpenID Connect: the provider's issuer, as its discovery document names it; empty: off.", _issuer, rare=True),
    Setting("OIDC_CLIENT_ID", "", "The name under which the provider knows this collector.", str, rare=True),
    Setting("OIDC_CLIENT_SECRET", "", "The secret that goes with it; empty: a public client, which PKCE alone proves.", str, secret=True, rare=True),
    Setting("OIDC_CLAIM", "groups", "The claim that says who somebody is in the company; dots lead inside (realm_access.roles).", str, rare=True),
    Setting("OIDC_ACCESS", "", "Which values of that claim let in as what: it=administrator, sales-team=member@sales, *=member; where there are several workspaces, north=Nordics/member. Empty: only people who were invited.", _access, rare=True),
    Setting("OIDC_WORKSPACE", "", "The only workspace (name or id) that the provider lets into, where there are several; empty: each that a rule of OIDC_ACCESS names, and each where somebody was invited.", str, rare=True),
    Setting("PASSWORDS", "on", "on or off: whether people may sign in by a password; off needs OIDC_ISSUER.", _switch, rare=True),
)  # fmt: skip


@dataclass(frozen=True)
class Config:
    """The settings as read; see ``SETTINGS`` for their meaning."""

    database_url: str
    secret_key: tuple[str, ...]
    url: str
    smtp_url: str
    mail_from: str
    private_hosts: tuple[str, ...]
    threads: int
    processes: int
    proxies: int
    log_level: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_claim: str
    oidc_access: tuple[Access, ...]
    oidc_workspace: str
    passwords: bool

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def at_once(self) -> int:
        """How many of the threads run at once, not counting those that wait: a database that is elsewhere takes longer."""
        return 2 if self.is_sqlite else 3

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the embedded database, or None (PostgreSQL, or in memory)."""
        path = self.database_url.removeprefix("sqlite:///") if self.is_sqlite else ""
        return Path(path) if path and path != ":memory:" else None


def load(environ: Mapping[str, str] | None = None, own_url: str = "", writes: bool = True) -> Config:
    """Read the settings from the environment; raises ``SettingError`` with one clear line.

    ``own_url`` is the public address where none is set: the one that a server listens at. Without ``writes`` no secret
    is made where none is kept yet.
    """
    given = {k: v for k, v in (os.environ if environ is None else environ).items() if k.startswith(PREFIX)}
    if own_url:
        given.setdefault(f"{PREFIX}URL", own_url)
    known = {PREFIX + name for name in OF_THE_SDK} | {PREFIX + setting.name for setting in SETTINGS}
    for name in sorted(set(given) - known):
        raise SettingError(f"{name} is not a setting of Afterword; see `afterword doctor` for the list")
    values = {setting.name.lower(): _read(setting, given) for setting in SETTINGS}
    config = Config(**values)
    _check_sign_in(config)
    if _needs_driver(config.database_url):
        raise SettingError(
            "PostgreSQL needs a driver that is not installed: pip install 'afterword[postgres]'"
        )
    return config if config.secret_key else _with_kept_secret(config, writes)


def _check_sign_in(config: Config) -> None:
    """Nobody is locked out by half of the settings."""
    if config.oidc_issuer and not config.oidc_client_id:
        raise SettingError(f"{PREFIX}OIDC_CLIENT_ID must be set where {PREFIX}OIDC_ISSUER is")
    if config.oidc_issuer and find_spec("joserfc") is None:
        raise SettingError("OpenID Connect needs what is not installed: pip install 'afterword[oidc]'")
    if not config.passwords and not config.oidc_issuer:
        raise SettingError(f"{PREFIX}PASSWORDS is off, and {PREFIX}OIDC_ISSUER names no other way to sign in")


def _read(setting: Setting, given: Mapping[str, str]) -> Any:
    name = PREFIX + setting.name
    text = given.get(name, setting.default)
    if PLACEHOLDER in text:
        raise SettingError(f"{name} still holds {PLACEHOLDER}; put a value of your own there")
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "the given value" if setting.secret else repr(text)
        raise SettingError(f"{name}: {shown} {error}") from None


def _with_kept_secret(config: Config, writes: bool) -> Config:
    """The embedded default keeps a secret of its own in a file beside the database, readable by its owner only."""
    path = config.sqlite_path
    if not config.is_sqlite:
        raise SettingError(
            f"{PREFIX}SECRET_KEY must be set when PostgreSQL is used (32 characters or longer)"
        )
    if path is None:
        return _replace_secret(config, secrets.token_urlsafe(48))
    kept = path.with_suffix(".secret")
    if not kept.exists() and not writes:
        return config
    if not kept.exists():
        try:
            _write_once(kept, secrets.token_urlsafe(48))
        except OSError as error:
            advice = f"set {PREFIX}SECRET_KEY or a writable {PREFIX}DATABASE_URL"
            raise SettingError(f"cannot write {kept}: {error.strerror}; {advice}") from None
    return _replace_secret(config, kept.read_text().strip())


def _write_once(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all; of two writers at once the first wins."""
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _replace_secret(config: Config, secret: str) -> Config:
    return Config(**{**config.__dict__, "secret_key": (secret,)})
