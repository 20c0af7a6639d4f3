"""Microsoft Teams: an Adaptive Card in a message, as its Workflows take it.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using and
https://adaptivecards.io/explorer. A ``TextBlock`` would read Markdown; a ``TextRun`` shows what people wrote as it is.
"""

from __future__ import annotations

from typing import Any

from collector.webhooks.chat.note import Note

CARD = "application/vnd.microsoft.card.adaptive"


def payload(note: Note) -> dict[str, Any]:
    """The message as a Teams workflow takes it."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": note.language,
        "body": [
            _line({"text": note.happened, "weight": "Bolder", "size": "Medium"}),
            *([_line({"text": note.title})] if note.title else []),
            *(
                _line({"text": f"{label}: ", "isSubtle": True}, {"text": value})
                for label, value in note.facts
            ),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": note.link_words, "url": note.link}],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _line(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
