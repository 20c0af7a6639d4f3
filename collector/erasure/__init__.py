"""Erasure: a customer's right to be forgotten, carried out along the whole route in one transaction.

In: a pseudonym. Out: nothing of theirs, and how much it was. It stands behind the last station because it must
reach every one of them.
"""

from collector.erasure.actions import erase

__all__ = ["erase"]
