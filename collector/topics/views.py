"""``GET /api/v1/topics``: what customers say, and the comments of one topic."""

from __future__ import annotations

import uuid
from typing import Any

from collector import errors, web
from collector.topics import asking, reading, schemas
from collector.topics.reading import Asked
from collector.workspaces import caller, requires

READERS = ("admin", "person")
OF_COMMENTS = ("analyst", *READERS)

api = web.Blueprint("topics", __name__, url_prefix="/api/v1", description="What customers say in their words")


@api.route("/topics")
@requires(*READERS)
@api.arguments(schemas.TopicsQuery, location="query")
@api.response(200, schemas.TopicsOut)
@api.alt_response(404)
def get_topics(query: dict[str, Any]) -> Any:
    """Comments that say nearly the same, and the words that tell groups apart; the last 90 days unless said."""
    asked = _asked(query)
    found = reading.read(web.session(), _workspace(), asked)
    return schemas.topics_dict(found, asked.wanted.first, asked.wanted.last)


@api.route("/topics/<uuid:topic_id>/comments")
@requires(*READERS)
@api.arguments(schemas.TopicsQuery, location="query")
@api.response(200, schemas.TopicCommentsOut)
@api.alt_response(404)
def get_topic_comments(query: dict[str, Any], topic_id: uuid.UUID) -> Any:
    """The comments that say nearly the same as one answer's, the newest first; those of the same days and filters."""
    found = reading.members(web.session(), _workspace(), _asked(query), topic_id)
    if not found:
        raise errors.NotFound("No comment of these days belongs to such a topic.", "unknown_topic")
    return schemas.comments_dict(found)


@api.route("/comments")
@requires(*OF_COMMENTS)
@api.arguments(schemas.CommentsQuery, location="query")
@api.response(200, schemas.TopicCommentsOut)
@api.alt_response(404)
def get_comments(query: dict[str, Any]) -> Any:
    """What customers wrote, the newest first: masked, within the caller's scope, nothing hidden; the last 90 days unless said."""
    asked = _asked(query)
    found = reading.newest(web.session(), _workspace(), asked, query["search"], query["limit"])
    return schemas.comments_dict(found)


def _asked(query: dict[str, Any]) -> Asked:
    return asking.asked_for(web.session(), caller().company, query, web.now())


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
