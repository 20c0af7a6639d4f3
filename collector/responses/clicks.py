"""A click on a picture as a plain form sends it: by the picture itself, by two sliders, or kept by the page's script."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

PLACES = 4
"""So many digits of a place: finer than any pixel of the largest picture that is taken."""


def sends(fields: MultiDict[str, str], question: str) -> bool:
    """Whether the click itself sent the form, before anything else on the page could be answered."""
    return any(f"answers.{question}.{part}" in fields for part in ("x", "cross"))


def read(fields: MultiDict[str, str], question: str, picture: Mapping[str, Any] | None) -> Any:
    """The place that was clicked; None where nothing was, and what was sent where it is no place."""
    name = f"answers.{question}"
    if kept := fields.get(name):
        return _kept(kept)
    if f"{name}.cross" in fields:
        sides = (fields.get(f"{name}.left", ""), fields.get(f"{name}.top", ""))
        return _place(sides, 100, 100)
    if (
        f"{name}.x" in fields and picture is not None
    ):  # the browser counts pixels, of the picture at its own size
        return _place((fields[f"{name}.x"], fields.get(f"{name}.y", "")), picture["width"], picture["height"])
    return None


def _kept(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _place(sides: tuple[str, str], width: int, height: int) -> Any:
    try:
        x, y = float(sides[0]) / width, float(sides[1]) / height
    except ValueError:
        return list(sides)
    if not (math.isfinite(x) and math.isfinite(y)):
        return list(sides)
    return {"x": round(x, PLACES), "y": round(y, PLACES)}
