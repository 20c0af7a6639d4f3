"""Somebody's file becomes answers at our touchpoints, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.exchange import actions
from collector.exchange.models import ImportRun
from collector.responses import Response

Headers = dict[str, dict[str, str]]
EXPECTED = {"transport": (12, 52, 10), "helpline": (8, 29, 5), "ward": (10, 39, 7)}
"""touchpoint -> n, sum of the reversed scores, answers of 4 and 5; counted by hand from clinic.csv."""


def test_figures_equal_a_count_by_hand(
    import_file: Callable[..., Any], clinic_file: Any, client: FlaskClient, keys: Headers
) -> None:
    import_file(*clinic_file)
    query = {"metric": "csat", "group_by": "touchpoint"}
    answer = client.get("/api/v1/kpis", query_string=query, headers=keys["read"])
    figures = {line["group"]: line["points"][0] for line in answer.json["series"]}
    assert set(figures) == set(EXPECTED)
    for touchpoint, (n, total, satisfied) in EXPECTED.items():
        point = figures[touchpoint]
        assert point["n"] == n
        assert point["mean"] == round(total / n, 6)
        assert point["score"] == round(100 * satisfied / n, 6)


def test_the_report_counts_every_row_once(import_file: Callable[..., Any], clinic_file: Any) -> None:
    done = import_file(*clinic_file, as_json=True)
    report = json.loads(done.out)
    assert (report["rows"], report["accepted"]) == (40, 30)
    assert report["skipped"] == {
        "no_score": {"count": 2, "rows": [15, 17]},
        "empty": {"count": 1, "rows": [16]},
        "score_out_of_scale": {"count": 1, "rows": [27]},
        "bad_date": {"count": 1, "rows": [28]},
        "no_date": {"count": 1, "rows": [29]},
        "date_out_of_range": {"count": 1, "rows": [30]},
    }
    assert report["quarantined"] == {"unmapped_touchpoint": {"count": 3, "rows": [24, 25, 26]}}
    assert report["unmapped"]["touchpoint"] == {"Pharmacy": 2, "": 1}


def test_the_same_file_twice_adds_nothing(
    import_file: Callable[..., Any], clinic_file: Any, session: Session
) -> None:
    import_file(*clinic_file)
    first = session.scalar(select(func.count()).select_from(Response))
    again = json.loads(import_file(*clinic_file, as_json=True).out)
    assert (again["accepted"], again["duplicates"]["count"]) == (0, 30)
    assert session.scalar(select(func.count()).select_from(Response)) == first == 30


def test_an_answer_keeps_its_words_its_day_and_its_source(
    import_file: Callable[..., Any], clinic_file: Any, session: Session
) -> None:
    import_file(*clinic_file)
    found = session.scalars(select(Response).where(Response.comment.like("Wait%"))).one()
    assert (found.touchpoint, found.score, found.source, found.metric) == ("transport", 1, "imported", "csat")
    assert (found.locale, found.channel, found.attributes) == ("en", "letter", {"trust": "Fellside"})
    # noon in London during summer time
    assert found.occurred_at == datetime(2021, 10, 1, 11, 0, tzinfo=UTC)
    assert found.answers == {"score": 1, "comment": "Waited two hours for the ride home."}
    assert found.comment_stems == " wait two hour for the ride home "


def test_imported_answers_have_a_closed_survey_and_a_series_of_their_own(
    import_file: Callable[..., Any], clinic_file: Any, session: Session
) -> None:
    import_file(*clinic_file)
    pairs = select(Response.touchpoint, Response.survey, Response.series_id).distinct()
    found = session.execute(pairs.order_by(Response.touchpoint)).all()
    assert [row.survey for row in found] == [
        f"clinic-feedback.{key}" for key in ("helpline", "transport", "ward")
    ]
    assert len({row.series_id for row in found}) == 3


def test_unplaced_rows_wait_as_unassigned_until_a_better_mapping(
    import_text: Callable[..., Any], session: Session, clinic: Any
) -> None:
    text = "id,place,score,text,at\n1,Porch,4,Warm,2026-10-01\n2,ward,5,Calm,2026-10-01\n"
    assert import_text(text).code == 0
    kept = actions.unassigned(session, clinic.workspace_id)
    assert [(row.value, row.columns["text"]) for row in kept] == [("Porch", "Warm")]
    session.commit()
    better = import_text(text, actions_mapping("{column: place, values: {Porch: ward}}"), as_json=True)
    assert json.loads(better.out)["accepted"] == 1
    assert actions.unassigned(session, clinic.workspace_id) == []


def test_a_run_is_kept_with_what_became_of_it(
    import_file: Callable[..., Any], clinic_file: Any, session: Session
) -> None:
    import_file(*clinic_file)
    run = session.scalars(select(ImportRun)).one()
    assert (run.filename, run.actor, run.accepted, run.quarantined) == ("clinic.csv", "command line", 30, 3)
    assert run.skipped["no_score"] == 2
    assert run.finished_at is not None


def test_rows_without_an_id_of_their_own_are_told_apart_by_their_fields(
    import_text: Callable[..., Any], session: Session
) -> None:
    text = "place,score,text,at\n" + "ward,5,,2026-10-01\n" * 3 + "ward,4,,2026-10-01\n"
    mapping = actions_mapping("{column: place}").replace("id: id", "id: [place, score, text, at]")
    import_text(text, mapping)
    again = json.loads(import_text(text, mapping, as_json=True).out)
    assert (again["accepted"], again["duplicates"]["count"]) == (0, 4)
    assert session.scalar(select(func.count()).select_from(Response)) == 4


def actions_mapping(touchpoint: str) -> str:
    return (
        f"name: cards\nmetric: csat\nid: id\ntouchpoint: {touchpoint}\nscore: {{column: score}}\n"
        "comment: {column: text}\noccurred_at: {column: at}\n"
    )
