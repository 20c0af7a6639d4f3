"""An uploaded file as a journey file, with what applying it would do; nothing is changed yet."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy.orm import Session

from collector import errors
from collector.journeys import actions, commands, files, rows, yaml_text
from collector.journeys.definitions import Definitions
from collector.journeys.files import JourneyFile
from collector.journeys.formats import Loss
from collector.journeys.pages.merge import Form
from collector.journeys.plans import Plan

LARGEST = 400_000  # bytes: the text comes back in a form's field, which holds 500,000
HOME = (".yaml", ".yml")
FACTS = ("name", "definition", "customer_goal", "business_goal")


@dataclass(frozen=True)
class Upload:
    """What a file holds in our own format, what it would do, what was lost, what looks odd.

    ``mark`` names exactly this plan: applied later, it must still be the same one.
    """

    filename: str
    text: str
    document: Definitions
    plan: Plan
    losses: tuple[Loss, ...]
    warnings: tuple[str, ...]
    holds_surveys: bool

    @property
    def mark(self) -> str:
        return mark_of(self.plan)


def read(session: Session, workspace_id: uuid.UUID, raw: bytes, filename: str, form: Form) -> Upload:
    """A YAML file, or one of another tool with the facts typed beside it; raises BadInput for what does not fit."""
    if len(raw) > LARGEST:
        detail = f"{filename} is larger than {LARGEST:,} bytes; apply it with `afterword journeys apply`."
        raise errors.BadInput(detail, "too_large", {"file": ["too large"]})
    if PurePath(filename).suffix.lower() in HOME:
        return planned(
            session, workspace_id, files.load(raw, filename, rows.known(session, workspace_id)), ()
        )
    facts = {name: form.get(name) or None for name in FACTS}
    lanes, scale = form.get("lanes") == "1", form.get("scale", "")
    options = commands.import_options(form.get("journey", ""), (), (), scale, lanes, **facts)
    imported = commands.import_(session, workspace_id, raw, filename, options)
    return planned(session, workspace_id, imported.file, imported.losses)


def mark_of(plan: Plan) -> str:
    """The same for the same plan against the same revisions, in whatever order it is written."""
    lines = [f"{item.noun} {item.key} {item.verb} {item.number} {item.changes}" for item in plan.items]
    said = "\n".join(sorted(lines))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def planned(
    session: Session, workspace_id: uuid.UUID, found: JourneyFile, losses: tuple[Loss, ...]
) -> Upload:
    """A sound file with its plan."""
    source = found.source
    surveys = isinstance(source.value, dict) and bool(source.value.get("surveys"))
    warnings = tuple(problem.message for problem in found.warnings())
    plan = actions.plan(session, workspace_id, found.document)
    return Upload(
        source.file, yaml_text.write(found.document), found.document, plan, losses, warnings, surveys
    )
