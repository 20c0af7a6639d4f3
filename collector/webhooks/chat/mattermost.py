"""Mattermost: a message attachment by incoming webhook.

https://developers.mattermost.com/integrate/webhooks/incoming and .../integrate/reference/message-attachments. Its texts
are Markdown: what people wrote is escaped, and an @ mentions nobody.
"""

from __future__ import annotations

import re
from typing import Any

from collector.webhooks.chat.note import Note

MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
NO_MENTION = "@\u200b"


def payload(note: Note) -> dict[str, Any]:
    """The message as Mattermost takes it."""
    attachment = {
        "fallback": f"{note.happened}: {note.title}".replace("@", NO_MENTION),
        "title": note.link_words,
        "title_link": note.link,
        "text": f"**{escaped(note.happened)}**\n{escaped(note.title)}",
        "fields": [
            {"short": True, "title": escaped(label), "value": escaped(value)} for label, value in note.facts
        ],
    }
    return {"attachments": [attachment]}


def escaped(text: str) -> str:
    """A text that shows as it was written."""
    return MARKS.sub(r"\\\1", text).replace("@", NO_MENTION)
