"""Where people clicked first in a run: who hit, each area's share with its interval, and the places for the picture.

Shown once the verdict may be: not while a fixed number is still collected, not while the sample ratio alarms, and of five
people or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities.runs import Picture, StoredRun, pictures
from collector.responses import Response
from collector.results.verdict import Verdict
from collector.statistics import Interval, K, wilson
from collector.workspaces import sight

MOST_DOTS = 2000
"""So many clicks are drawn at most, evenly from top to bottom; all are counted."""


@dataclass(frozen=True)
class Row:
    """An area (None: beside all of them), how many clicked it first, and their share with its 95 % interval."""

    area: str | None
    n: int
    share: float
    interval: Interval


@dataclass(frozen=True)
class Dot:
    """A click, in pixels of the picture."""

    x: float
    y: float
    is_hit: bool


@dataclass(frozen=True)
class Clicks:
    """One picture of a run with what was clicked on it; ``seconds``: the median until the click, where known."""

    picture: Picture
    variants: tuple[str, ...]
    n: int
    rows: Sequence[Row] = ()
    hit: Row | None = None
    dots: Sequence[Dot] = ()
    grid: Sequence[Sequence[int]] = ()
    """How many clicked in each ninth of the picture, from the top left, row by row."""
    seconds: float | None = None


def of_run(session: Session, run: StoredRun, verdict: Verdict) -> list[Clicks]:
    """Each picture of a run that five people or more have clicked on; none while nothing may be shown of it."""
    if not verdict.may_be_seen or not run.pictures:
        return []
    click = pictures.question(session, run)
    query = select(Response.variant, Response.answers).where(
        Response.workspace_id == run.workspace_id, Response.run == run.key
    )
    with sight.whole(session):  # only counted
        said = [(variant, answers[click]) for variant, answers in session.execute(query) if click in answers]
    return [found for picture in run.pictures if (found := _of_picture(run, picture, said)).n >= K]


def _of_picture(
    run: StoredRun, picture: Picture, said: Sequence[tuple[str | None, Mapping[str, Any]]]
) -> Clicks:
    places = [place for variant, place in said if pictures.of(run.pictures, variant) == picture]
    hits = [pictures.hit(picture, place) for place in places]
    names = [str(area["name"]) for area in picture["areas"]]
    counts, n, times = Counter(hits), len(places), [place["ms"] for place in places if "ms" in place]
    rows = [_row(name, counts[name], n) for name in [*names, None]] if names and n else []
    dots = [
        Dot(
            round(place["x"] * picture["width"], 1), round(place["y"] * picture["height"], 1), hit is not None
        )
        for place, hit in zip(places, hits, strict=True)
    ]
    ninths = Counter((min(2, int(3 * place["x"])), min(2, int(3 * place["y"]))) for place in places)
    shows = [str(each["key"]) for each in run.variants]
    return Clicks(
        picture,
        tuple(key for key in shows if pictures.of(run.pictures, key) == picture),
        n,
        rows,
        _row("", n - counts[None], n) if rows else None,
        sorted(dots, key=lambda dot: (dot.y, dot.x))[:: -(-n // MOST_DOTS) or 1],
        [[ninths[column, row] for column in range(3)] for row in range(3)],
        median(times) / 1000 if len(times) >= K else None,
    )


def _row(area: str | None, n: int, of: int) -> Row:
    return Row(area, n, n / of, wilson(n, of))


def told(run: StoredRun, variant: str | None, place: Mapping[str, Any]) -> tuple[str | None, bool | None]:
    """The area that a click lies in, and whether it hits; None where no area is marked."""
    picture = pictures.of(run.pictures, variant)
    if picture is None or not picture["areas"]:
        return None, None
    area = pictures.hit(picture, place)
    return area, area is not None
