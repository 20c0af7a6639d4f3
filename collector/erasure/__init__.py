"""Erasure: a customer's right to be forgotten, carried out along the whole route in one transaction.

In: a pseudonym. Out: nothing of theirs, how much it was, and a receipt. It stands behind the last station because it must
reach every one of them.
"""

from collector.erasure import leftovers, rekeying, retention
from collector.erasure.actions import erase, erase_all
from collector.erasure.receipts import erase_for_receipt

__all__ = ["erase", "erase_all", "erase_for_receipt", "leftovers", "rekeying", "retention"]
