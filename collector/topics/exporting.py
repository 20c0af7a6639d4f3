"""Topics as the lines of a file, those of most unhappy people first, each with one of its comments."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from collector.topics.reading import Asked, read

COLUMNS = ("topic_id", "terms", "touchpoint", "n", "n_before", "unhappy", "change", "q", "example")


def rows(session: Session, workspace_id: uuid.UUID, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """Each topic in the order of ``COLUMNS``."""
    for topic in read(session, workspace_id, asked).topics:
        figures = (topic.n, topic.n_before, topic.unhappy, topic.change, topic.q)
        yield (str(topic.topic_id), topic.name, topic.touchpoint, *figures, topic.examples[0].comment)
