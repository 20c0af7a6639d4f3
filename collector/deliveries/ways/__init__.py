"""How an invitation travels: one file per way, with a ``WAY``.

A new way is a file here, its line below, and its channel in ``contact.MESSAGE_CHANNELS``.
"""

from collector.deliveries.ways import email, sms
from collector.deliveries.ways._way import Means, Way

_ALL: tuple[Way, ...] = (email.WAY, sms.WAY)

WAYS: dict[str, Way] = {way.key: way for way in _ALL}

__all__ = ["WAYS", "Means", "Way"]
