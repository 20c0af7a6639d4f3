"""The wire of topics."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector.bodies import KEY, Moment
from collector.kpis import BANDS, Day
from collector.responses import Said
from collector.topics.reading import Topics

DAY = {"type": "string", "format": "date"}
CHANGES = ("new", "more", "fewer", "")


class TopicsQuery(Schema):
    since = Day(load_default=None, data_key="from", metadata={**DAY, "description": "first day"})
    until = Day(load_default=None, data_key="to", metadata={**DAY, "description": "last day"})
    journey = fields.String(load_default=None, validate=KEY)
    touchpoint = fields.String(load_default=None, validate=KEY)
    channel = fields.String(load_default=None, validate=KEY)
    band = fields.String(load_default=None, validate=validate.OneOf(BANDS))


class CommentsQuery(TopicsQuery):
    search = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "words in any inflection"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class SaidOut(Schema):
    response_id = fields.UUID()
    comment = fields.String()
    locale = fields.String(allow_none=True)
    metric = fields.String()
    score = fields.Integer(allow_none=True)
    touchpoint = fields.String()
    channel = fields.String(allow_none=True)
    occurred_at = Moment()


class TopicOut(Schema):
    topic_id = fields.UUID(metadata={"description": "An answer that belongs to it, in these days"})
    terms = fields.List(fields.String())
    touchpoint = fields.String(metadata={"description": "Where most of it was said"})
    n = fields.Integer(metadata={"description": "People who said it in the period"})
    n_before = fields.Integer(metadata={"description": "In the period before"})
    unhappy = fields.Integer(metadata={"description": "Of these people, those with a low score"})
    change = fields.String(metadata={"enum": list(CHANGES), "description": "Empty where it may be chance"})
    q = fields.Float(allow_none=True)
    examples = fields.List(fields.Nested(SaidOut))


class WordOut(Schema):
    word = fields.String()
    n = fields.Integer(metadata={"description": "Comments of this side that hold it"})
    n_against = fields.Integer()
    log_odds = fields.Float()
    z = fields.Float()
    q = fields.Float(metadata={"description": "False discovery rate, Benjamini-Hochberg"})


class SideOut(Schema):
    """One side against all others; `words` is null where either has fewer than 30 comments."""

    by = fields.String(metadata={"enum": ["band", "channel", "period"]})
    value = fields.String()
    n = fields.Integer(metadata={"description": "Comments"})
    n_against = fields.Integer()
    words = fields.List(fields.Nested(WordOut), allow_none=True)


class TopicsOut(Schema):
    first = fields.Date(data_key="from")
    last = fields.Date(data_key="to")
    comments = fields.Integer()
    comments_before = fields.Integer()
    is_cut = fields.Boolean(
        data_key="partial", metadata={"description": "There are more comments: the newest were read"}
    )
    compared = fields.Integer(metadata={"description": "Topics compared with the period before"})
    topics = fields.List(fields.Nested(TopicOut))
    sides = fields.List(fields.Nested(SideOut), data_key="words")


class TopicCommentsOut(Schema):
    comments = fields.List(fields.Nested(SaidOut))


def topics_dict(found: Topics, first: Any, last: Any) -> dict[str, Any]:
    """What was read, in wire form."""
    names = ("comments", "comments_before", "is_cut", "compared", "topics", "sides")
    return {"first": first, "last": last} | {name: getattr(found, name) for name in names}


def comments_dict(said: list[Said]) -> dict[str, Any]:
    """The comments of a topic, in wire form."""
    return {"comments": said}
