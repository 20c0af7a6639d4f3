"""An app whose calls wait, are held up, break and run apart, as their paths say."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from collector import places
from collector.service.listening import Listener

LONG = 30.0
CALLS = (
    "/call",
    "/held",
    "/parked",
    "/last",
    "/apart",
    "/fails",
    "/impatient",
    "/stuck_apart",
    "/parked_then_held",
    "/broken",
)


class App:
    """Does what a request's path says, and notes in which thread."""

    def __init__(self) -> None:
        self.threads: dict[str, set[str]] = {}
        self.order: list[str] = []
        self.begun: Counter[str] = Counter()
        self.gates: list[places.Gate] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        name = environ["PATH_INFO"].strip("/")
        self.threads.setdefault(name, set()).add(threading.current_thread().name)
        self.begun[name] += 1
        said = getattr(self, name)() or "done"
        self.order.append(name)
        start_response("200 OK", [("Content-Length", str(len(said)))])
        return [said.encode()]

    def call(self) -> None:
        pass

    def page(self) -> None:
        pass

    def held(self) -> None:
        assert self.may_end.acquire(timeout=LONG)

    def parked(self) -> str:
        gate = places.gate()
        self.gates.append(gate)
        return str(gate.wait(LONG))

    def impatient(self) -> str:
        gate = places.gate()
        self.gates.append(gate)
        return str(gate.wait(0.05))

    def last(self) -> None:
        places.let_others_first(LONG)

    def apart(self) -> str:
        return places.apart(lambda: threading.current_thread().name)

    def fails(self) -> None:
        self.order.append("fails begins")
        places.apart(self._raise)

    def stuck_apart(self) -> None:
        places.apart(self.held)

    def parked_then_held(self) -> None:
        self.parked()
        self.held()

    def broken(self) -> None:
        raise SystemExit("not even an error can be told")

    def _raise(self) -> None:
        raise LookupError("no such thing")


def resting(listener: Listener) -> int:
    return sum(each.rests for each in listener.loop._followers)
