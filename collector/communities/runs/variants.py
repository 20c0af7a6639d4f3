"""Which variant a customer sees: the same on every device, in every process, here and in the SDK. Pure.

Two draws from the hash of run and customer, each of its own: whether the customer is in the run's sample, and their
place among the variants. ``docs/reference/wire.md`` has the rule, ``tests/wire/variants.json`` golden values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any


def in_sample(run: str, customer: str, sample: float) -> bool:
    """Whether a customer (as pseudonym) is in the run's sample; who is in a small one is in every larger one."""
    return _draw("run", run, customer) < sample


def assigned(run: str, customer: str, variants: Sequence[Mapping[str, Any]]) -> str | None:
    """The variant of a customer: each gets its share; None where a run has none."""
    if not variants:
        return None
    ends = list(accumulate(variant["share"] for variant in variants))
    place = _draw("variant", run, customer) * ends[-1]
    found = next((i for i, end in enumerate(ends) if place < end), len(ends) - 1)
    return str(variants[found]["key"])


def _draw(what: str, run: str, customer: str) -> float:
    digest = hashlib.sha256(f"afterword/{what}/v1\0{run}\0{customer}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56
