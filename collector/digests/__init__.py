"""Digests: a mail to a colleague of what is new for the part of the journey that is theirs, daily or weekly.

In: a person's wish on their account page; verdicts, insights, actions and unhappy comments of their scope. Out: one mail a
period in their language, or none where nothing is new. Nothing reads from here.
"""

from collector.digests.sending import are_due, send_due

__all__ = ["are_due", "send_due"]
