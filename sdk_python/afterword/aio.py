"""The client for asyncio: the same core, and nothing of it blocks the loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .arguments import AttributeValue, Seconds, Target
from .client import Client
from .composer import Parcel
from .decisions import Decision
from .invitation import Invitation
from .outbox.rows import DeadLetter
from .stats import Stats
from .transactional.add import add_awaited

if TYPE_CHECKING:
    from .markup import Mode


class AsyncClient:
    """Wraps a `Client`, which synchronous code of the same process may go on using.

    Checking and signing run in the loop (tens of microseconds); the write to the outbox runs on a thread, so that
    a slow disk stops nobody. A call that is cancelled while it waits has nevertheless been handed over.
    """

    def __init__(self, client: Client) -> None:
        """Wrap a client."""
        self._client = client
        self._owner = 0
        self._executor: ThreadPoolExecutor | None = None

    async def trigger_survey(
        self,
        touchpoint: str,
        *,
        journey: str | None = None,
        customer: str | None = None,
        transaction: str | None = None,
        journey_instance: str | None = None,
        locale: str | None = None,
        channel: str | None = None,
        persona: str | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
        delay: Seconds = 0,
        cancel_on: Sequence[str] = (),
        occurred_at: datetime | None = None,
        expires_in: Seconds | None = None,
        target: Target | None = None,
        session: Any = None,
    ) -> Invitation:
        """Hand a trigger over and return its invitation; `session` may be an `AsyncSession`."""
        composed = self._client._compose_trigger({
            "touchpoint": touchpoint, "journey": journey, "customer": customer, "transaction": transaction,
            "journey_instance": journey_instance, "locale": locale, "channel": channel, "persona": persona,
            "attributes": attributes, "delay": delay, "cancel_on": cancel_on, "occurred_at": occurred_at,
            "expires_in": expires_in, "target": target,
        })  # fmt: skip
        if composed is None:
            return self._client._no_invitation()
        await self._hand_over(composed[1], session)
        return composed[0]

    async def record_interaction(
        self,
        touchpoint: str | None = None,
        *,
        event: str = "step",
        journey: str | None = None,
        customer: str | None = None,
        transaction: str | None = None,
        journey_instance: str | None = None,
        channel: str | None = None,
        persona: str | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
        occurred_at: datetime | None = None,
        session: Any = None,
    ) -> str:
        """Record a step of the journey without a survey and return its id."""
        parcel = self._client._compose_interaction({
            "event": event, "touchpoint": touchpoint, "journey": journey, "customer": customer, "transaction": transaction,
            "journey_instance": journey_instance, "channel": channel, "persona": persona, "attributes": attributes,
            "occurred_at": occurred_at,
        })  # fmt: skip
        if parcel is None:
            return ""
        await self._hand_over(parcel, session)
        return parcel.id

    async def cancel_survey(self, *, transaction: str, session: Any = None) -> None:
        """Cancel what the triggers of a transaction have started."""
        parcel = self._client._compose(self._client._composer.cancellation, {"transaction": transaction})
        if parcel is not None:
            await self._hand_over(parcel, session)

    async def erase_customer(self, customer: str, *, session: Any = None) -> None:
        """Have the collector erase what it knows about a customer."""
        await self._hand_over(self._client._composer.erasure(customer), session)

    def customer_token(self, customer: str, *, expires_in: Seconds = 86_400) -> str:
        """Return a signed token with which a page asks whether anything is pending for this customer."""
        return self._client.customer_token(customer, expires_in=expires_in)

    def customer_widget_tag(
        self,
        customer: str,
        *,
        expires_in: Seconds = 86_400,
        mode: Mode | None = None,
        nonce: str | None = None,
        integrity: bool = False,
    ) -> str:
        """Return the HTML for any page of a signed-in customer."""
        return self._client.customer_widget_tag(
            customer, expires_in=expires_in, mode=mode, nonce=nonce, integrity=integrity
        )

    async def load_runs(self, told: Iterable[Mapping[str, Any]] | None = None) -> list[Mapping[str, Any]]:
        """Learn which community runs show variants, and return them as the collector told."""
        return await asyncio.to_thread(self._client.load_runs, told)

    def variant(self, run: str, customer: str) -> str | None:
        """Return the variant of a community run that this customer sees; never waits."""
        return self._client.variant(run, customer)

    async def decisions(
        self, *, transaction: str | None = None, customer: str | None = None
    ) -> list[Decision]:
        """Ask the collector what it decided for a transaction or a customer, and why."""
        return await asyncio.to_thread(self._client.decisions, transaction=transaction, customer=customer)

    def stats(self) -> Stats:
        """Return what happened to everything handed over since this process started."""
        return self._client.stats()

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Return what the collector refused for good, newest first, each with its reason."""
        return await asyncio.to_thread(self._client.dead_letters, limit)

    async def retry_dead_letters(self) -> int:
        """Put the dead letters back into the queue and return how many this process had."""
        return await asyncio.to_thread(self._client.retry_dead_letters)

    async def flush(self, timeout: float = 5.0) -> bool:
        """Deliver what has been handed over so far; return whether all of it left within `timeout` seconds."""
        return await asyncio.to_thread(self._client.flush, timeout)

    async def close(self, timeout: float = 5.0) -> None:
        """Flush, end the thread, close the file."""
        await asyncio.to_thread(self._client.close, timeout)
        if self._executor is not None and self._owner == os.getpid():
            self._executor.shutdown(wait=False)
        self._executor = None

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _hand_over(self, parcel: Parcel, session: Any) -> None:
        if self._client._settings.disabled:
            return
        if session is not None:
            await add_awaited(session, lambda inner: self._client._hand_over(parcel, inner), parcel)
        else:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads(), self._client._hand_over, parcel, None)

    def _threads(self) -> ThreadPoolExecutor:
        """Return the one thread that writes; a forked child gets its own."""
        if self._executor is None or self._owner != os.getpid():
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="afterword-write")
            self._owner = os.getpid()
        return self._executor
