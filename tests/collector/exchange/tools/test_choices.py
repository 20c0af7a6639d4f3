"""What is said beside a tool's files: where answers belong, which question is which, whose an address is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import BadInput
from collector.exchange import tools
from collector.responses import Response

RESULTS = """\
id,submitdate,startlanguage,token,NPS,WHY,EASE,SHOP,OKMAIL
1,2025-03-01 10:00:00,en,t1,9,They called me back,6,ward,Y
2,2025-03-02 10:00:00,en,t2,2,Nobody called me back,2,attic,
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results.csv"
    path.write_text(RESULTS)
    return path


def test_your_own_ids_stand_for_addresses(bring: Any, decide: Any, tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("email;customer\nEVE@example.com;c-5\nada@example.com;c-1\n")
    listed = tools.choices.customers(tmp_path / "ids.csv")
    report = bring("delighted", ["unsubscribes.json", "people.json"], customers=listed)
    assert [decide(customer) for customer in ("c-5", "c-1", "c-2")] == ["opted_out", "quarantine", "invited"]
    assert [file["customers_by_address"] for file in report["files"]] == [0, 3]


def test_rows_about_several_touchpoints(bring: Any, results: Path, session: Session) -> None:
    report = bring("limesurvey", [results], touchpoint=None, touchpoint_column="SHOP")
    (placed,) = report["files"][0]["questions"]
    assert placed["report"]["accepted"] == 1
    assert placed["report"]["quarantined"]["unmapped_touchpoint"]["count"] == 1
    assert list(session.scalars(select(Response.touchpoint))) == ["ward"]


def test_two_questions_are_two_series_and_one_contact(bring: Any, results: Path, session: Session) -> None:
    asked = tools.choices.questions(["NPS=nps", "EASE=ces@ward"])
    report = bring("limesurvey", [results], questions=asked)
    placed = {each["column"]: each for each in report["files"][0]["questions"]}
    assert placed["NPS"]["comment"] == "WHY"
    assert (placed["EASE"]["touchpoint"], placed["EASE"]["comment"]) == ("ward", None)
    assert len(set(session.scalars(select(Response.series_id)))) == 2


def test_a_consent_is_kept_with_its_wording(bring: Any, results: Path, client: Any, keys: Any) -> None:
    people = "token,emailstatus,email,invited\nt1,OK,ada@example.com,N\n"
    (results.parent / "tokens.csv").write_text(people)
    report = bring("limesurvey", [results, results.parent / "tokens.csv"], consents={"OKMAIL": "email"})
    assert report["files"][1]["memory"]["taken"] == {"consent": 1}
    kept = client.get("/api/v1/customers/ada@example.com", headers=keys["admin"]).json
    assert [each["text_version"] for each in kept["consents"]["email"]] == ["OKMAIL"]


def test_another_survey_of_the_same_names_is_a_series_of_its_own(bring: Any, results: Path) -> None:
    first, second = (bring("limesurvey", [results], survey=name) for name in ("2024", "2025"))
    sources = [report["files"][0]["questions"][0]["source"] for report in (first, second)]
    assert len(set(sources)) == 2


def test_possible_questions_are_named_and_nothing_is_guessed(bring: Any, results: Path) -> None:
    report = bring("limesurvey", [results], dry_run=True)
    assert report["files"][0]["possible_questions"] == ["EASE"]
    assert set(report["files"][0]["lost"]) == {"EASE", "SHOP", "OKMAIL"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"touchpoint": None}, "needs the touchpoint"),
        ({"touchpoint": "attic"}, "There are helpline, transport, ward"),
        ({"questions": {"WHY": tools.Asked("nps")}}, "no scores of nps"),
        ({"questions": {"NOPE": tools.Asked("nps")}}, "Columns of whole numbers: 'NPS', 'EASE'"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_taken(
    bring: Any, results: Path, session: Session, said: dict[str, Any], told: str
) -> None:
    assert told in bring("limesurvey", [results], code=1, **said)
    assert not list(session.scalars(select(Response)))


def test_a_file_of_something_else_is_named_with_what_is_known(bring: Any, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    told = bring("delighted", [tmp_path / "x.csv"], code=1)
    assert "x.csv: no file of Delighted has these columns: a, b" in told
    assert "bounced people: bounced_at" in told


@pytest.mark.parametrize("text", ["NPS", "NPS=gladness", "=nps"])
def test_a_question_is_a_column_and_a_metric(text: str) -> None:
    with pytest.raises(BadInput):
        tools.choices.questions([text])


def test_a_consent_is_a_column_and_a_channel() -> None:
    assert tools.choices.consents(["I agree = honestly =email"]) == {"I agree = honestly": "email"}
    with pytest.raises(BadInput):
        tools.choices.consents(["I agree=pigeon"])


def test_times_are_of_the_zone_that_the_file_names(bring: Any, session: Session) -> None:
    report = bring("qualtrics", ["responses.csv"], dry_run=True)
    (placed,) = report["files"][0]["questions"]
    assert [row["at"] for row in placed["first_rows"]] == [
        "2026-10-25T11:30:00Z",
        "2025-01-11T10:00:00Z",
        "2025-06-11T10:00:00Z",
    ]
    assert placed["question"] == "How likely are you to recommend us to a friend?"
    assert placed["report"]["skipped"]["not_a_customers"]["count"] == 1


def test_a_column_without_a_name_is_lost_by_its_place(bring: Any, tmp_path: Path) -> None:
    rows = "Respondent ID,Collector ID,End Date,Do you recommend us?,,\n,,,,Speed,Price\n1,2,10/25/2025 11:30,9,4,5\n"
    (tmp_path / "m.csv").write_text(rows)
    report = bring("surveymonkey", [tmp_path / "m.csv"], dry_run=True)
    assert {"column 5", "column 6"} <= set(report["files"][0]["lost"])


def test_words_of_a_known_scale_and_labelled_numbers_are_scores(
    bring: Any, tmp_path: Path, session: Session
) -> None:
    header = "id,submitdate,How satisfied are you?,Would you recommend us?,It was easy (effort)\n"
    rows = (
        "Very satisfied,10 - Extremely likely,Agree",
        "Neutral,7,Strongly disagree",
        "dissatisfied,0 - Not at all likely,",
    )
    lines = "".join(f"{n},2025-03-0{n} 10:00:00,{row}\n" for n, row in enumerate(rows, start=1))
    (tmp_path / "labels.csv").write_text(header + lines)
    report = bring("limesurvey", [tmp_path / "labels.csv"])
    placed = {each["metric"]: each["report"]["accepted"] for each in report["files"][0]["questions"]}
    assert placed == {"csat": 3, "nps": 3, "ces": 2}
    found = session.execute(select(Response.metric, Response.score)).all()
    assert sorted(map(tuple, found)) == [("ces", 1), ("ces", 6), ("csat", 2), ("csat", 3), ("csat", 5), ("nps", 0), ("nps", 7), ("nps", 10)]  # fmt: skip


def test_words_of_five_steps_are_no_scale_of_seven(bring: Any, tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("id,submitdate,Q\n1,2025-03-01 10:00:00,Very satisfied\n")
    asked = {"Q": tools.Asked("ces")}
    assert "no scores of ces" in bring("limesurvey", [tmp_path / "w.csv"], code=1, questions=asked)


def test_one_odd_score_is_refused_by_itself(bring: Any, tmp_path: Path) -> None:
    rows = "".join(
        f"{n},2025-03-0{n} 10:00:00,{said}\n" for n, said in enumerate(("9", "99", "10 - Sure", "?"), 1)
    )
    (tmp_path / "w.csv").write_text("id,submitdate,Q\n" + rows)
    report = bring("limesurvey", [tmp_path / "w.csv"], code=3, questions={"Q": tools.Asked("nps")})
    (placed,) = report["files"][0]["questions"]
    assert placed["report"]["accepted"] == 2
    assert {reason: told["rows"] for reason, told in placed["report"]["skipped"].items()} == {
        "score_out_of_scale": [3],
        "unknown_score": [5],
    }
