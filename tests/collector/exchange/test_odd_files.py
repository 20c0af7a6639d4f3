"""Files as they come: other encodings, broken tables, wrong columns, values that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses import Response

HEADER = "id,place,score,text,at\n"
GOOD = "1,ward,5,Ruhig und schön,2026-10-01\n"
Import = Callable[..., Any]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_other_encodings_are_read_when_the_mapping_names_them(
    import_text: Import, session: Session, encoding: str
) -> None:
    declared = encoding.removesuffix("-sig")
    mapping = _mapping(f"file: {{encoding: {declared}}}\n")
    done = import_text((HEADER + GOOD).encode(encoding), mapping)
    assert done.code == 0, done.err
    assert session.scalars(select(Response.comment)).all() == ["Ruhig und schön"]


@pytest.mark.parametrize("name", ["cards.tsv", "cards.jsonl"])
def test_tabs_and_json_lines_say_the_same_as_commas(import_text: Import, session: Session, name: str) -> None:
    row = {"id": 7, "place": "ward", "score": 4, "text": "Tea, hot", "at": "2026-10-01T08:30:00+02:00"}
    tabs = "\t".join(row) + "\n" + "\t".join(map(str, row.values())) + "\n"
    assert import_text(tabs if name.endswith("tsv") else json.dumps(row) + "\n", name=name).code == 0
    found = session.scalars(select(Response)).one()
    assert (found.score, found.comment, found.occurred_at.hour) == (4, "Tea, hot", 6)


def test_a_semicolon_file_is_read_when_the_mapping_says_so(import_text: Import) -> None:
    done = import_text((HEADER + GOOD).replace(",", ";"), _mapping('file: {delimiter: ";"}\n'), as_json=True)
    assert json.loads(done.out)["accepted"] == 1


def test_empty_cells_may_be_left_out_or_added_at_a_rows_end_and_full_ones_may_not(
    import_text: Import, session: Session
) -> None:
    short, empty = "1,ward,5,2026-10-01\n", "2,ward,4,2026-10-01,warm,,\n"
    full = "3,ward,3,2026-10-01,cold,x\n"
    done = import_text(f"id,place,score,at,text\n{short}{empty}{full}", as_json=True)
    report = json.loads(done.out)
    assert (done.code, report["accepted"], sum(each["count"] for each in report["skipped"].values())) == (
        3,
        2,
        1,
    )
    assert [each["rows"] for each in report["skipped"].values()] == [[4]]
    assert sorted(session.scalars(select(Response.score)).all()) == [4, 5]


def test_a_wrong_byte_is_named_with_its_line(import_text: Import) -> None:
    done = import_text((HEADER + GOOD).encode("cp1252"))
    assert done.code == 1
    assert done.err.startswith("line 2: byte 0xF6 is not utf-8; say `file: {encoding: ...}`")


def test_a_column_that_is_not_there_is_named_with_its_line_in_the_mapping(import_text: Import) -> None:
    done = import_text("id,place,rating,text,at\n")
    assert done.code == 1
    assert "mapping.yaml:5:9: score.column: the file has no column 'score'; it has 'id', 'place'" in done.err
    assert "Nothing was imported." in done.err


def test_a_column_that_stands_twice_is_refused(import_text: Import) -> None:
    done = import_text("id,place,score,score,text,at\n")
    assert (done.code, "the column 'score' stands there twice" in done.err) == (1, True)


def test_a_missing_quotation_mark_is_found_before_the_file_is_swallowed(import_text: Import) -> None:
    text = HEADER + GOOD + '2,ward,5,"never closed,2026-10-01\n' + "3,ward,5,x,2026-10-01\n" * 9000
    done = import_text(text)
    assert done.code == 1
    assert "a field is longer than 131,072 characters; is a closing quotation mark missing" in done.err


def test_a_line_without_end_is_no_text_file(import_text: Import) -> None:
    done = import_text(HEADER.encode() + b"x" * 1_200_000)
    assert (done.code, "line 2: longer than 1,000,000 bytes" in done.err) == (1, True)


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_file_has_no_header(import_text: Import, text: str) -> None:
    done = import_text(text)
    assert (done.code, "there is no header" in done.err) == (1, True)


def test_a_bad_row_is_counted_with_its_reason_and_the_others_go_in(import_text: Import) -> None:
    rows = [
        "1,ward,5,x,2026-10-01,more",
        "2,ward,6,x,2026-10-01",
        "3,ward,5,x,31.02.2026",
        "4,ward,5,fine,2026-10-01",
    ]
    done = import_text(HEADER + "\n".join(rows), as_json=True)
    report = json.loads(done.out)
    assert done.code == 3
    assert report["skipped"] == {
        "wrong_columns": {"count": 1, "rows": [2]},
        "score_out_of_scale": {"count": 1, "rows": [3]},
        "bad_date": {"count": 1, "rows": [4]},
    }
    assert report["accepted"] == 1


@pytest.mark.parametrize("line", ["{", "[1]", '"text"', "{}", '{"id": 1}', "[" * 3000])
def test_a_bad_json_line_is_counted(import_text: Import, line: str) -> None:
    done = import_text(line + "\n", name="cards.jsonl", as_json=True)
    assert done.code == 3
    assert sum(found["count"] for found in json.loads(done.out)["skipped"].values()) == 1


def test_characters_that_no_database_holds_are_repaired(import_text: Import, session: Session) -> None:
    line = json.dumps({"id": "1", "place": "ward", "score": 5, "text": "a\0b\ud800c\x07", "at": "2026-10-01"})
    assert import_text(line, name="cards.jsonl").code == 0
    assert session.scalars(select(Response.comment)).all() == ["ab\ufffdc"]


def test_an_id_that_stands_twice_in_a_file_counts_once(import_text: Import) -> None:
    done = import_text(HEADER + GOOD + GOOD, as_json=True)
    report = json.loads(done.out)
    assert (report["accepted"], report["duplicates"]) == (1, {"count": 1, "rows": [3]})


def test_a_file_that_breaks_off_can_be_mended_and_imported_again(import_text: Import) -> None:
    rows = "".join(f"{n},ward,5,x,2026-10-01\n" for n in range(1200))
    broken = import_text((HEADER + rows).encode() + b"9999,ward,5,\xff,2026-10-01\n")
    assert broken.code == 1
    assert "1,000 rows were read before that and stay" in broken.err
    mended = import_text(HEADER + rows + "9999,ward,5,x,2026-10-01\n", as_json=True)
    report = json.loads(mended.out)
    assert (report["accepted"], report["duplicates"]["count"]) == (201, 1000)


def _mapping(more: str) -> str:
    return (
        "name: cards\nmetric: csat\nid: id\ntouchpoint: {column: place}\nscore: {column: score}\n"
        "comment: {column: text}\noccurred_at: {column: at}\n" + more
    )
