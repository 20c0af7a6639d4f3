"""The pure rules of the delivery: what goes together, what an answer means, how long to wait."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from email.utils import format_datetime

import pytest
from afterword.delivery.backoff import full_jitter, retry_after
from afterword.delivery.plan import MAX_BYTES, MAX_ROWS, plan
from afterword.delivery.verdicts import Answer, Dead, Delivered, Hold, Retry, Split, judge
from afterword.outbox.rows import BARRIERS, Row
from hypothesis import given, settings
from hypothesis import strategies as st

KINDS = ("trigger", "interaction", "cancel", "erase")


def row(seq: int, kind: str = "trigger", body: str = "{}") -> Row:
    return Row(seq, kind, str(seq), json.dumps("x") if kind in BARRIERS else body, 0.0)


def rows_of(kinds: list[str]) -> list[Row]:
    return [row(seq, kind) for seq, kind in enumerate(kinds)]


@settings(deadline=None)
@given(st.lists(st.sampled_from(KINDS), max_size=40))
def test_nothing_overtakes_a_cancellation_and_nothing_is_left_out_before_it(kinds: list[str]) -> None:
    rows, sent = rows_of(kinds), []
    while rows:
        requests = plan(rows)
        settled = {one for request in requests for one in request.rows}
        assert settled
        sent += [one for request in requests for one in request.rows]
        rows = [one for one in rows if one not in settled]
    for position, one in enumerate(sent):
        if one.kind in BARRIERS:
            assert all(before.seq < one.seq for before in sent[:position])
            assert all(after.seq > one.seq for after in sent[position + 1 :])


@settings(deadline=None)
@given(st.lists(st.integers(1, MAX_BYTES), min_size=1, max_size=30))
def test_batches_keep_to_their_size_unless_a_single_row_is_larger(sizes: list[int]) -> None:
    rows = [row(seq, body="x" * size) for seq, size in enumerate(sizes)]
    requests = plan(rows)
    assert [one for request in requests for one in request.rows] == rows
    for request in requests:
        assert sum(len(one.body) for one in request.rows) <= MAX_BYTES or len(request.rows) == 1


def test_a_batch_is_a_json_document_of_at_most_500_rows() -> None:
    first, second = plan([row(seq, body=json.dumps({"n": seq})) for seq in range(MAX_ROWS + 1)])
    assert first.path == "/api/v1/triggers"
    assert json.loads(first.body or b"") == {"triggers": [{"n": seq} for seq in range(500)]}
    assert len(second.rows) == 1


@pytest.mark.parametrize(("kind", "folder"), [("cancel", "triggers"), ("erase", "customers")])
def test_undoing_says_when_it_was_done_however_late_it_is_delivered(kind: str, folder: str) -> None:
    (request,) = plan([row(1, kind)._replace(at=1_780_000_000.25)])
    assert request.path == f"/api/v1/{folder}/x?occurred_at=2026-05-28T20:26:40.250Z"


def judged(status: int, body: object, count: int = 3, kind: str = "trigger") -> object:
    request = plan([row(seq, kind) for seq in range(count)])[0]
    return judge(request, Answer(status, json.dumps(body).encode()))


def test_a_set_up_that_asks_nobody_is_told_once_for_each_cause() -> None:
    unknown = {"reason": "unknown_touchpoint", "rule": "the touchpoint is in no journey file"}
    waits = {"reason": "quarantine", "rule": "30 days after an answer"}
    batch = [row(seq)._replace(body='{"touchpoint": "order-confirmd"}') for seq in range(3)]
    answer = Answer(200, json.dumps({"decisions": [unknown, waits, unknown]}).encode())
    verdict = judge(plan(batch)[0], answer)
    assert isinstance(verdict, Delivered)
    [cause] = verdict.unasked
    assert all(said in cause for said in ("order-confirmd", "unknown_touchpoint", "in no journey file"))


def test_an_answer_counts_only_if_it_is_the_collectors() -> None:
    assert judged(200, {"decisions": [{}, {}, {}]}) == Delivered()
    assert judged(200, {"accepted": 3, "duplicates": 0}, kind="interaction") == Delivered()
    assert judged(200, {"cancelled": 0}, kind="cancel") == Delivered()
    assert judged(200, {"erased": {}}, kind="erase") == Delivered()
    for odd in ({"decisions": [{}]}, {}, [], "ok", None):
        assert isinstance(judged(200, odd), Retry)
    assert isinstance(judge(plan([row(1)])[0], Answer(200, b"<html>")), Retry)


@pytest.mark.parametrize("status", [100, 302, 408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert isinstance(judged(status, {}), Retry)


REFUSALS = [400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 413, 415, 418, 422, 426, 431]


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", ["<html>", {}, {"title": "No"}, {"code": "no"}, {"code": 7, "status": 404}])
def test_a_strangers_refusal_ends_nothing(status: int, kind: str, body: object) -> None:
    assert isinstance(judged(status, body, count=1, kind=kind), Retry)


@pytest.mark.parametrize("status", sorted({*REFUSALS} - {400, 413, 422}))
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_collector_refuses_whatever_the_row_is_held(status: int, kind: str) -> None:
    verdict = judged(status, {"status": status, "code": "no", "title": "No"}, kind=kind)
    assert verdict == Hold(f"HTTP {status} no No", 30.0)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_collector_says_about_one_row_ends_it(kind: str) -> None:
    assert judged(422, {"status": 422, "code": "no"}, count=1, kind=kind) == Dead({0: "HTTP 422 no"})


def test_named_rows_die_alone() -> None:
    fields = {
        "triggers.1.touchpoint": ["bad", "worse"],
        "triggers.1": ["odd"],
        "triggers.9.x": ["?"],
        "other": ["?"],
    }
    verdict = judged(422, {"status": 422, "code": "invalid", "fields": fields})
    assert verdict == Dead({1: "HTTP 422 invalid; touchpoint: bad; worse, item: odd"})


@pytest.mark.parametrize(
    "fields", [None, [], {}, {"triggers": ["too many"]}, {"interactions.0.event": ["bad"]}, "?"]
)
def test_an_error_that_names_no_row_splits_the_batch(fields: object) -> None:
    for status in (400, 413, 422):
        assert isinstance(judged(status, {"status": status, "code": "no", "fields": fields}), Split)
    assert isinstance(judged(422, {"status": 422, "code": "no", "fields": fields}, count=1), Dead)
    assert isinstance(judged(413, {}), Split)  # a proxy's: smaller pieces may pass


@settings(deadline=None)
@given(st.integers(0, 1_000), st.floats(0, 1))
def test_jitter_lies_between_nothing_and_the_doubled_cap(failures: int, chance: float) -> None:
    assert 0 <= full_jitter(failures, lambda: chance) <= min(30.0, 0.5 * 2 ** min(failures, 10))


def test_jitter_grows_with_failures() -> None:
    assert [full_jitter(n, lambda: 1.0) for n in (0, 1, 2, 3, 10, 10_000)] == [0.5, 1.0, 2.0, 4.0, 30.0, 30.0]


def test_retry_after_reads_seconds_and_dates() -> None:
    now = datetime(2026, 11, 21, 10, tzinfo=timezone.utc)
    later = datetime(2026, 11, 21, 10, 0, 30, tzinfo=timezone.utc)
    assert retry_after("120", now.timestamp()) == 120.0
    assert retry_after(format_datetime(later, usegmt=True), now.timestamp()) == 30.0
    assert retry_after(format_datetime(now, usegmt=True), later.timestamp()) == 0.0


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "²", "Sat, 99 Nov 2026 10:00:00 GMT"])
def test_retry_after_ignores_what_it_cannot_read(header: str | None) -> None:
    assert retry_after(header, 0.0) == 0.0


def test_retry_after_never_waits_longer_than_an_hour() -> None:
    assert retry_after("99999999999999999999", 0.0) == 3_600.0
