"""The client: what a business system holds on to."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from .arguments import AttributeValue, OnInvalid, OutboxPath, Seconds, Synchronous, Target
from .invitation import Invitation
from .outbox.rows import DeadLetter
from .reports import OnError
from .stats import Stats

if TYPE_CHECKING:
    from .composer import Composer, Parcel
    from .decisions import Decision
    from .markup import Mode
    from .settings import Settings
    from .variants import Run

Result = TypeVar("Result")

_THIRTY_DAYS = 30 * 86_400
_ONE_DAY = 86_400


class Client:
    """Triggers surveys without ever waiting for the network. One per process is enough; all threads may share it.

    Wrong arguments raise at once. Nothing that happens afterwards raises: it is counted in `stats()` and told to
    `on_error`, on a thread of ours.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        outbox: OutboxPath = "afterword-outbox.db",
        public_url: str | None = None,
        synchronous: Synchronous = "NORMAL",
        outbox_max_bytes: int = 1 << 30,
        memory_limit: int = 10_000,
        expires_in: Seconds = _THIRTY_DAYS,
        timeout: float = 10.0,
        linger: float = 0.2,
        exit_timeout: float = 1.5,
        allow_personal_data: bool = False,
        on_invalid: OnInvalid = "raise",
        link_traces: bool = False,
        on_error: OnError | None = None,
    ) -> None:
        """Make a client. `outbox=None` keeps everything in memory; `synchronous="FULL"` survives a power cut too.

        `public_url` is the collector's address for customers, where it differs from `url`; `timeout`, `linger`
        (how long the first row waits for company) and `exit_timeout` are seconds. `on_invalid="report"` repairs or leaves
        out wrong arguments and tells `on_error`; `link_traces` adds OpenTelemetry's trace id to the attributes.
        """
        # what `import afterword` should not load, but all of it here, in the caller's thread: see Machinery
        from .machinery import Machinery
        from .settings import read_settings

        self._settings = read_settings(
            url, api_key, outbox, public_url, synchronous, outbox_max_bytes, memory_limit,
            expires_in, timeout, linger, exit_timeout, allow_personal_data,
            on_invalid, link_traces,
        )  # fmt: skip
        self._composer = _composer(self._settings)
        self._machinery = Machinery(self._settings, on_error)
        self._runs: Mapping[str, Run] = {}
        atexit.register(self._close_at_exit)

    # --- the order flow -------------------------------------------------------------------------------------------

    def trigger_survey(
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
        """Hand a trigger over and return its invitation, usable at once; the collector decides whether to ask.

        With `session`, the trigger is a row in the caller's transaction and shares its fate. `target` says what the
        answer is about where that is not the touchpoint: the whole journey, or this one interaction.
        """
        composed = self._compose_trigger({
            "touchpoint": touchpoint, "journey": journey, "customer": customer, "transaction": transaction,
            "journey_instance": journey_instance, "locale": locale, "channel": channel, "persona": persona,
            "attributes": attributes, "delay": delay, "cancel_on": cancel_on, "occurred_at": occurred_at,
            "expires_in": expires_in, "target": target,
        })  # fmt: skip
        if composed is None:
            return self._no_invitation()
        self._hand_over(composed[1], session)
        return composed[0]

    def record_interaction(
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
        parcel = self._compose_interaction({
            "event": event, "touchpoint": touchpoint, "journey": journey, "customer": customer, "transaction": transaction,
            "journey_instance": journey_instance, "channel": channel, "persona": persona, "attributes": attributes,
            "occurred_at": occurred_at,
        })  # fmt: skip
        if parcel is None:
            return ""
        self._hand_over(parcel, session)
        return parcel.id

    def cancel_survey(self, *, transaction: str, session: Any = None) -> None:
        """Cancel what the triggers of a transaction have started; goes out behind them, never before."""
        parcel = self._compose(self._composer.cancellation, {"transaction": transaction})
        if parcel is not None:
            self._hand_over(parcel, session)

    def erase_customer(self, customer: str, *, session: Any = None) -> None:
        """Have the collector erase what it knows about a customer; goes out behind all that is on its way."""
        self._hand_over(self._composer.erasure(customer), session)

    # --- the page -------------------------------------------------------------------------------------------------

    def customer_token(self, customer: str, *, expires_in: Seconds = _ONE_DAY) -> str:
        """Return a signed token with which a page asks whether anything is pending for this customer."""
        return self._composer.customer_token(customer, expires_in)

    def customer_widget_tag(
        self,
        customer: str,
        *,
        expires_in: Seconds = _ONE_DAY,
        mode: Mode | None = None,
        nonce: str | None = None,
        integrity: bool = False,
    ) -> str:
        """Return the HTML for any page of a signed-in customer: it shows what a backend has triggered, if anything."""
        token = self.customer_token(customer, expires_in=expires_in)
        if self._settings.disabled:
            return ""
        from . import markup

        base = self._settings.public_url
        return markup.widget_tag(base, "customer", token, mode=mode, nonce=nonce, integrity=integrity)

    def load_runs(self, told: Iterable[Mapping[str, Any]] | None = None) -> list[Mapping[str, Any]]:
        """Learn which community runs show variants, and return them as the collector told: waits, and may raise.

        For the start of a process, and now and then. With `told`, what an earlier call returned, nobody is asked.
        """
        from . import variants

        asks = told is None and not self._settings.disabled
        kept = variants.fetch_runs(self._machinery.connect) if asks else list(told or ())
        self._runs = variants.read_runs(kept)
        return kept

    def variant(self, run: str, customer: str) -> str | None:
        """Return the variant of a run that this customer sees; never waits. None: show what you show everybody."""
        from . import variants

        known, name = self._runs.get(run), self._composer.pseudonym(customer)
        return variants.variant(known, run, name) if known and name else None

    # --- the operator ---------------------------------------------------------------------------------------------

    def decisions(self, *, transaction: str | None = None, customer: str | None = None) -> list[Decision]:
        """Ask the collector what it decided for a transaction or a customer, and why: waits, and may raise.

        CollectorUnavailable if there is no answer; meant for support tools, not for the order flow.
        """
        from .decisions import fetch_decisions

        wanted = self._composer.query(transaction, customer)
        if self._settings.disabled:
            return []
        transport = self._machinery.connect()
        try:
            return fetch_decisions(transport, wanted)
        finally:
            transport.close()

    def stats(self) -> Stats:
        """Return what happened to everything handed over since this process started."""
        return self._machinery.outbox.stats()

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Return what the collector refused for good, newest first, each with its reason."""
        return self._machinery.outbox.dead_letters(limit)

    def retry_dead_letters(self) -> int:
        """Put the dead letters of this process's outbox file back into the queue and return how many.

        Other processes of this outbox are asked to do the same with theirs, and do so within seconds.
        """
        count = self._machinery.outbox.revive()
        self._machinery.outbox.ask_others_to_revive()
        self._machinery.delivery.wake()
        return count

    def flush(self, timeout: float = 5.0) -> bool:
        """Deliver what has been handed over so far; return whether all of it left within `timeout` seconds."""
        return self._machinery.flush(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Flush, end the thread, close the file. Not final: the next call starts everything again."""
        self._machinery.close(timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _close_at_exit(self) -> None:
        self._machinery.close(self._settings.exit_timeout, final=True)

    def _compose_trigger(self, arguments: dict[str, Any]) -> tuple[Invitation, Parcel] | None:
        """Return invitation and parcel; None where nothing is to be triggered."""
        if self._settings.link_traces:
            arguments["attributes"] = self._with_trace(arguments["attributes"])
        composed = self._compose(self._composer.trigger, arguments)
        return None if self._settings.disabled else composed

    def _compose_interaction(self, arguments: dict[str, Any]) -> Parcel | None:
        if self._settings.link_traces:
            arguments["attributes"] = self._with_trace(arguments["attributes"])
        return self._compose(self._composer.interaction, arguments)

    def _compose(self, call: Callable[..., Result], arguments: dict[str, Any]) -> Result | None:
        """Check strictly, or repair and report: None where that cannot be done."""
        if self._settings.on_invalid == "raise":
            return call(**arguments)
        from .lenient import forgiving

        return forgiving(call, arguments, self._machinery.report_invalid)

    def _no_invitation(self) -> Invitation:
        from .no_invitation import NoInvitation

        return NoInvitation(self._settings.public_url)

    @staticmethod
    def _with_trace(attributes: Any) -> Any:
        from .traces import with_trace

        return with_trace(attributes)

    def _hand_over(self, parcel: Parcel, session: Any) -> None:
        if self._settings.disabled:
            return
        if session is not None:
            self._machinery.add_to_transaction(session, parcel)
            return
        self._machinery.take_over(parcel)


def _composer(settings: Settings) -> Composer:
    from .composer import Composer

    return Composer(
        settings.key,
        settings.public_url,
        expires_in=settings.expires_in,
        allow_personal_data=settings.allow_personal_data,
    )
