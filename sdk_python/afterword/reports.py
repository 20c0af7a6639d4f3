"""Tells the host what went wrong: its hook once per spell, its log at both ends of it and now and then in between."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Callable, NamedTuple

_WARNING, _ERROR = 30, 40
_KEPT = 1_000
_REMIND_SECONDS = 600.0
_LOUD = frozenset({"held", "memory_full", "internal"})


class Problem(NamedTuple):
    """Something that the SDK could not do; `code` is stable, `rows` says how many it concerns."""

    code: str
    message: str
    rows: int = 0
    error: BaseException | None = None


class _Spell(NamedTuple):
    since: float
    reminded: float


OnError = Callable[[Problem], object]


class Reporter:
    """Collects problems anywhere and tells them on the delivery's thread.

    So neither a slow hook nor a slow log handler of the host's ever runs in the order flow or under our lock.
    """

    def __init__(self, on_error: OnError | None, clock: Callable[[], float] = time.monotonic) -> None:
        import logging  # keeps `import afterword` light

        self._logger = logging.getLogger("afterword")
        self._on_error = on_error
        self._clock = clock
        self._told: dict[str, _Spell] = {}
        self._news: deque[Problem | str] = deque(maxlen=_KEPT)
        self._said: set[str] = set()
        self.restarts = 0

    def lasting(self, problem: Problem) -> None:
        """Note a state, such as a full disk: told once until `over(code)`, the log is reminded every ten minutes."""
        spell = self._told.get(problem.code)
        now = self._clock()
        if spell is None:
            self._told[problem.code] = _Spell(now, now)
            self._news.append(problem)
        elif now - spell.reminded >= _REMIND_SECONDS:
            self._told[problem.code] = spell._replace(reminded=now)
            self._news.append(f"{problem.code}: for {_minutes(now - spell.since)} now: {problem.message}")

    def event(self, problem: Problem) -> None:
        """Note an event: the hook hears of each."""
        self._news.append(problem)

    def once(self, text: str) -> None:
        """Tell the log something that no hook need hear, the first time it is said."""
        if text not in self._said and len(self._said) < _KEPT:
            self._said.add(text)
            self._news.append(text)

    def over(self, code: str) -> None:
        """End a state: the log hears of it, and the next problem of this kind is news again."""
        if code in self._told:
            spell = self._told.pop(code)
            self._news.append(f"{code}: over, after {_minutes(self._clock() - spell.since)}")

    def states(self) -> tuple[str, ...]:
        """Return the codes of what lasts at this moment."""
        return tuple(self._told)

    def restarted(self, problem: Problem) -> None:
        """Count and note that the delivery had to begin anew."""
        self.restarts += 1
        self._news.append(problem)

    def publish(self) -> None:
        """Tell the log and the hook what has been noted; neither can make this raise."""
        while self._news:
            news = self._news.popleft()
            if isinstance(news, str):
                self._log(_WARNING, news)
            else:
                level = _ERROR if news.code in _LOUD else _WARNING
                self._log(level, f"{news.code}: {news.message}")
                self._call(news)

    def forked(self) -> None:
        """Start afresh in a forked child."""
        self._told.clear()
        self._news.clear()
        self.restarts = 0

    def _call(self, problem: Problem) -> None:
        if self._on_error is None:
            return
        try:
            self._on_error(problem)
        except (
            BaseException
        ) as error:  # `sys.exit()` and `pytest.fail()` in a hook end the hook, not the delivery
            _let_interrupts_pass(error)
            self._log(_ERROR, f"on_error raised {error!r}; ignored")

    def _log(self, level: int, text: str) -> None:
        try:
            self._logger.log(level, text)
        except BaseException as error:  # a broken handler of the host's must not end the delivery
            _let_interrupts_pass(error)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _let_interrupts_pass(error: BaseException) -> None:
    """Raise what was meant for the main thread, where a host that closes its client may be interrupted."""
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise error
