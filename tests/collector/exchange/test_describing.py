"""``import describe``: files of several tools and spreadsheets, and that the mapping it proposes takes their rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from collector.exchange import describing, guessing
from collector.exchange.reading import FileProblem

GERMAN = (
    "sep=;\r\n Bewertung ;Kommentar;Datum;Filiale;Mail\r\n"
    "9,0;Sehr nett, danke für alles;1. November 2026;Nord;jo@example.com\r\n"
    "3;Zu lange gewartet heute;3. März 2026;Süd;al@example.com\r\n"
    "10,0;;46327;Nord\r\n"
    "0;Nie wieder mit euch;4. Mrz 2026;Süd;;\r\n"
).encode("cp1252")
QUALTRICS = (
    b"ResponseId,RecordedDate,Q1_NPS,Q2,CustomerID\n"
    b"Response ID,Recorded Date,How likely are you to recommend us?,Why?,Customer\n"
    b'"{""ImportId"":""_recordId""}","{""ImportId"":""recordedDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}",x\n'
    b"R_1,2026-11-01 10:00:00,10,It was all very good,c-1\n"
    b"R_2,2026-11-02 11:00:00,2,It took a long time,c-2\n"
)
TYPEFORM = (
    "#,How satisfied are you?,What could we do better?,Submitted At,Token\n"
    "a1,5,Nothing at all really,10/21/2026 10:00,t1\n"
    "a2,1,Be on time please,10/22/2026 09:30,t2\n"
).encode("utf-16")


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: bytes, name: str = "answers.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def _proposed(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load("\n".join(describing.lines(describing.describe(path)))))


def test_what_went_through_a_german_spreadsheet(file: Any) -> None:
    found = _proposed(file(GERMAN))
    assert found["file"] == {"encoding": "cp1252", "delimiter": ";"}
    assert found["metric"] == "nps"
    assert (found["score"]["column"], found["comment"]["column"]) == ("Bewertung", "Kommentar")
    assert found["occurred_at"] == {"column": "Datum", "format": ["%d. %B %Y", "excel"]}
    assert found["touchpoint"] == {"column": "Filiale", "values": {"Nord": "nord", "Süd": "sud"}}
    remarks = describing.describe(file(GERMAN)).remarks
    assert any("e-mail addresses" in remark and "Mail" in remark for remark in remarks)


def test_headers_that_take_three_rows(file: Any) -> None:
    found = _proposed(file(QUALTRICS))
    assert found["file"] == {"header_rows": 3}
    assert (found["id"], found["customer"], found["metric"]) == (
        "ResponseId",
        {"column": "CustomerID"},
        "nps",
    )
    assert found["occurred_at"] == {"column": "RecordedDate"}


def test_a_wide_encoding_and_american_days(file: Any) -> None:
    found = _proposed(file(TYPEFORM))
    assert found["file"] == {"encoding": "utf-16"}
    assert (found["id"], found["metric"]) == ("#", "csat")
    assert found["occurred_at"] == {"column": "Submitted At", "format": "%m/%d/%Y %H:%M"}


def test_days_that_could_be_either_are_told(file: Any) -> None:
    content = b"id,score,date\n1,5,03/04/2026\n2,4,05/06/2026\n"
    proposal = describing.describe(file(content))
    assert any("could be either way round" in remark for remark in proposal.remarks)
    assert yaml.safe_load(proposal.text)["occurred_at"]["format"] == "%d/%m/%Y"


def test_objects_within_objects(file: Any) -> None:
    line = {"id": "r-1", "at": "2026-11-01T10:00:00Z", "answers": {"nps": 9, "why": "All went very well"}}
    found = _proposed(file((json.dumps(line) + "\n").encode(), "answers.jsonl"))
    assert (found["score"]["column"], found["comment"]["column"]) == ("answers.nps", "answers.why")


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_said_so(file: Any, content: bytes) -> None:
    with pytest.raises(FileProblem):
        describing.describe(file(content))


def test_a_file_without_scores_and_times_says_what_is_missing(file: Any) -> None:
    remarks = describing.describe(file(b"name,word\nx,y\nz,w\n")).remarks
    assert any("column of times" in remark for remark in remarks)
    assert any("column of scores" in remark for remark in remarks)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2\n", ";"),
        ("a\tb,c\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a,b\n1,2\n", ","),
        ("a\n1\n", ","),
    ],
)
def test_the_delimiter_that_cuts_evenly(text: str, delimiter: str) -> None:
    assert guessing.delimiter_of(text) == delimiter


@pytest.mark.parametrize(
    ("content", "taken"),
    [(GERMAN, 4), (QUALTRICS, 2), (TYPEFORM, 2)],
    ids=["german", "qualtrics", "typeform"],
)
def test_what_is_proposed_takes_every_row(file: Any, import_text: Any, content: bytes, taken: int) -> None:
    mapping = _proposed(file(content))
    if "column" in mapping["touchpoint"]:
        mapping["touchpoint"]["values"] = dict.fromkeys(mapping["touchpoint"]["values"], "ward")
    else:
        mapping["touchpoint"] = {"constant": "ward"}
    done = import_text(content, as_json=True, mapping=yaml.safe_dump(mapping))
    assert (done.code, json.loads(done.out)["accepted"]) == (0, taken), done.out + done.err
