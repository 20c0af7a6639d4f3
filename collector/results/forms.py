"""A run as the page's form says it, in the shape of the API; what was typed is kept when it does not fit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from collector.instruments import own
from collector.results import schemas

TEXTS = ("name", "assumption", "template", "subject", "design", "key")
PLACES = ("touchpoint", "journey", "panel")


def read(session: Session, workspace_id: uuid.UUID, form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, checked; raises ValidationError, and 404 for a template that is not here."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    given |= {name: form.get(name, "").strip() or None for name in PLACES}
    given["key"] = given["key"] or _key_of(given["name"])
    given["variants"] = _variants(form.get("variants", ""))
    given["only"] = _only(form)
    given["sample"] = _number(form.get("sample", "")) or 100.0
    given["sample"] /= 100
    given["n"] = int(_number(form.get("n", "")) or 0) or None
    given |= {name: form[name] for name in ("from", "to") if form.get(name)}
    measure = own.find(session, workspace_id, given["template"]).metric if given["template"] else None
    given["hypotheses"] = [_hypothesis(form, given["variants"], measure or "score")]
    loaded: dict[str, Any] = schemas.RunIn().load(given)
    return loaded


def _hypothesis(form: Mapping[str, str], variants: list[dict[str, Any]], measure: str) -> dict[str, Any]:
    """The last variant against the first, or the figure against a threshold."""
    said = {
        "measure": measure,
        "direction": form.get("direction", "above"),
        "value": _number(form.get("value", "")),
    }
    if form.get("kind") == "difference":
        sides = (variants[-1]["key"], variants[0]["key"]) if variants else (None, None)
        return {**said, "kind": "difference", "variant": sides[0], "against": sides[1]}
    return {**said, "kind": "threshold"}


def _variants(text: str) -> list[dict[str, Any]]:
    """One name a line (or between commas), each with the same share."""
    names = [name.strip() for name in re.split(r"[\n,]", text) if name.strip()]
    return [{"key": _key_of(name), "name": name, "share": 1.0} for name in names]


def _only(form: Mapping[str, str]) -> dict[str, list[str]]:
    attribute, values = form.get("attribute", "").strip(), form.get("values", "")
    found = [value.strip() for value in values.split(",") if value.strip()]
    return {attribute: found} if attribute and found else {}


def _number(text: str) -> float | None:
    """A number as people type it; a decimal comma is one."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _key_of(name: str) -> str:
    """A key made from a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64].strip("-")
