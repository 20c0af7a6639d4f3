"""Nothing reaches inside a station: whoever stands outside takes what its ``__init__`` names in ``__all__``.

Two rooms are open to those who put the stations together: the service mounts their routes, the migrations gather their
tables. Which names a door has is asked of the door; there is no list to keep.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import collector

STATIONS = {found.name for found in pkgutil.iter_modules(collector.__path__) if found.ispkg}
ASSEMBLY = {
    "service": ("views", "pages", "page", "api", "sheets"),
    "migrations": ("models",),
    "cli": ("run",),
}
"""Who may enter a room, and how the room's name ends; the command line starts the demo, whose door loads nothing."""


def test_nothing_reaches_inside_a_station(root: Path) -> None:
    reaches = [found for path in (root / "collector").rglob("*.py") for found in _reaches(root, path)]
    assert reaches == []


@pytest.mark.parametrize("station", sorted(STATIONS))
def test_a_door_names_what_it_has(station: str) -> None:
    door = importlib.import_module(f"collector.{station}")
    missing = [name for name in getattr(door, "__all__", ()) if not hasattr(door, name)]
    assert missing == []


def _reaches(root: Path, path: Path) -> Iterator[str]:
    inside = path.relative_to(root / "collector").parts[0]
    for line, station, room, name in _imports(path.read_text()):
        if station == inside or station not in STATIONS:
            continue
        if name in _door(station, room) or _is_assembly(inside, room, name):
            continue
        yield f"{path.relative_to(root)}:{line}: collector.{station}{'.' + room if room else ''} {name}"


def _door(station: str, room: str | None) -> Sequence[str]:
    """What the door of a station names, or that of a room which itself is named there and has a door of its own."""
    door = importlib.import_module(f"collector.{station}")
    if room is None:
        return getattr(door, "__all__", ())
    inner = importlib.import_module(f"collector.{station}.{room}")
    is_named = room in getattr(door, "__all__", ())
    return getattr(inner, "__all__", ()) if is_named and hasattr(inner, "__path__") else ()


def _is_assembly(inside: str, room: str | None, name: str) -> bool:
    ends = ASSEMBLY.get(inside, ())
    return any(part.endswith(ends) for part in (*(room or "").split("."), name) if part and ends)


def _imports(source: str) -> Iterator[tuple[int, str, str | None, str]]:
    """Line, station, room (None at the door) and name of each import from a station."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("collector."):
            station, _, room = (node.module or "").removeprefix("collector.").partition(".")
            for alias in node.names:
                yield node.lineno, station, room or None, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.count(".") > 1 and alias.name.startswith("collector."):
                    _, station, room = alias.name.split(".", 2)
                    yield node.lineno, station, room, "*"
