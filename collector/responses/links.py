"""Whose link it is that a call carries, for calls that are written together: read before anything is locked."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import sessionmaker

from collector import invitations, signing, test_mode
from collector.readers import Reader


def read(
    readers: sessionmaker[Reader], token: str, now: datetime
) -> tuple[uuid.UUID, signing.Invitation] | None:
    """(workspace, facts) of a genuine link; None of one that is not written with others: a test's, a form's.

    A form's link, under which nobody was asked, has nothing stored yet. Raises 401 and 410 as the link deserves.
    """
    with readers() as reader:
        if test_mode.is_test(reader, token):
            return None
        workspace_id, facts = invitations.read_token(reader, token, now)
    return None if facts.source == "volunteered" else (workspace_id, facts)
