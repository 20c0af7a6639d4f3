"""Outbox, delivery and reporter of one client, put together: what happens behind the call.

Loaded by the first client, which keeps `import afterword` light; but whole, and in the caller's thread: were a
module first loaded on the delivery's thread, a fork at that moment would leave the child waiting for it for ever.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from .composer import Parcel
from .delivery.courier import Courier
from .delivery.loop import Delivery
from .delivery.transport import Transport
from .errors import AfterwordError
from .forks import keep_whole
from .outbox.memory import MemoryQueue
from .outbox.outbox import Outbox
from .reports import OnError, Problem, Reporter
from .settings import Settings
from .transactional.add import add
from .version import __version__

_MEMORY_BYTES = 16 << 20
_LAST_WORDS_SECONDS = 0.2


class Machinery:
    """Takes parcels over and brings them to the collector."""

    def __init__(self, settings: Settings, on_error: OnError | None) -> None:
        self._reporter = Reporter(on_error)
        self.outbox = Outbox(
            settings.outbox,
            synchronous=settings.synchronous,
            max_bytes=settings.outbox_max_bytes,
            memory=MemoryQueue(settings.memory_limit, _MEMORY_BYTES),
            reporter=self._reporter,
        )
        self.connect = partial(
            Transport,
            settings.url,
            settings.key.text,
            timeout=settings.timeout,
            user_agent=f"afterword-python/{__version__}",
        )
        courier = partial(Courier, self.outbox, self.connect, self._reporter)
        self.delivery = Delivery(courier, self._reporter, linger=settings.linger, name="afterword-delivery")
        keep_whole(self)
        if settings.outbox is not None:
            self.delivery.start()  # what an earlier process left behind should not wait for the next order

    def take_over(self, parcel: Parcel) -> None:
        """Put a parcel into the outbox. Never raises."""
        try:
            self.outbox.put(*parcel)
            self.delivery.wake()
        except Exception as error:  # whatever it is, the order goes on
            self._reporter.event(Problem("internal", f"{parcel.kind} {parcel.id}: {error!r}", 1, error))

    def report_invalid(self, error: AfterwordError) -> None:
        """Tell of an argument that was repaired or left out."""
        self._reporter.event(Problem("invalid", f"{error.code}: {error}", 1, error))
        self.delivery.wake()

    def add_to_transaction(self, session: Any, parcel: Parcel) -> None:
        """Write a parcel into the transaction that the caller has open; what the database says is raised."""
        add(session, parcel)

    def flush(self, timeout: float) -> bool:
        """Deliver what has been taken over so far; return whether all of it left within `timeout` seconds."""
        if self.outbox.is_in_a_call():
            return (
                False  # a signal handler in the middle of a call: nothing can leave before that call goes on
            )
        last = self.outbox.last_seq()
        return self.delivery.flush(lambda: self.outbox.is_drained(last), timeout)

    def close(self, timeout: float, *, final: bool = False) -> None:
        """Flush, end the thread, close the file, tell what is left to tell.

        In the middle of a call, where a signal handler may stand, there is nothing to close yet: the call goes on
        afterwards, and its row is to go out. Likewise when another thread hands a row over meanwhile.
        """
        if self.outbox.is_in_a_call():
            return
        self.flush(timeout)
        last = self.outbox.last_seq()
        self.delivery.stop(min(timeout, _LAST_WORDS_SECONDS))
        self.outbox.close()
        self._reporter.publish()
        if not final and self.outbox.last_seq() > last:
            self.outbox.resume()
            self.delivery.wake()

    # --- forks.Forkable -------------------------------------------------------------------------------------------

    def before_fork(self) -> None:
        """Let no transaction be under way while the process is copied."""
        self.outbox.rest()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self.outbox.go_on()

    def after_fork_in_child(self) -> None:
        """Begin with an empty outbox of our own; the thread starts with the first call."""
        self.outbox.forked()
        self.delivery.forked()
        self._reporter.forked()
