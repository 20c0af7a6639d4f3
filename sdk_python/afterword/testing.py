"""For the tests of a host: a client that keeps everything and sends nothing, and assertions on it."""

from __future__ import annotations

import atexit
import json
from datetime import datetime
from typing import Any

from .arguments import Seconds
from .client import Client
from .composer import Parcel
from .outbox.rows import CANCEL, ERASE, INTERACTION, TRIGGER
from .payloads import timestamp

TEST_KEY = "aw_sk_testtestte_" + "A" * 64
"""A well-formed server key that opens nothing."""


class MemoryClient(Client):
    """A `Client` without network, disk and thread: checks, pseudonyms, signing and markup are the real ones.

    What is handed over with `session=` is kept at once and does not follow a rollback: to test that, use the
    real client and its table.
    """

    def __init__(
        self,
        url: str = "http://afterword.test",
        *,
        api_key: str = TEST_KEY,
        expires_in: Seconds = 30 * 86_400,
    ) -> None:
        """Make a client whose links point to `url`."""
        super().__init__(url, api_key=api_key, outbox=None, expires_in=expires_in)
        atexit.unregister(self._close_at_exit)
        self._settings = self._settings._replace(disabled=False)  # a host's tests look at what it would send
        self.parcels: list[Parcel] = []

    @property
    def triggers(self) -> list[dict[str, Any]]:
        """The triggers as they would go on the wire, in order."""
        return [json.loads(parcel.body) for parcel in self._of(TRIGGER)]

    @property
    def interactions(self) -> list[dict[str, Any]]:
        """The interactions as they would go on the wire, in order."""
        return [json.loads(parcel.body) for parcel in self._of(INTERACTION)]

    @property
    def cancelled(self) -> list[str]:
        """The transactions whose surveys were cancelled."""
        return [parcel.id for parcel in self._of(CANCEL)]

    @property
    def erased(self) -> list[str]:
        """The pseudonyms of the customers that were erased."""
        return [parcel.id for parcel in self._of(ERASE)]

    def assert_triggered(self, touchpoint: str, *, times: int | None = None, **fields: Any) -> dict[str, Any]:
        """Fail unless a survey was triggered at `touchpoint` with these fields; return the last such trigger.

        `customer` is given as the host knows it; `times` asks for an exact number.
        """
        wanted = {
            "touchpoint": touchpoint,
            **{name: self._on_the_wire(name, fields[name]) for name in fields},
        }
        found = [trigger for trigger in self.triggers if _matches(trigger, wanted)]
        if not found if times is None else len(found) != times:
            number = "a trigger" if times is None else f"{times} triggers"
            raise AssertionError(f"expected {number} like {wanted}, found {len(found)} among {self.triggers}")
        return found[-1] if found else {}

    def assert_not_triggered(self, touchpoint: str | None = None) -> None:
        """Fail if a survey was triggered, at `touchpoint` or anywhere."""
        found = [trigger for trigger in self.triggers if touchpoint in (None, trigger["touchpoint"])]
        if found:
            raise AssertionError(f"expected no trigger, found {found}")

    def reset(self) -> None:
        """Forget everything."""
        self.parcels.clear()

    def _hand_over(self, parcel: Parcel, session: Any) -> None:
        self.parcels.append(parcel)

    def _of(self, kind: str) -> list[Parcel]:
        return [parcel for parcel in self.parcels if parcel.kind == kind]

    def _on_the_wire(self, name: str, value: Any) -> Any:
        if name == "customer":
            return self._composer.pseudonym(value)
        return timestamp(value.timestamp()) if isinstance(value, datetime) else value


def _matches(trigger: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(trigger.get(name) == value for name, value in wanted.items())
