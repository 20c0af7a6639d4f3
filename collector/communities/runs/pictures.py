"""What a run shows where it asks for the first click: a picture for all, or one for each variant, and the areas to hit.

Areas are rectangles in parts of the picture (0 to 1, from its left and top). They are fixed when the run starts, as all is
that bears on its result.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import db, errors, surveys
from collector.changes import record
from collector.communities.runs import images
from collector.communities.runs.models import RunPicture, StoredRun

Picture = Mapping[str, Any]
"""``variant`` (None: all), ``digest``, ``width``, ``height``, ``description``, ``areas``; as it is stored with the run."""


def put(
    session: Session, run: StoredRun, variant: str | None, raw: bytes, actor: str, now: datetime
) -> StoredRun:
    """Set the picture of a variant (None: of all); what was said of it stays. Raises 409 ``run_is_locked``, 422 ``bad_picture``."""
    image = images.read(raw)
    run = _changing(session, run, variant)
    digest = hashlib.sha256(image.content).hexdigest()
    key = run.workspace_id, digest, run.key
    if session.get(RunPicture, key) is None:
        row = RunPicture(workspace_id=run.workspace_id, digest=digest, run=run.key)
        row.media_type, row.content = image.media_type, image.content
        session.add(row)
    size = {"digest": digest, "width": image.width, "height": image.height}
    before = _exactly(run.pictures, variant) or {"variant": variant, "description": "", "areas": []}
    return _set(session, run, variant, {**before, **size}, actor, now)


def describe(
    session: Session, run: StoredRun, variant: str | None, given: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """Say what a picture shows (``description``) and which ``areas`` are to be hit. Raises 409 ``run_is_locked``, 404."""
    run = _changing(session, run, variant)
    before = _exactly(run.pictures, variant)
    if before is None:
        raise errors.NotFound("There is no picture yet; upload it first.", "no_picture")
    said = {"description": given["description"], "areas": [dict(area) for area in given["areas"]]}
    return _set(session, run, variant, {**before, **said}, actor, now)


def take_away(session: Session, run: StoredRun, variant: str | None, actor: str, now: datetime) -> StoredRun:
    """Take a picture away, with its areas. Raises 409 ``run_is_locked``."""
    return _set(session, _changing(session, run, variant), variant, None, actor, now)


def of(pictures: Sequence[Picture], variant: str | None) -> Picture | None:
    """The picture that somebody of a variant sees: the variant's own, else that of all."""
    return _exactly(pictures, variant) or _exactly(pictures, None)


def hit(picture: Picture, place: Mapping[str, Any]) -> str | None:
    """The name of the area that a click lies in, the first of several; None: beside all of them."""
    inside = (
        str(area["name"])
        for area in picture["areas"]
        if area["x"] <= place["x"] <= area["x"] + area["width"]
        and area["y"] <= place["y"] <= area["y"] + area["height"]
    )
    return next(inside, None)


def shown(session: Session, workspace_id: uuid.UUID, digest: str) -> RunPicture | None:
    """A picture by its hash, if a run that has started shows it: those of drafts are nobody's business."""
    same = (StoredRun.workspace_id == RunPicture.workspace_id) & (StoredRun.key == RunPicture.run)
    query = select(RunPicture).join(StoredRun, same).where(StoredRun.state != "draft")
    query = query.where(RunPicture.workspace_id == workspace_id, RunPicture.digest == digest)
    return session.scalars(query.limit(1)).first()


def stored(session: Session, run: StoredRun, digest: str) -> RunPicture:
    """One of a run's pictures, for who may see the run; raises 404."""
    found = session.get(RunPicture, (run.workspace_id, digest, run.key))
    if found is None:
        raise errors.NotFound("There is no such picture.", "no_picture")
    return found


def check_complete(session: Session, run: StoredRun) -> None:
    """A run that asks for a click has a picture for everybody, and areas where a hypothesis counts hits; raises 422."""
    click = question(session, run)
    if click is None:
        return
    sides: list[str | None] = [str(each["key"]) for each in run.variants] or [None]
    seen = [of(run.pictures, side) for side in sides]
    if None in seen:
        raise errors.BadInput(
            "The question is about a picture: upload one first, for each variant.",
            "no_picture",
            {"pictures": ["is missing"]},
        )
    counts_hits = any(each["measure"] == f"{click}.hit" for each in run.hypotheses)
    if counts_hits and not all(each["areas"] for each in seen if each):
        raise errors.BadInput(
            "A hypothesis counts clicks that hit: mark the areas to hit first, in each picture.",
            "no_area",
            {"areas": ["are missing"]},
        )


def explores(session: Session, run: StoredRun) -> bool:
    """Whether a run only looks where people click: no area is marked, so there is nothing to assume."""
    return question(session, run) is not None and not any(each["areas"] for each in run.pictures)


def question(session: Session, run: StoredRun) -> str | None:
    """The id of the question that a run's survey asks about a picture."""
    survey = surveys.get(session, run.workspace_id, run.survey)
    return surveys.version(session, run.workspace_id, run.survey, survey.version).template.click


def _changing(session: Session, run: StoredRun, variant: str | None) -> StoredRun:
    """The run as it is now, held until the transaction ends: of two who change it, one waits."""
    query = select(StoredRun).where(StoredRun.workspace_id == run.workspace_id, StoredRun.key == run.key)
    run = session.scalars(db.lock(session, query).execution_options(populate_existing=True)).one()
    if run.state != "draft":
        raise errors.Conflict(
            f"Run {run.key!r} is {run.state}: its pictures and areas were fixed when it started. Make another run.",
            "run_is_locked",
            {"pictures": ["was fixed when the run started"]},
        )
    if question(session, run) is None:
        raise errors.BadInput(
            "The run asks nothing about a picture; make one of the template first_click.",
            "no_click_asked",
            {"pictures": ["has no place in this run"]},
        )
    if variant is not None and variant not in {each["key"] for each in run.variants}:
        raise errors.BadInput(
            f"The run has no variant {variant!r}.", "unknown_variant", {"variant": ["is none of the run"]}
        )
    return run


def _set(
    session: Session, run: StoredRun, variant: str | None, picture: Picture | None, actor: str, now: datetime
) -> StoredRun:
    before = list(run.pictures)
    rest = [each for each in before if each["variant"] != variant]
    after = [*rest, dict(picture)] if picture else rest
    if after == before or sorted(map(repr, after)) == sorted(map(repr, before)):
        return run
    run.pictures = after
    _sweep(session, run)
    told = ({"pictures": before}, {"pictures": after})
    record(session, run.workspace_id, now, actor, "changed", "run", run.key, *told)
    return run


def without_variants_gone(session: Session, run: StoredRun) -> None:
    """Drop the pictures of variants that a draft has no longer."""
    known = {None, *(each["key"] for each in run.variants)}
    kept = [each for each in run.pictures if each["variant"] in known]
    if kept != run.pictures:
        run.pictures = kept
        _sweep(session, run)


def _sweep(session: Session, run: StoredRun) -> None:
    session.flush()
    used = [each["digest"] for each in run.pictures]
    mine = RunPicture.workspace_id == run.workspace_id, RunPicture.run == run.key
    session.execute(delete(RunPicture).where(*mine, RunPicture.digest.not_in(used)))


def _exactly(pictures: Sequence[Picture], variant: str | None) -> Picture | None:
    return next((each for each in pictures if each["variant"] == variant), None)
