"""A workspace's own templates, beside the shipped ones: uploaded as files, checked, downloaded as they came."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import survey_templates
from collector import errors
from collector.instruments import files
from collector.instruments.models import OwnTemplate
from collector.instruments.schemas import as_json, from_json
from collector.instruments.template import Template


def upload(
    session: Session, workspace_id: uuid.UUID, body: bytes, filename: str, actor: str, now: datetime
) -> OwnTemplate:
    """Store a template file, replacing one of the same key with a lower version; the same file again changes nothing.

    Raises 422 ``invalid_template`` with every mistake by line, 409 for a shipped key or a version that is not higher.
    """
    template = files.load(body, filename)
    if template.key in files.shipped():
        detail = f"{template.key} is a shipped template; give yours another key."
        raise errors.Conflict(detail, "known_key", {"key": [detail]})
    text, row = body.decode("utf-8-sig"), session.get(OwnTemplate, (workspace_id, template.key))
    if row is None:
        row = OwnTemplate(workspace_id=workspace_id, key=template.key)
        session.add(row)
    elif row.text == text:
        return row
    elif template.version <= row.version:
        detail = f"{template.key} stands here in version {row.version}; give the changed file a higher one."
        raise errors.Conflict(detail, "stale_template", {"version": [detail]})
    row.version, row.definition, row.text = template.version, as_json(template), text
    row.changed_at, row.changed_by = now, actor
    session.flush()
    return row


def list_own(session: Session, workspace_id: uuid.UUID) -> list[OwnTemplate]:
    query = select(OwnTemplate).where(OwnTemplate.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(OwnTemplate.key)))


def all_templates(session: Session, workspace_id: uuid.UUID) -> dict[str, Template]:
    """Every template that a survey may be made from, the workspace's own first."""
    own = {row.key: from_json(row.definition) for row in list_own(session, workspace_id)}
    return own | dict(files.shipped())


def find(session: Session, workspace_id: uuid.UUID, key: str) -> Template:
    """A shipped template or one of the workspace's own; raises 404."""
    row = session.get(OwnTemplate, (workspace_id, key))
    return from_json(row.definition) if row is not None else files.template(key)


def file_of(session: Session, workspace_id: uuid.UUID, key: str) -> bytes:
    """A template as a file: an own one as it was uploaded, a shipped one as it is shipped; raises 404."""
    row = session.get(OwnTemplate, (workspace_id, key))
    if row is not None:
        return row.text.encode()
    files.template(key)
    return next(path.read_bytes() for path in survey_templates.files() if path.stem == key)


def remove(session: Session, workspace_id: uuid.UUID, key: str) -> None:
    """Take an own template away; the surveys made from it keep their copy. Raises 404."""
    row = session.get(OwnTemplate, (workspace_id, key))
    if row is None:
        raise errors.NotFound(f"There is no template {key!r} of your own.", "unknown_template")
    session.delete(row)
    session.flush()
