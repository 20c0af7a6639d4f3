"""Mails to colleagues of what is new for the part of the journey that is theirs: a digest, daily or weekly, and what they
want to be told at once.

In: a person's wishes on their account page; verdicts, signals, insights, actions and unhappy comments of their scope. Out:
mails in their language, or none where nothing is new. Nothing reads from here.
"""

from collector.digests import actions, instant, noticing
from collector.digests.sending import are_due, send_due

__all__ = ["actions", "are_due", "instant", "noticing", "send_due"]
