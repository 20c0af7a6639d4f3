"""What customers type, made fit to keep: trimmed, in one Unicode form, without control characters, masked."""

from __future__ import annotations

import unicodedata
from typing import Any

from collector.responses.masking import mask

KEPT = {"\n", "\t"}


def clean(answer: Any) -> Any:
    """A text without control characters and outer space (newlines become ``\\n``); anything else as it is."""
    if not isinstance(answer, str):
        return answer
    lines = unicodedata.normalize("NFC", answer.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in lines if c in KEPT or unicodedata.category(c) != "Cc").strip()


def kept(typed: Any, masked: bool) -> Any:
    """What was typed freely, as it is kept."""
    cleaned = clean(typed)
    return mask(cleaned) if masked and isinstance(cleaned, str) else cleaned
