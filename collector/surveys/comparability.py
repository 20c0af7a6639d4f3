"""The metric guard: a published survey's number stays comparable, or its series ends in plain sight.

Whoever would change what the number rests on is told what would break, and must say that a new series shall begin.
A slip of the pen may be mended by an explicit "same meaning" mark with a reason, which is kept with the version; a
change of kind, scale, direction or layout is never the same meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from collector import errors
from collector.instruments import as_json, facets, from_json, own
from collector.surveys.models import Survey, SurveyVersion

NEVER_THE_SAME = frozenset({"kind", "scale", "direction", "layout"})


def check(
    session: Session,
    entries: Sequence[Mapping[str, Any]],
    known: Mapping[str, Survey | None],
    confirm_break: bool,
) -> None:
    """Raises 422 ``not_same_meaning`` for a false mark, 409 ``series_break`` for a break that is not confirmed.

    A closed survey's number is history: 409 ``survey_closed``, confirmed or not.
    """
    false: dict[str, list[str]] = {}
    breaking: dict[str, list[str]] = {}
    over: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        survey = known[entry["key"]]
        if survey is None or survey.state == "draft" or "imported" in survey.policy:
            continue  # what holds the answers of an import is bound by its mapping
        broken = broken_by(session, survey, entry, marked=False)
        if survey.state == "closed":
            over |= {f"surveys.{index}": [f"{entry['key']}: {', '.join(broken)}"]} if broken else {}
        elif entry.get("same_meaning") and NEVER_THE_SAME & set(broken):
            false[f"surveys.{index}.same_meaning"] = [f"changes {', '.join(broken)}: that is another number"]
        elif broken and not entry.get("same_meaning"):
            breaking[f"surveys.{index}"] = [f"{entry['key']}: {', '.join(broken)}"]
    if false:
        raise errors.BadInput("This changes more than the wording.", "not_same_meaning", false)
    if over:
        raise errors.Conflict("This survey is closed; what was asked stays as it was.", "survey_closed", over)
    if breaking and not confirm_break:
        raise errors.Conflict(
            "This starts a new series: the number would not be comparable with what was measured before. Confirm "
            "with confirm_break, or mark a mere correction with same_meaning and a reason.",
            "series_break",
            breaking,
        )


def broken_by(session: Session, survey: Survey, entry: Mapping[str, Any], marked: bool = True) -> list[str]:
    """What an entry changes that the survey's number rests on; with ``marked``, none where it says "same meaning"."""
    if marked and entry.get("same_meaning"):
        return []
    return breaks(current(session, survey).definition, definition(session, survey.workspace_id, entry))


def breaks(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The facets that differ between two definitions."""
    old, new = from_json(before["template"]), from_json(after["template"])
    return facets.breaks(old, new, before["subject"], after["subject"])


def current(session: Session, survey: Survey) -> SurveyVersion:
    """The version of a survey that is asked now."""
    return session.get_one(SurveyVersion, (survey.workspace_id, survey.key, survey.version))


def definition(session: Session, workspace_id: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry asks, word for word, as a version keeps it; ``worded`` is a template whose words were edited."""
    template = entry.get("worded") or own.find(session, workspace_id, entry["template"])
    return {"subject": entry["subject"], "template": as_json(template)}
