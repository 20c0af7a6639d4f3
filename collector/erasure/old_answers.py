"""Where old answers are: touchpoint by touchpoint, as the index has them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy.orm import Session

from collector import journeys
from collector.old_rows import Kind, Place
from collector.responses import Response

KIND = Kind(Response.response_id, Response.occurred_at)


def places(session: Session, workspace_id: uuid.UUID) -> Iterator[Place]:
    """Where there may be some."""
    for key in journeys.every_touchpoint(session, workspace_id):
        yield Response.workspace_id == workspace_id, Response.touchpoint == key
