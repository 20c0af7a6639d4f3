"""The pages say what the code does: every field, heading, warning and example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from marshmallow import Schema

from collector.journeys import advice, definitions, files, formats, schemas
from collector.journeys.formats.csv.columns import HEADINGS

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "journey-file.md").read_text("utf-8")
MODEL = (DOCS / "how-to" / "model-a-journey.md").read_text("utf-8")
NEWCOMER = (DOCS.parent / "sdk_python" / "README.md").read_text("utf-8")
IMPORT = (DOCS / "how-to" / "import-a-journey.md").read_text("utf-8")


@pytest.mark.parametrize(
    "schema",
    [
        schemas.StakeholderSchema,
        schemas.PersonaSchema,
        schemas.TouchpointSchema,
        schemas.JourneySchema,
        schemas.StepSchema,
    ],
)
def test_every_field_of_the_file_stands_on_the_reference_page(schema: type[Schema]) -> None:
    missing = [name for name in schema().fields if f"| `{name}` |" not in REFERENCE]
    assert missing == []


def test_every_warning_and_word_stands_on_the_reference_page() -> None:
    words = {*advice.LOOKS, *definitions.CHANNELS, *definitions.STAGES, *definitions.PERSONA_GROUPS}
    assert [word for word in words if f"`{word}`" not in REFERENCE] == []


def test_every_heading_and_format_stands_on_the_import_page() -> None:
    endings = {ending for item in formats.FORMATS.values() for ending in item.endings}
    assert [word for word in {*HEADINGS, *formats.FORMATS, *endings} if f"`{word}`" not in IMPORT] == []


def test_the_example_of_the_guide_can_be_applied_without_a_warning() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", MODEL, re.DOTALL)
    assert files.load(example, "model-a-journey.md").warnings() == []


def test_the_newcomers_file_can_be_applied_without_a_warning() -> None:
    (example,) = re.findall(r"<<'YAML'\n(.*?)^YAML$", NEWCOMER, re.DOTALL | re.MULTILINE)
    assert files.load(example, "README.md").warnings() == []
