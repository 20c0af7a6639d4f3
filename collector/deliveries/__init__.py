"""Ways to the customer: e-mail, text message, QR code.

In: an invitation, an address and a consent, in the transaction of whoever asks. Out: a message sent at least once
under one Message-ID (or webhook id), or the reason why not; an objection taken in one click. The address is forgotten
as soon as the message has left. Run by the worker (``send_due``), read by the dashboard.
"""

from collector.deliveries import enlisting, forget, run_views
from collector.deliveries.account_mail import account_mails_are_due, send_account_mails
from collector.deliveries.actions import block, recent, request, unsubscribe
from collector.deliveries.courier import are_due, send_due
from collector.deliveries.models import Delivery, UnsubscribedAddress
from collector.deliveries.smtp import reach as reach_mail_server
from collector.deliveries.smtp import send as send_mail
from collector.deliveries.to_members import send_to_members

__all__ = [
    "Delivery",
    "UnsubscribedAddress",
    "account_mails_are_due",
    "are_due",
    "block",
    "enlisting",
    "forget",
    "reach_mail_server",
    "recent",
    "request",
    "run_views",
    "send_account_mails",
    "send_due",
    "send_mail",
    "send_to_members",
    "unsubscribe",
]
