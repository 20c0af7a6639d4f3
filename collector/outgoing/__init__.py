"""The way out: HTTP that cannot be led into our own network, how it is signed, how a mail is written, when to try again,
and what became of an attempt.

In: an address that somebody typed, a body. Out: a status or ``SendingFailed``. Read by deliveries and webhooks.
"""

from collector.outgoing import egress, mails, retry, signature
from collector.outgoing.outcome import SendingFailed

__all__ = [
    "SendingFailed",
    "egress",
    "mails",
    "retry",
    "signature",
]
