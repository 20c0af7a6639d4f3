"""Tells the host what went wrong: its hook each time, its log once per kind and spell."""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable, NamedTuple

_WARNING, _ERROR = 30, 40
_KEPT = 1_000


class Problem(NamedTuple):
    """Something that the SDK could not do; `code` is stable, `rows` says how many it concerns."""

    code: str
    message: str
    rows: int = 0
    error: BaseException | None = None


OnError = Callable[[Problem], object]


class Reporter:
    """Collects problems anywhere and tells them on the delivery's thread.

    So neither a slow hook nor a slow log handler of the host's ever runs in the order flow or under our lock.
    """

    def __init__(self, on_error: OnError | None) -> None:
        import logging  # keeps `import afterword` light

        self._logger = logging.getLogger("afterword")
        self._on_error = on_error
        self._told: set[str] = set()
        self._news: deque[Problem] = deque(maxlen=_KEPT)
        self.restarts = 0

    def lasting(self, problem: Problem) -> None:
        """Note a state, such as a full disk: told once until `over(code)`."""
        if problem.code not in self._told:
            self._told.add(problem.code)
            self._news.append(problem)

    def event(self, problem: Problem) -> None:
        """Note an event: the hook hears of each."""
        self._news.append(problem)

    def over(self, code: str) -> None:
        """End a state: the next problem of this kind is news again."""
        self._told.discard(code)

    def restarted(self, problem: Problem) -> None:
        """Count and note that the delivery had to begin anew."""
        self.restarts += 1
        self._news.append(problem)

    def publish(self) -> None:
        """Tell the log and the hook what has been noted; neither can make this raise."""
        while self._news:
            problem = self._news.popleft()
            self._log(_WARNING, f"{problem.code}: {problem.message}")
            self._call(problem)

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


def _let_interrupts_pass(error: BaseException) -> None:
    """Raise what was meant for the main thread, where a host that closes its client may be interrupted."""
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise error
