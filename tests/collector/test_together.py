"""Who waits for the same write is written together: in order, within bounds, each with its own outcome."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from collector import errors
from collector.together import Together

LONG = 30.0


class Writer:
    """Notes its batches; the first waits for the order to go on."""

    def __init__(self, fails: Callable[[list[int]], bool] = lambda jobs: False) -> None:
        self.batches: list[list[int]] = []
        self.has_begun, self.may_go_on, self.fails = threading.Event(), threading.Event(), fails

    def __call__(self, waiting: Callable[[], list[int]]) -> list[str]:
        jobs = waiting()
        self.batches.append(jobs)
        self.has_begun.set()
        assert self.may_go_on.wait(LONG)
        if self.fails(jobs):
            raise RuntimeError(f"cannot write {jobs}")
        return [f"wrote {job}" for job in jobs]


def queued(together: Together[int, str], pool: ThreadPoolExecutor, jobs: list[int]) -> list[Future[str | None]]:  # fmt: skip
    """Futures of jobs that stand in the queue, in this order."""
    futures = []
    for job in jobs:
        before = len(together._queue)
        futures.append(pool.submit(together.do, job))
        while len(together._queue) == before:
            assert not futures[-1].done()
    return futures


def held(together: Together[int, str], writer: Writer, pool: ThreadPoolExecutor) -> Future[str | None]:
    """The future of job 0, whose leader is at work until ``writer.may_go_on``."""
    future = pool.submit(together.do, 0)
    assert writer.has_begun.wait(LONG)
    return future


def test_who_comes_while_one_writes_is_written_together_in_order() -> None:
    writer = Writer()
    together = Together[int, str](writer, most=3)
    with ThreadPoolExecutor(8) as pool:
        first = held(together, writer, pool)
        others = queued(together, pool, [1, 2, 3, 4, 5])
        writer.may_go_on.set()
        assert first.result(LONG) == "wrote 0"
        assert [other.result(LONG) for other in others] == [f"wrote {job}" for job in range(1, 6)]
    assert writer.batches == [[0], [1, 2, 3], [4, 5]]


def test_a_batch_that_fails_fails_its_own_alone() -> None:
    writer = Writer(fails=lambda jobs: 1 in jobs)
    together = Together[int, str](writer, most=2)
    with ThreadPoolExecutor(8) as pool:
        held(together, writer, pool)
        others = queued(together, pool, [1, 2, 3])
        writer.may_go_on.set()
        assert [type(other.exception(LONG)) for other in others[:2]] == [RuntimeError, RuntimeError]
        assert others[2].result(LONG) == "wrote 3"


def test_a_full_queue_is_unavailable_for_a_moment() -> None:
    writer = Writer()
    together = Together[int, str](writer, longest=2)
    with ThreadPoolExecutor(8) as pool:
        held(together, writer, pool)
        others = queued(together, pool, [1, 2])
        with pytest.raises(errors.Unavailable) as refused:
            together.do(3)
        writer.may_go_on.set()
        assert [other.result(LONG) for other in others] == ["wrote 1", "wrote 2"]
    assert refused.value.retry_after == 1


def test_who_waits_too_long_is_told_so_and_written_by_nobody() -> None:
    writer = Writer()
    together = Together[int, str](writer, patience=0.05)
    with ThreadPoolExecutor(8) as pool:
        first = held(together, writer, pool)
        with pytest.raises(errors.Unavailable):
            together.do(1)
        writer.may_go_on.set()
        assert first.result(LONG) == "wrote 0"
    assert writer.batches == [[0]]


def test_one_lanes_flood_leaves_the_others_their_turn() -> None:
    """Whoever comes last and alone is in the next batch, however many of somebody else's stand before it."""
    writer = Writer()
    together = Together[int, str](writer, most=3, lane=lambda job: job % 10)
    with ThreadPoolExecutor(16) as pool:
        held(together, writer, pool)
        others = queued(together, pool, [11, 21, 31, 41, 51, 2])
        writer.may_go_on.set()
        assert [other.result(LONG) for other in others] == [f"wrote {job}" for job in (11, 21, 31, 41, 51, 2)]
    assert writer.batches == [[0], [11, 2, 21], [31, 41, 51]]


def test_a_heavy_job_fills_a_batch_and_one_that_is_too_heavy_has_its_own() -> None:
    writer = Writer()
    together = Together[int, str](writer, most=10, weight=lambda job: job)
    with ThreadPoolExecutor(16) as pool:
        held(together, writer, pool)
        others = queued(together, pool, [6, 4, 7, 4, 99, 1])
        writer.may_go_on.set()
        for other in others:
            other.result(LONG)
    assert writer.batches == [[0], [6, 4], [7], [4], [99], [1]]


def test_a_lane_that_fills_the_queue_keeps_nobody_else_out() -> None:
    writer = Writer()
    together = Together[int, str](writer, longest=4, lane=lambda job: job % 10)
    with ThreadPoolExecutor(16) as pool:
        held(together, writer, pool)
        flood = queued(together, pool, [11, 21, 31, 41])
        with pytest.raises(errors.Unavailable):
            together.do(51)
        other = queued(together, pool, [2])
        writer.may_go_on.set()
        assert {future.result(LONG) for future in flood} == {f"wrote {job}" for job in (11, 21, 31, 41)}
        assert other[0].result(LONG) == "wrote 2"
