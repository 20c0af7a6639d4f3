"""What a way to the customer can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from collector.config import Config
from collector.deliveries.message import Message
from collector.deliveries.smtp import Mailer


@dataclass(frozen=True)
class Means:
    """What there is to send with: the installation's settings, the workspace's, and an open talk with the mail server."""

    config: Config
    workspace: Mapping[str, Any]
    mailer: Mailer


class Way(Protocol):
    """One way by which an invitation travels. It keeps nothing: a delivery's state is the courier's business."""

    @property
    def key(self) -> str:
        """The way's name on the wire; also a channel of touchpoints, and of the contact policy's consents."""

    def address(self, text: str) -> str:
        """The address in the form in which it is sent to; raises ValueError with what it must be."""

    def missing(self, config: Config, workspace: Mapping[str, Any]) -> str | None:
        """What must be set up before anything can be sent, in a sentence for the caller; None where all is there."""

    def send(self, message: Message, means: Means, now: datetime) -> None:
        """Send it; raises ``SendingFailed``, permanent where another attempt would be refused as well."""
