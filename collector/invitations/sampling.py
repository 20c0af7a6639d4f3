"""Who is in the sample: decided by the subject, not by the throw of a die at each trigger.

The same subject stays in or out of a survey's sample, on every device and at every trigger; and who is in a small
sample is in every larger one, so that a share may grow without a break.
"""

from __future__ import annotations

import hashlib
import uuid


def subject_of(
    workspace_id: uuid.UUID,
    customer: str | None,
    instance: str | None,
    transaction: str | None,
    trigger_id: uuid.UUID,
) -> str:
    """Whom the sample is drawn from: the customer; where there is none, what else says that two triggers are one."""
    return f"{workspace_id}:{customer or instance or transaction or trigger_id}"


def draw(subject: str, survey: str) -> float:
    """A subject's fixed place in [0, 1) for a survey; it is in a sample of share ``s`` where this is below ``s``."""
    digest = hashlib.sha256(f"afterword/sample/v1\0{survey}\0{subject}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56
