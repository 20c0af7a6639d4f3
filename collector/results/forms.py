"""A run as the page's form says it, in the shape of the API, and back; what was typed is kept when it does not fit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from collector import clock, days, errors
from collector.communities.runs import StoredRun
from collector.instruments import Template, own
from collector.results import measures, picture_schemas, schemas

TEXTS = ("name", "assumption", "design")
OF_A_NEW_ONE = ("template", "subject", "touchpoint", "journey", "key")
ROW = ("measure", "kind", "variant", "against", "direction", "value")
ROWS = 4
"""So many hypotheses fit into the form; the API takes ten."""
AREAS = 3
"""So many areas have fields before any is marked; there is always one more."""
SIDES = {"left": "x", "top": "y", "width": "width", "height": "height"}
"""Field of the form, in percent -> what it is called on the wire, in parts of the picture."""
BY_LANGUAGE = re.compile(r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*):\s+(\S.*)")
"""A language and, behind a colon, what is said in it."""
A_MOMENT = timedelta(microseconds=1)


def read(session: Session, workspace_id: uuid.UUID, form: MultiDict[str, str], zone: str) -> dict[str, Any]:
    """A new run as it was typed, checked; raises ValidationError, and 404 for a template that is not here."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in OF_A_NEW_ONE}
    given["key"] = given["key"] or _key_of(form.get("name", ""))
    given["subject"] = _subject(given["subject"])
    given |= {name: given[name] or None for name in ("touchpoint", "journey")}
    measure = _first(own.find(session, workspace_id, given["template"])) if given["template"] else "score"
    loaded: dict[str, Any] = schemas.RunIn().load(given | _drafted(form, zone, measure))
    return loaded


def _subject(text: str) -> str | dict[str, str]:
    """One text for all languages, or one for each: ``en: this system; de: dieses System``."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    found = [BY_LANGUAGE.fullmatch(part) for part in parts]
    known = {each[1]: each[2] for each in found if each}
    return known if known and len(known) == len(parts) else text


def _first(template: Template) -> str:
    return next(iter(measures.of_template(template)), "score")


def read_draft(form: MultiDict[str, str], zone: str, run: StoredRun, measure: str) -> dict[str, Any]:
    """What may change of a draft, as it was typed, checked; ``measure`` is what its survey measures first."""
    keys = {each.get("name") or each["key"]: str(each["key"]) for each in run.variants}
    loaded: dict[str, Any] = schemas.DraftSchema().load(_drafted(form, zone, measure, keys))
    return loaded


def areas(form: MultiDict[str, str]) -> dict[str, Any]:
    """What is said of a picture, as it was typed in percent, checked; rows without a name and numbers are none."""
    rows = [row for row in area_rows(form) if any(row.values())]
    given = [
        {"name": row["area"] or str(at)} | {name: _part(row[side]) for side, name in SIDES.items()}
        for at, row in enumerate(rows, 1)
    ]
    loaded: dict[str, Any] = picture_schemas.PictureIn().load(
        {"description": form.get("description", "").strip(), "areas": given}
    )
    return loaded


def area_rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """A row for each area that the form has fields for."""
    columns = {name: form.getlist(name) for name in ("area", *SIDES)}
    return [
        {name: said[at].strip() if at < len(said) else "" for name, said in columns.items()}
        for at in range(min(20, len(columns["area"])))
    ]


def told_areas(picture: Mapping[str, Any]) -> list[dict[str, str]]:
    """A stored picture's areas as the form's fields, and rows for more."""
    rows = [
        {"area": str(area["name"])}
        | {side: f"{round(100 * area[name], 1):g}" for side, name in SIDES.items()}
        for area in picture["areas"]
    ]
    return [*rows, *({} for _ in range(max(1, AREAS - len(rows))))]


def _part(text: str) -> float | None:
    number = _number(text)
    return None if number is None else round(number / 100, 4)


def fits(run: StoredRun) -> bool:
    """Whether the form can say all that stands in a run; the API can say more."""
    return len(run.only) <= 1 and len(run.hypotheses) <= ROWS


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """The form's fields as they were typed, with a row for each hypothesis."""
    return {**form.to_dict(), "rows": _padded(_rows(form))}


def told(run: StoredRun, zone: str) -> dict[str, Any]:
    """A stored run as the form's fields."""
    names = {each["key"]: each.get("name") or each["key"] for each in run.variants}
    rows = [
        {**each, "value": f"{each['value']:g}"}
        | {side: names.get(each.get(side) or "", "") for side in ("variant", "against")}
        for each in run.hypotheses
    ]
    [only] = run.only.items() or [("", [])]
    return {
        "name": run.name, "assumption": run.assumption, "panel": run.panel or "", "design": run.design, "n": run.n or "",
        "sample": f"{100 * run.sample:g}", "attribute": only[0], "values": ", ".join(only[1]),
        "variants": _joined((names[each["key"]], each["share"]) for each in run.variants),
        "cell": run.cells.get("attribute", ""), "quotas": _joined(run.cells.get("quotas", {}).items()),
        "from": days.day_of(run.starts_at, zone).isoformat() if run.starts_at else "",
        "to": days.day_of(run.ends_at - A_MOMENT, zone).isoformat() if run.ends_at else "",
        "rows": _padded(rows),
    }  # fmt: skip


def _drafted(
    form: MultiDict[str, str], zone: str, measure: str, keys: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """``keys``: those that variants have by name; a new one gets one made from its name."""
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    given["panel"] = form.get("panel", "").strip() or None
    given["variants"] = [
        {"key": (keys or {}).get(name) or _key_of(name) or f"variant-{at}", "name": name, "share": 1.0 if share is None else share}
        for at, (name, share) in enumerate(_listed(form.get("variants", "")), 1)
    ]  # fmt: skip
    given["only"] = _only(form)
    if attribute := form.get("cell", "").strip():
        given["cells"] = {"attribute": attribute, "quotas": _quotas(form.get("quotas", ""))}
    given["sample"] = (_number(form.get("sample", "")) or 100.0) / 100
    given["n"] = int(_number(form.get("n", "")) or 0) or None
    given |= {name: _moment(form[name], later, zone) for name, later in (("from", 0), ("to", 1)) if form.get(name)}  # fmt: skip
    said = [row for row in _rows(form) if row["value"]]
    given["hypotheses"] = [_hypothesis(row, given["variants"], measure) for row in said]
    return given


def _hypothesis(
    row: Mapping[str, str], variants: Sequence[Mapping[str, Any]], measure: str
) -> dict[str, Any]:
    """A figure against a threshold, or a variant against another: the last one against the first, if not said."""
    is_gap = row["kind"] == "difference"
    sides = (variants[-1]["key"], variants[0]["key"]) if variants and is_gap else (None, None)
    return {
        "measure": row["measure"] or measure,
        "kind": "difference" if is_gap else "threshold",
        "direction": row["direction"] or "above",
        "value": _number(row["value"]),
        "variant": _named(row["variant"], variants) or sides[0],
        "against": (_named(row["against"], variants) or sides[1]) if is_gap else None,
    }


def _named(text: str, variants: Sequence[Mapping[str, Any]]) -> str:
    """The key of the variant that is meant by a name or a key."""
    meant = (str(each["key"]) for each in variants if text in (each["name"], each["key"]))
    return next(meant, _key_of(text))


def _rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """A row for each hypothesis that the form has fields for."""
    columns = {name: form.getlist(name) for name in ROW}
    return [
        {name: said[at].strip() if at < len(said) else "" for name, said in columns.items()}
        for at in range(min(10, len(columns["value"])))
    ]


def _padded(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [*rows, *({} for _ in range(ROWS - len(rows)))]


def _listed(text: str) -> list[tuple[str, float | None]]:
    """Names between commas or on lines of their own, each with a number behind a colon where one is said."""
    found: list[tuple[str, float | None]] = []
    for part in filter(None, (part.strip() for part in re.split(r"[\n,;]", text))):
        name, colon, number = part.rpartition(":")
        known = _number(number) if colon else None
        found.append((name.strip(), known) if known is not None else (part, None))
    return found


def _quotas(text: str) -> dict[str, int]:
    """value -> how many answers it may give; raises 422 where a value has no number."""
    found = _listed(text)
    if any(most is None or most != int(most) for _, most in found):
        raise errors.BadInput(
            "Say of each value how many answers it may give, such as gold: 50, basic: 30.",
            fields={"cells": ["needs a whole number behind each value"]},
        )
    return {value: int(most) for value, most in found if most is not None}


def _joined(pairs: Any) -> str:
    return ", ".join(f"{name}: {number:g}" for name, number in pairs)


def _only(form: Mapping[str, str]) -> dict[str, list[str]]:
    attribute, values = form.get("attribute", "").strip(), form.get("values", "")
    found = [value.strip() for value in values.split(",") if value.strip()]
    return {attribute: found} if attribute and found else {}


def _moment(text: str, later: int, zone: str) -> str:
    """The first moment of a day, or of the one after it; what is no day is left to the check."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return clock.iso(days.midnight(day + later * days.A_DAY, zone))


def _number(text: str) -> float | None:
    """A number as people type it; a decimal comma is one."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _key_of(name: str) -> str:
    """A key made from a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64].strip("-")
