"""What customers say: comments put together by what they say, and the words that tell groups of them apart.

In: the comments as they stand. Out: topics with how many people named them and whether that has changed, and words that
mark the unhappy, a channel or the period. Nothing is kept here; a new topic becomes a signal. Read by the dashboard.
"""

from collector.topics import exporting, noticing
from collector.topics.asking import asked_for
from collector.topics.contrasting import Side, Word
from collector.topics.reading import Asked, Topics, members, read
from collector.topics.schemas import TopicsQuery
from collector.topics.topic import Topic

__all__ = [
    "Asked",
    "Side",
    "Topic",
    "Topics",
    "TopicsQuery",
    "Word",
    "asked_for",
    "exporting",
    "members",
    "noticing",
    "read",
]
