"""The events in the OpenAPI document, under ``webhooks`` (OpenAPI 3.1), so that a receiver can be made from it."""

from __future__ import annotations

from typing import Any

from collector.webhooks.kinds import SCHEMAS

HEADERS = {
    "webhook-id": "The event's id, the same at each attempt: what was taken once need not be taken again.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970; refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two, apart by a space, while a secret is renewed.",
}


def describe(spec: Any) -> None:
    """Put each kind with its schema into the document."""
    for schema in SCHEMAS.values():
        spec.components.schema(schema.__name__, schema=schema)
    spec.options["webhooks"] = {kind: {"post": _told(kind)} for kind in SCHEMAS}


def _told(kind: str) -> dict[str, Any]:
    schema = SCHEMAS[kind]
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"$ref": f"#/components/schemas/{schema.__name__}"},
        },
    }
    return {
        "summary": " ".join((schema.__doc__ or "").split()),
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for name, text in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "Taken. Anything else is tried again for three days."}},
    }
