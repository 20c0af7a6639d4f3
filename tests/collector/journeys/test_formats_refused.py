"""A foreign file that cannot be read is refused with its line, whatever stands in it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import errors
from collector.journeys import files, formats
from collector.journeys.definitions import Definitions
from collector.journeys.formats import Options
from collector.yaml_marks import FileError
from tests.collector.journeys.test_formats import FACTS

STEPS = "journey,journey_name,definition,customer_goal,business_goal,phase,step,step_name,touchpoint,channel,expectation\n"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("csv", "", (1, "empty")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,\nj,,,,,P,b,B,x,Pigeon,\n", (3, "unknown_channel")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,9\n", (2, "invalid")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,x,web,\nj,,,,,P,b,B,x,app,\n", (3, "contradiction")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,\nj,,,,,P,a,B,,,\n", (3, "duplicate_key")),
        ("csv", STEPS + "j,J,,c,b,P,a,A,,,\nj,,,,,P,b,B,,,\n", (2, "missing")),
        ("csv", STEPS + ",,,,,P,a,A,,,\n", (2, "missing")),
        ("csv", STEPS + 'j,"J\nx', (2, "not_csv")),
        ("csv", "step_name\nx", (2, "missing")),
        ("mermaid", "", (1, "not_mermaid")),
        ("mermaid", "graph TD\n a --> b", (1, "not_mermaid")),
        ("mermaid", "journey\n title T\n section S\n  Wait: 7: Me", (4, "invalid")),
        ("mermaid", "journey\n title T\n nonsense", (3, "not_mermaid")),
        ("mermaid", "journey\n  Go: 3\n  Come: 3", (1, "missing")),
        ("cjml", "<CJML", (1, "not_xml")),
        ("cjml", "", (1, "not_xml")),
        ("cjml", "<html/>", (1, "not_cjml")),
        ("cjml", "<CJML/>", (1, "not_cjml")),
        ("cjml", '<!DOCTYPE CJML [<!ENTITY a "b">]>\n<CJML>&a;</CJML>', (1, "doctype")),
        ("cjml", '<!DOCTYPE CJML SYSTEM "file:///etc/passwd">\n<CJML/>', (1, "doctype")),
        ("cjml", "<CJML>\n&xxe;</CJML>", (2, "not_xml")),
        ("cjml", "<a>" * 100, (1, "too_deep")),
        ("cjml", "<CJML>\n<plannedJourney><journeyID>J</journeyID><touchpoints>\n<plannedCommunicationPoint/></touchpoints></plannedJourney></CJML>", (3, "missing")),
        ("ujg", "{", (1, "not_json")),
        ("ujg", "[]", (1, "not_ujg")),
        ("ujg", '{"nodes": [1]}', (1, "not_ujg")),
        ("ujg", '{"nodes": []}', (1, "missing")),
        ("ujg", "[" * 100_000, (1, "too_deep")),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_its_line(name: str, text: str, problem: tuple[int, str]) -> None:
    with pytest.raises(FileError) as refusal:
        formats.read(name, text, "bad")
    first = refusal.value.problems[0]
    assert (first.line, first.code) == problem, refusal.value


@pytest.mark.parametrize("name", list(formats.FORMATS))
@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a\x00b", b"x" * 1_000_001])
def test_what_is_no_text_is_refused_in_every_format(name: str, raw: bytes) -> None:
    with pytest.raises(FileError):
        formats.read(name, raw, "bad")


def test_an_unknown_format_and_an_unknown_ending_are_named() -> None:
    with pytest.raises(errors.BadInput, match="csv, mermaid, cjml, ujg"):
        formats.read("xlsx", "", "bad")
    with pytest.raises(errors.BadInput, match=r"journey\.xlsx"):
        formats.guess("journey.xlsx")
    with pytest.raises(errors.BadInput, match="one journey"):
        formats.write("cjml", Definitions())


NODES = st.fixed_dictionaries(
    {"@id": st.text(max_size=5), "@type": st.sampled_from(["Journey", "State", "ExperienceStep", "Touchpoint", "x"])},
    optional={
        "label": st.text(max_size=3),
        "stateRefs": st.lists(st.text(max_size=2)) | st.integers(),
        "touchpointRefs": st.lists(st.text(max_size=2)),
        "channel": st.sampled_from(["web", "?"]),
        "startState": st.text(max_size=2),
        "extensions": st.dictionaries(
            st.just("urn:afterword:journey-file"),
            st.dictionaries(
                st.sampled_from(["key", "name", "phases", "personas", "stakeholders", "owners", "expectation"]),
                st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers() | st.dictionaries(st.just("key"), st.integers())),
            ),
        ),
    },
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(NODES, max_size=5))
def test_any_ujg_is_read_or_refused(nodes: list[dict[str, Any]]) -> None:
    _read_or_refuse("ujg", json.dumps({"nodes": nodes}))


@settings(deadline=None)
@given(
    st.sampled_from(list(formats.FORMATS)),
    st.text(max_size=60)
    | st.text("journey\n title:12,;\"'<>&/CJML{}[]", max_size=60).map(lambda rest: f"journey\n{rest}")
    | st.text('step_name,journey;\n"\t=', max_size=60).map(lambda rest: f"step_name,journey\n{rest}"),
)
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    _read_or_refuse(name, text)


def _read_or_refuse(name: str, text: str) -> None:
    with suppress(FileError):
        imported = formats.read(name, text, "any", Options(journey="any", facts=FACTS))
        assert imported.file.document == files.check(imported.file.source).document
