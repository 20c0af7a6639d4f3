"""What an operator may point at: a folder, an outbox file with its numbered brothers, or a database's table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import ConfigurationError
from ..outbox import slots
from ..outbox.rows import DeadLetter, Row


class State(NamedTuple):
    """How one place stands; `owner` is `process`, `none` or `relay`, ages are seconds."""

    place: str
    owner: str
    waiting: int
    oldest_age: float | None
    dead: int
    bytes: int | None


class Place(Protocol):
    """One outbox file, or one table."""

    name: str

    def state(self, now: float) -> State:
        """Return how it stands."""
        ...

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters first."""
        ...

    def waiting(self) -> Iterable[Row]:
        """Return the rows that wait, oldest first."""
        ...

    def retry(self) -> tuple[int, str]:
        """Put the dead letters back into the queue; return how many, and what happens to them now."""
        ...


def bases(path: Path) -> list[Path]:
    """Return the outboxes under a path: its own name, or all in a folder; ConfigurationError if there is none."""
    if path.is_dir():
        found = {_base(Path(str(lock)[: -len(".lock")])) for lock in path.glob("*.lock")}
        known = sorted(base for base in found if files_of(base))
    else:
        known = [path.absolute()] if files_of(path.absolute()) else []
    if not known:
        raise ConfigurationError(f"there is no outbox at {path}", code="no_outbox")
    return known


def files_of(base: Path) -> list[Path]:
    """Return the existing files of an outbox: `orders.db`, `orders.1.db` and so on."""
    return list(slots.others(base, Path()))


def _base(path: Path) -> Path:
    """Return `orders.db` for `orders.1.db`."""
    middle = Path(path.stem).suffix[1:]
    return path.with_name(f"{Path(path.stem).stem}{path.suffix}") if middle.isdigit() else path
