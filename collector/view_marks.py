"""Marks of a view: what the floor has to know of it before it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that anyone may call; a shape test demands a mark on every view."""
    view.access = ("public",)  # type: ignore[attr-defined]
    return view


def looks_first(view: View) -> View:
    """Marks a view whose caller is made known by a reader, though the request writes: it ends that look itself."""
    view.looks_first = True  # type: ignore[attr-defined]
    return view


def short(view: View) -> View:
    """Marks a call that the server may answer where it reads it (``service/loop.py``): it looks up by keys and is written
    together with others, and does whatever may take longer ``places.apart``. Its path has no variables.
    """
    view.is_short = True  # type: ignore[attr-defined]
    return view


def short_paths(app: Flask) -> frozenset[str]:
    """The paths of the calls that are marked as short."""
    short = {name for name, view in app.view_functions.items() if getattr(view, "is_short", False)}
    return frozenset(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in short)
