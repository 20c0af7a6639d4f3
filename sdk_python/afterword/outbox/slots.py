"""One outbox file per process: `orders.db` for the first, `orders.1.db` for the second, and so on.

Who holds the lock beside a file owns it. The kernel drops a dead process's lock, so its file is free for the
next process to take over; nothing has to be cleaned up and no process id has to be trusted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

_MAX_SLOTS = 1_000
_REVIVE = ".retry"

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        # flock, not lockf: a POSIX record lock would fall as soon as anything in this process closed the file
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        # said aloud: a child that is being forked just now may hold a copy, which closing alone would not undo
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class Slot:
    """A file name and the lock that makes it ours until `release()` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._file: os.stat_result | None = None

    def remember_file(self) -> None:
        """Keep in mind which file stands under the name, now that it is open."""
        self._file = os.stat(self.path)

    def take_over_file(self, other: Slot) -> None:
        """Have in mind what another slot of the same name had."""
        self._file = other._file

    def has_its_file(self) -> bool:
        """Return whether that file is still the one under the name: a clean-up may have deleted or replaced it."""
        try:
            return self._file is None or os.path.samestat(self._file, os.stat(self.path))
        except FileNotFoundError:
            return False

    def has_its_lock(self) -> bool:
        """Return whether the lock that we hold is the one that others would ask for."""
        return _is_still_there(self.path, self._descriptor)

    def release(self) -> None:
        """Give the file up."""
        _unlock(self._descriptor)
        os.close(self._descriptor)

    def abandon(self) -> None:
        """In a forked child: drop our copy of the descriptor; the lock stays with the parent."""
        os.close(self._descriptor)

    def delete(self) -> None:
        """Give the file up and remove it together with its lock."""
        self.path.unlink(missing_ok=True)
        is_asked_to_revive(self.path)
        Path(_lock_name(self.path)).unlink(missing_ok=True)
        self.release()


def claim(base: Path) -> Slot:
    """Return the first free slot of `base`; OSError if the folder cannot be written or all are taken."""
    for number in range(_MAX_SLOTS):
        slot = try_claim(_numbered(base, number))
        if slot is not None:
            return slot
    raise OSError(f"all {_MAX_SLOTS} outbox files of {base} are in use")


def try_claim(path: Path) -> Slot | None:
    """Return the slot of one file, or None if another client holds it."""
    descriptor = os.open(_lock_name(path), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _lock(descriptor) and _is_still_there(path, descriptor):
            return Slot(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def ask_to_revive(path: Path) -> None:
    """Leave a mark for the owner of a file: its dead letters are to be tried again."""
    Path(f"{path}{_REVIVE}").touch(0o600)


def is_asked_to_revive(path: Path) -> bool:
    """Return whether there is such a mark, and take it away."""
    try:
        os.unlink(f"{path}{_REVIVE}")
    except OSError:
        return False
    return True


def _is_still_there(path: Path, descriptor: int) -> bool:
    """Return whether the lock is that of the file now under this name: its last owner may have deleted it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(_lock_name(path)))
    except FileNotFoundError:
        return False


def others(base: Path, own: Path) -> Iterator[Path]:
    """Yield the existing files of `base` but our own: candidates for adoption."""
    for lock in sorted(base.parent.glob(f"{_glob_escape(base.stem)}*{_glob_escape(base.suffix)}.lock")):
        path = lock.with_suffix("")
        middle = path.name[len(base.stem) : len(path.name) - len(base.suffix)]
        if path != own and (middle == "" or middle[1:].isdigit()) and path.exists():
            yield path


def _numbered(base: Path, number: int) -> Path:
    return base if number == 0 else base.with_name(f"{base.stem}.{number}{base.suffix}")


def _lock_name(path: Path) -> str:
    return f"{path}.lock"


def _glob_escape(text: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in text)
