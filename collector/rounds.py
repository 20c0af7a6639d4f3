"""A queue in which every sender has its turn in each round, however many of its own somebody else has queued up.

What one sender queues stays in its order. ``at_once`` says of a lane how many of it may be out at a time, so that whoever
comes next need not wait for one of them to end.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from math import inf
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """Anything that waits: whose it is, is its lane."""

    @property
    def lane(self) -> Hashable: ...


Item = TypeVar("Item", bound=Waiting)


class Rounds(Generic[Item]):
    """What waits, lane by lane. Not safe for several threads by itself."""

    def __init__(self, at_once: Callable[[Hashable], float] = lambda lane: inf) -> None:
        self._at_once = at_once
        self._lanes: OrderedDict[Hashable, deque[Item]] = OrderedDict()
        self._out: Counter[Hashable] = Counter()
        self._count = 0

    def append(self, item: Item) -> None:
        """Queue something at the end of its lane; a lane that was empty is the last of this round."""
        self._lanes.setdefault(item.lane, deque()).append(item)
        self._count += 1

    def peek(self) -> Item:
        """What is next; raises ``IndexError`` where nothing may be taken."""
        return self._lanes[self._next()][0]

    def popleft(self) -> Item:
        """Take what is next; its lane is the last of this round now, and says ``done`` when it is."""
        lane = self._next()
        item = self._lanes[lane].popleft()
        self._count -= 1
        if self._lanes[lane]:
            self._lanes.move_to_end(lane)
        else:
            del self._lanes[lane]
        self._out[lane] += 1
        return item

    def done(self, lane: Hashable) -> None:
        """One that was taken is over."""
        self._out[lane] -= 1
        if not self._out[lane]:
            del self._out[lane]

    def remove(self, item: Item) -> None:
        """Something waits no longer."""
        waiting = self._lanes[item.lane]
        waiting.remove(item)
        self._count -= 1
        if not waiting:
            del self._lanes[item.lane]

    def is_over_its_share(self, lane: Hashable, most: int) -> bool:
        """Whether a lane has queued as much as it may, where all lanes together may queue ``most``."""
        lanes = len(self._lanes) + (lane not in self._lanes)
        return len(self._lanes.get(lane, ())) >= most // lanes

    def __iter__(self) -> Iterator[Item]:
        return (item for waiting in self._lanes.values() for item in waiting)

    def __contains__(self, item: Item) -> bool:
        return item in self._lanes.get(item.lane, ())

    def __len__(self) -> int:
        """How many wait; may be asked without a lock."""
        return self._count

    def __bool__(self) -> bool:
        """Whether anything may be taken."""
        return any(self._may_go(lane) for lane in self._lanes)

    def _next(self) -> Hashable:
        for lane in self._lanes:
            if self._may_go(lane):
                return lane
        raise IndexError("nothing may be taken")

    def _may_go(self, lane: Hashable) -> bool:
        return self._out[lane] < self._at_once(lane)
