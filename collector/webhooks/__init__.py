"""Webhooks: other systems are told of what happened, signed as Standard Webhooks say, each at least once.

In: ``announce`` in the transaction of whoever did it. Out: a message to each webhook that subscribed to it, tried for
three days; a log that can be read on from anywhere and sent again. Nothing reads from here but the company's pages.
"""

from collector.webhooks import forget, sent, subscribing
from collector.webhooks.announcing import Subject, announce, announce_all, is_wanted
from collector.webhooks.documented import describe
from collector.webhooks.kinds import KINDS, SCHEMAS
from collector.webhooks.models import Webhook, WebhookDelivery, WebhookEvent, WebhookPace
from collector.webhooks.retention import are_old, let_go
from collector.webhooks.sending import are_due, send_due
from collector.webhooks.spreading import are_waiting, spread

__all__ = [
    "KINDS",
    "SCHEMAS",
    "Subject",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "WebhookPace",
    "announce",
    "announce_all",
    "are_due",
    "are_old",
    "are_waiting",
    "describe",
    "forget",
    "is_wanted",
    "let_go",
    "send_due",
    "sent",
    "spread",
    "subscribing",
]
