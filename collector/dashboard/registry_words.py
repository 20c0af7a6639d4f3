"""The words of the metric registry for the translators: ``pybabel extract`` finds them here (see ``babel.cfg``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from collector.kpis import METRICS

SHOWN = ("name", "formula", "unit", "scale", "direction", "reading")


def extract(
    fileobj: Any, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each text of the registry that the page of definitions shows."""
    for metric in METRICS.values():
        for name in SHOWN:
            yield 1, "gettext", getattr(metric, name), []
