"""What a transport says of one attempt."""

from __future__ import annotations


class SendingFailed(Exception):
    """The message did not leave; ``permanent`` where trying again cannot help. The text names no address."""

    def __init__(self, reason: str, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
