"""What an answer of the collector means for the rows that were sent: pure.

Only the collector's own document about a row ends that row. A proxy's 404, a firewall's 403 and a captive portal's 200
are strangers: they say nothing about our rows, which are sent again. And what the collector refuses whoever calls it
that way (a wrong key, a wrong address) is a state of the client, not a fault of its rows: they are held.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, Union

from .plan import Request

_TRY_AGAIN = frozenset({408, 425, 429})
_TOO_LARGE = 413
_ABOUT_ROWS = frozenset({400, 413, 422})
_REASON_LENGTH = 500
HOLD_SECONDS = 30.0
_SET_UP = frozenset({"unknown_touchpoint", "no_survey", "disabled"})


class Answer(NamedTuple):
    """An HTTP answer; `retry_after` in seconds."""

    status: int
    body: bytes
    retry_after: float = 0.0


class Delivered(NamedTuple):
    """The collector has the rows; `unasked` says, once for each cause, why some of them will never ask anybody."""

    unasked: tuple[str, ...] = ()


class Retry(NamedTuple):
    """Nothing is known to be wrong with the rows: send them again later."""

    reason: str
    after: float


class Hold(NamedTuple):
    """The collector refuses this client as it is set up: keep all rows, try slowly, go on by itself once it is mended."""

    reason: str
    after: float


class Dead(NamedTuple):
    """The rows with these positions will never be taken; the rest is to be sent again at once."""

    reasons: dict[int, str]


class Split(NamedTuple):
    """One of the rows is the culprit, the answer does not say which: try the halves."""

    reason: str


Verdict = Union[Delivered, Retry, Hold, Dead, Split]


def judge(request: Request, answer: Answer) -> Verdict:
    """Return what to do with the rows of a request."""
    if 200 <= answer.status < 300:
        return _taken(request, answer)
    if answer.status in _TRY_AGAIN or answer.status >= 500 or answer.status < 400:
        return Retry(f"HTTP {answer.status}", answer.retry_after)
    problem = _object(answer.body)
    if not _is_the_collectors(answer.status, problem):
        return _strangers(request, answer)
    if answer.status in _ABOUT_ROWS:
        return _refused(request, answer.status, problem)
    return Hold(_summary(answer.status, problem), max(answer.retry_after, HOLD_SECONDS))


def _is_the_collectors(status: int, problem: dict[str, Any]) -> bool:
    """Return whether a refusal has the form of docs/reference/wire.md: a code, and the status once more."""
    return isinstance(problem.get("code"), str) and problem.get("status") == status


def _strangers(request: Request, answer: Answer) -> Verdict:
    """A body that is too large for a proxy may pass in pieces; all else may pass later."""
    if answer.status == _TOO_LARGE and len(request.rows) > 1:
        return Split(f"HTTP {answer.status}")
    return Retry(f"HTTP {answer.status} from something that is not the collector", answer.retry_after)


def _taken(request: Request, answer: Answer) -> Verdict:
    """A 200 counts only if it is the collector's: a captive portal says 200 to everything."""
    said = _object(answer.body)
    if request.items == "triggers":
        decisions = said.get("decisions")
        good = isinstance(decisions, list) and len(decisions) == len(request.rows)
    elif request.items == "interactions":
        good = "accepted" in said
    else:
        good = "cancelled" in said or "erased" in said
    if not good:
        return Retry(f"HTTP {answer.status} from something that is not the collector", 0.0)
    return Delivered(_unasked(request, said))


def _unasked(request: Request, said: dict[str, Any]) -> tuple[str, ...]:
    """Return what is wrong with the set-up, as decisions tell it: most often a key that was mistyped."""
    causes = []
    for row, decision in zip(request.rows, said.get("decisions", ())):
        reason = decision.get("reason") if isinstance(decision, dict) else None
        if reason in _SET_UP:
            place = _object(row.body.encode()).get("touchpoint")
            causes.append(f"nobody is asked at {place!r}: {reason}, {decision.get('rule')}")
    return tuple(dict.fromkeys(causes))


def _refused(request: Request, status: int, problem: dict[str, Any]) -> Verdict:
    summary = _summary(status, problem)
    named = _named_rows(request, problem, summary)
    if named:
        return Dead(named)
    if len(request.rows) > 1:
        return Split(summary)
    return Dead({0: summary})


def _named_rows(request: Request, problem: dict[str, Any], summary: str) -> dict[int, str]:
    """Return the reasons of the rows that `fields` names as `triggers.<index>.<field>`."""
    fields = problem.get("fields")
    reasons: dict[int, list[str]] = {}
    for path, wrong in fields.items() if isinstance(fields, dict) and request.items else ():
        found = re.match(rf"{request.items}\.(\d+)(?:\.(.+))?$", str(path))
        if found and int(found[1]) < len(request.rows):
            said = "; ".join(map(str, wrong)) if isinstance(wrong, list) else str(wrong)
            reasons.setdefault(int(found[1]), []).append(f"{found[2] or 'item'}: {said}")
    return {index: f"{summary}; {', '.join(texts)}"[:_REASON_LENGTH] for index, texts in reasons.items()}


def _summary(status: int, problem: dict[str, Any]) -> str:
    said = problem.get("detail") or problem.get("title") or ""
    code = problem.get("code") or ""
    return " ".join(filter(None, (f"HTTP {status}", str(code), str(said))))[:_REASON_LENGTH]


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
