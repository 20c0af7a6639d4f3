"""The wire of insights and actions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from collector.bodies import KEY, Moment
from collector.insights import doing, reading, recovery, rules
from collector.insights.models import Insight, Recovery
from collector.insights.reading import LARGEST_PAGE, PAGE, Citation
from collector.kpis import Day

DAY = {"type": "string", "format": "date"}
TITLE = validate.Length(1, 200)
TEXT = validate.Length(max=5000)
KINDS = ("handover", "touchpoint", "period", "channel", "segment")


class EvidenceIn(Schema):
    """The verdict that it rests on: its figures are kept as they stand."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    journey = fields.String(required=True, validate=KEY)
    channel = fields.String(load_default=None, validate=KEY)
    group = fields.String(
        load_default="",
        validate=validate.Length(max=400),
        metadata={
            "description": "Of a segment, as its verdict says `of`: `persona=senior`, `attribute.tariff=L`"
        },
    )
    first = Day(required=True, data_key="from", metadata=DAY)
    last = Day(required=True, data_key="to", metadata=DAY)


class InsightIn(Schema):
    title = fields.String(
        load_default="",
        validate=TITLE,
        metadata={"description": "Needed, unless a `signal` is named: that says itself in a sentence"},
    )
    text = fields.String(load_default="", validate=TEXT)
    touchpoint = fields.String(load_default=None, validate=KEY)
    before = fields.String(
        load_default=None, validate=KEY, metadata={"description": "The touchpoint before, of a handover"}
    )
    journey = fields.String(load_default=None, validate=KEY)
    owners = fields.List(fields.String(validate=KEY), load_default=None, validate=validate.Length(max=50))
    evidence = fields.Nested(EvidenceIn, load_default=None)
    signal = fields.UUID(
        load_default=None,
        metadata={
            "description": "A signal that becomes this insight: its place, figures and answer are kept, and it counts as"
            " known. A second time gives the same insight"
        },
    )
    cites = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=50))


class InsightPatch(Schema):
    title = fields.String(validate=TITLE)
    text = fields.String(validate=TEXT)
    owners = fields.List(fields.String(validate=KEY), validate=validate.Length(max=50))
    state = fields.String(validate=validate.OneOf(rules.STATES))
    was = fields.String(
        validate=validate.OneOf(rules.STATES),
        metadata={
            "description": "The state that you saw: 409 `insight_moved` where it is another one by now"
        },
    )
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class InsightQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf([*rules.STATES, "open"]))
    owner = fields.String(load_default=None, validate=KEY)
    touchpoint = fields.String(load_default=None, validate=KEY)
    journey = fields.String(load_default=None, validate=KEY)
    cursor = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))


class CommentIn(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 5000))


class LinkIn(Schema):
    url = fields.String(required=True, validate=validate.Length(1, 2000))
    title = fields.String(load_default="", validate=validate.Length(max=200))


class CitationIn(Schema):
    response_id = fields.UUID(required=True)


class ActionIn(Schema):
    title = fields.String(required=True, validate=TITLE)
    owner = fields.String(required=True, validate=KEY)
    due = Day(required=True, metadata=DAY)
    person = fields.String(load_default="", validate=validate.Length(max=254))
    remind = Day(load_default=None, allow_none=True, metadata=DAY)


class ActionPatch(Schema):
    title = fields.String(validate=TITLE)
    owner = fields.String(validate=KEY)
    due = Day(metadata=DAY)
    person = fields.String(validate=validate.Length(max=254))
    remind = Day(allow_none=True, metadata=DAY)
    result = fields.String(validate=TEXT)
    state = fields.String(validate=validate.OneOf(rules.ACTION_STATES))


class ActionOut(Schema):
    action_id = fields.UUID()
    insight_id = fields.UUID()
    title = fields.String()
    owner = fields.String()
    person = fields.String()
    due = fields.Date()
    remind = fields.Date(allow_none=True)
    state = fields.String(metadata={"enum": list(rules.ACTION_STATES)})
    result = fields.String()
    created_by = fields.String()
    created_at = Moment()
    changed_at = Moment()
    done_at = Moment(allow_none=True)


class ActionsOut(Schema):
    actions = fields.List(fields.Nested(ActionOut))


class WeightOut(Schema):
    """Reach x effect: answers in 30 days, had everybody been asked, times the part of the scale."""

    reach = fields.Float()
    effect = fields.Float()
    low = fields.Float()
    high = fields.Float()


class InsightOut(Schema):
    insight_id = fields.UUID()
    kind = fields.String(metadata={"enum": ["touchpoint", "handover", "journey"]})
    touchpoint = fields.String(allow_none=True)
    before = fields.String(allow_none=True)
    journey = fields.String(allow_none=True)
    title = fields.String()
    text = fields.String()
    owners = fields.List(fields.String())
    state = fields.String(metadata={"enum": list(rules.STATES)})
    reason = fields.String()
    evidence = fields.Dict(allow_none=True)
    priority = fields.Float(metadata={"description": "Reach x effect; 0 where nothing was measured"})
    weight = fields.Nested(WeightOut, allow_none=True)
    created_by = fields.String()
    created_at = Moment()
    changed_at = Moment()
    done_at = Moment(allow_none=True)


class InsightCommentOut(Schema):
    comment_id = fields.UUID()
    text = fields.String()
    written_by = fields.String()
    written_at = Moment()


class InsightLinkOut(Schema):
    link_id = fields.UUID()
    url = fields.String()
    title = fields.String()
    added_by = fields.String()
    added_at = Moment()


class CitationOut(Schema):
    response_id = fields.UUID()
    touchpoint = fields.String()
    state = fields.String(metadata={"enum": ["shown", "hidden", "erased", "out_of_scope"]})
    score = fields.Integer(allow_none=True)
    comment = fields.String(allow_none=True)
    occurred_at = Moment(allow_none=True)


class RecoveryOut(Schema):
    """Whether it helped: the same question at the same place, before against since."""

    state = fields.String(
        metadata={"enum": ["watching", "recovered", "worse", "unchanged", "too_few", "back", "changed"]}
    )
    metric = fields.String()
    series_id = fields.UUID()
    before_from = fields.Date(attribute="first", metadata={"description": "The first of the days before"})
    before_picked = fields.Boolean(
        metadata={
            "description": "Days of the insight's evidence are among those before: too little was said after them"
        }
    )
    done_on = fields.Date()
    recovered_on = fields.Date(allow_none=True)
    n_before = fields.Integer()
    n_since = fields.Integer()
    estimate = fields.Float(
        allow_none=True, metadata={"description": "Since minus before as seen, weekdays matched"}
    )
    low = fields.Float(
        allow_none=True,
        metadata={"description": "Lowered for the picking, where the days before were picked"},
    )
    high = fields.Float(allow_none=True)
    more = fields.Integer(
        allow_none=True, metadata={"description": "About so many answers are missing to tell"}
    )


class WholeInsightOut(InsightOut):
    recovery = fields.Nested(RecoveryOut, allow_none=True)
    comments = fields.List(fields.Nested(InsightCommentOut))
    links = fields.List(fields.Nested(InsightLinkOut))
    cites = fields.List(fields.Nested(CitationOut))
    actions = fields.List(fields.Nested(ActionOut))


class InsightsOut(Schema):
    insights = fields.List(fields.Nested(InsightOut))
    next = fields.UUID(allow_none=True, metadata={"description": "Send it as `cursor`."})


NAMES = ("insight_id", "kind", "touchpoint", "before", "journey", "title", "text", "state", "reason", "evidence", "priority",
         "created_by", "created_at", "changed_at", "done_at")  # fmt: skip


def insight_dict(row: Insight, owners: list[str]) -> dict[str, Any]:
    """An insight in wire form."""
    weight = rules.weight(row.evidence) if row.evidence else None
    return {name: getattr(row, name) for name in NAMES} | {"owners": owners, "weight": weight}


def whole_dict(session: Session, row: Insight) -> dict[str, Any]:
    """An insight with all that people added to it."""
    found = insight_dict(row, reading.owners_of(session, [row])[row.insight_id])
    watched = recovery.of(session, row)
    return found | {
        "recovery": recovery_dict(watched, row) if watched else None,
        "comments": reading.comments_of(session, row),
        "links": reading.links_of(session, row),
        "cites": [_citation(each) for each in reading.citations_of(session, row)],
        "actions": doing.of(session, row),
    }


def recovery_dict(watched: Recovery, row: Insight) -> dict[str, Any]:
    """Whether an insight helped, as ``RecoveryOut`` reads it."""
    names = [each.attribute or name for name, each in RecoveryOut().fields.items() if name != "before_picked"]
    return {name: getattr(watched, name) for name in names} | {"before_picked": recovery.picks(watched, row)}


def _citation(cited: Citation) -> dict[str, Any]:
    answer = cited.answer
    return {
        "response_id": cited.response_id,
        "touchpoint": cited.touchpoint,
        "state": cited.state,
        "score": answer.score if answer else None,
        "comment": answer.comment if answer else None,
        "occurred_at": answer.occurred_at if answer else None,
    }
