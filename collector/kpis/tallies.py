"""What is known of a stratum of closed groups without counting its members: how many there are, and its groups by category.

Kept in the transaction that puts answers into groups or takes them out, by who holds the stratum. Where a version wrote that
knows of no tallies, the database notes that the whole is no longer known (by triggers; see the migration 0054), and who needs
it next counts once.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, NamedTuple, cast

import structlog
from sqlalchemy import Table, and_, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from collector import bulk, prepared
from collector.kpis.cube import ATTRIBUTE, PERSONAL
from collector.kpis.models import GroupMember, GroupTally
from collector.statistics import SIZE

STRATA, MEMBERS = 20, 50_000
"""So many strata are counted in a night, and so many members at most."""
log = structlog.get_logger(__name__)


class Stratum(NamedTuple):
    """Within which answers are grouped; each dimension by itself."""

    workspace_id: uuid.UUID
    dimension: str
    series_id: uuid.UUID
    touchpoint: str
    journey: str
    journey_version: int
    channel: str
    source: str
    respondent: str

    @property
    def is_by_attribute(self) -> bool:
        return self.dimension.startswith(ATTRIBUTE)

    @property
    def everyone(self) -> Stratum:
        """The same place by a dimension in which every answer stands."""
        return self._replace(dimension=PERSONAL[0])


@dataclass
class Tally:
    """What is known of a stratum: ``groups`` and ``newest`` by category, where they were asked for."""

    members: int = 0
    day: date = date.min
    groups: dict[str, int] = field(default_factory=dict)
    newest: dict[str, uuid.UUID | None] = field(default_factory=dict)

    def rows(self, stratum: Stratum) -> Iterator[dict[str, Any]]:
        yield row(stratum, "", members=self.members, day=self.day, is_known=True)
        for category, n in self.groups.items():
            if n:
                yield row(stratum, f"={category}", groups=n)


_MEMBER, _TABLE = cast("Table", GroupMember.__table__).c, cast("Table", GroupTally.__table__)
_TALLY = _TABLE.c
_KEYS = (*Stratum._fields, "part")
_HERE = and_(*(_TALLY[name] == bindparam(name) for name in Stratum._fields))
_ALL = select(*(_TALLY[name] for name in ("part", "members", "groups", "day", "newest", "is_known"))).where(
    _HERE
)
_WHOLE = _ALL.where(_TALLY.part == "")
_COUNTED = (
    select(
        _MEMBER.category,
        func.count().label("members"),
        func.count(_MEMBER.group_id).label("grouped"),
        func.max(_MEMBER.day).label("day"),
    )
    .where(and_(*(_MEMBER[name] == bindparam(name) for name in Stratum._fields)))
    .group_by(_MEMBER.category)
)
_HERE_AT_ALL = and_(
    *(_TALLY[name] == bindparam(name) for name in Stratum._fields if name != "dimension"), _TALLY.part == ""
)
_AT_PLACE = select(*(_TALLY[name] for name in Stratum._fields)).where(_HERE_AT_ALL)
_CLEARED = delete(_TABLE).where(_HERE)
_MINE = and_(*(_TALLY[name] == bindparam(f"of_{name}") for name in _KEYS))
_LESS = (
    update(_TABLE)
    .where(_MINE)
    .values(members=_TALLY.members - bindparam("gone"), groups=_TALLY.groups - bindparam("dissolved"))
)
_UNNAMED = update(_TABLE).where(_MINE, _TALLY.newest == bindparam("group")).values(newest=None)
_EMPTY = delete(_TABLE).where(_MINE, _TALLY.part != "", _TALLY.groups <= 0)


def row(stratum: Stratum, part: str, **values: Any) -> dict[str, Any]:
    """A row of the table; of what is added, unless the row is new."""
    nothing = {"members": 0, "groups": 0, "day": date.min, "newest": None, "is_known": False}
    return {**stratum._asdict(), "part": part, **nothing, **values}


def read(session: Session, stratum: Stratum, is_full: bool) -> Tally:
    """The tally of a stratum that the caller holds; with the groups of each category where it ``is_full``."""
    found = _said(session, stratum, is_full)
    return recount(session, stratum) if found is None else found


def _said(session: Session, stratum: Stratum, is_full: bool) -> Tally | None:
    """What the table says of a stratum; None where it is not known."""
    tally, is_known = Tally(), False
    for found in prepared.send(session, _ALL if is_full else _WHOLE, [stratum._asdict()]):
        if found.part:
            tally.groups[found.part[1:]], tally.newest[found.part[1:]] = found.groups, found.newest
        else:
            tally.members, tally.day, is_known = found.members, found.day, found.is_known
    return tally if is_known else None


def by_attribute(session: Session, places: Iterable[Stratum]) -> list[Stratum]:
    """All strata by an attribute at these places: who lacks an attribute belongs to its rest."""
    given = [place._asdict() for place in sorted({place.everyone for place in places})]
    found = prepared.send(session, _AT_PLACE, given) if given else []
    return [stratum for row in found if (stratum := Stratum(*row)).is_by_attribute]


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add to the tallies what ``rows`` say; one that is new is of a stratum that nobody has counted yet."""
    if rows:
        bulk.insert(session, _TABLE, rows, _adding)


def _adding(made: Any, table: Any) -> Any:
    old, new = table.c, made.excluded
    return made.on_conflict_do_update(
        index_elements=_KEYS,
        set_={
            "members": old.members + new.members,
            "groups": old.groups + new.groups,
            "day": case((old.day > new.day, old.day), else_=new.day),
            "newest": func.coalesce(new.newest, old.newest),
        },
    )


def take_out(session: Session, gone: Sequence[GroupMember]) -> None:
    """Take members out that are about to go, and the groups that they stood in."""
    lost: dict[tuple[Stratum, str], Counter[str]] = {}
    for member in gone:
        lost.setdefault((of(member), ""), Counter())["gone"] += 1
    groups = {each.group_id: (of(each), f"={each.category}") for each in gone if each.group_id}
    for place in groups.values():
        lost.setdefault(place, Counter())["dissolved"] += 1
    if not lost:
        return
    keys = {place: _key(*place) for place in sorted(lost)}
    less = [keys[each] | {"gone": lost[each]["gone"], "dissolved": lost[each]["dissolved"]} for each in keys]
    prepared.send(session, _LESS, less)
    if groups:
        prepared.send(session, _UNNAMED, [keys[place] | {"group": each} for each, place in groups.items()])
        prepared.send(session, _EMPTY, list(keys.values()))


def _key(stratum: Stratum, part: str) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in stratum._asdict().items()} | {"of_part": part}


def of(member: GroupMember) -> Stratum:
    return Stratum(*(getattr(member, name) for name in Stratum._fields))


def recount(session: Session, stratum: Stratum) -> Tally:
    """Count all members of a stratum that the caller holds."""
    tally = _counted(session, stratum)
    prepared.send(session, _CLEARED, [stratum._asdict()])
    add(session, list(tally.rows(stratum)))
    return tally


def _counted(session: Session, stratum: Stratum) -> Tally:
    tally = Tally()
    for found in prepared.send(session, _COUNTED, [stratum._asdict()]):
        tally.members += found.members
        tally.day = max(tally.day, found.day)
        if found.grouped:
            tally.groups[found.category] = found.grouped // SIZE
    return tally


def is_wrong(session: Session, stratum: Stratum) -> bool:
    """Whether the members of a stratum are others than its tally says; not where it is not known."""
    said = _said(session, stratum, is_full=True)
    right = _counted(session, stratum)
    return said is not None and (said.members, said.groups) != (right.members, right.groups)


def mend(session: Session, strata: Iterable[Stratum]) -> int:
    """Count strata anew while nobody puts answers into groups; how many were wrong, and are right now."""
    wrong = [stratum for stratum in strata if is_wrong(session, stratum)]
    for stratum in wrong:
        recount(session, stratum)
        log.warning(
            "tally_mended",
            workspace=str(stratum.workspace_id),
            touchpoint=stratum.touchpoint,
            dimension=stratum.dimension,
        )
    return len(wrong)


def some(session: Session, places: Iterable[tuple[uuid.UUID, str]], chance: Random) -> list[Stratum]:
    """A few strata at these touchpoints; those too large for a moment are left to ``afterword rollups rebuild``."""
    query = select(*(_TALLY[name] for name in Stratum._fields), _TALLY.members).where(_TALLY.part == "")
    found = [
        tuple(row)
        for workspace_id, touchpoint in places
        for row in session.execute(
            query.where(_TALLY.workspace_id == workspace_id, _TALLY.touchpoint == touchpoint)
        )
    ]
    chosen, left = list[Stratum](), MEMBERS
    for *key, members in chance.sample(sorted(found), len(found)):
        if members <= left and len(chosen) < STRATA:
            chosen.append(Stratum(*key))
            left -= members
    return sorted(chosen)


def all_of(session: Session, workspace_id: uuid.UUID) -> list[Stratum]:
    """Every stratum of a workspace that has a tally."""
    query = select(*(_TALLY[name] for name in Stratum._fields))
    return [
        Stratum(*key)
        for key in session.execute(query.where(_TALLY.workspace_id == workspace_id, _TALLY.part == ""))
    ]
