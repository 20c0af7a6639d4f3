"""The examples of the documentation are true: each mapping loads, each list of touchpoints applies to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.exchange import mapping
from collector.journeys import files

DOCS = Path(__file__).parents[3] / "docs"
PAGES = (DOCS / "reference" / "mapping.md", DOCS / "how-to" / "import-responses.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_mapping_on_a_page_is_good(page: Path) -> None:
    found = re.findall(r"```yaml\n(name: .*?)```", page.read_text(), re.S)
    assert found
    for text in found:
        mapping.load(text, page.name)


def test_the_example_names_only_touchpoints_that_its_list_has() -> None:
    example = mapping.load((DOCS / "how-to" / "examples" / "friends-and-family.yaml").read_bytes(), "example")
    listed = DOCS / "how-to" / "examples" / "friends-and-family-touchpoints.yaml"
    known = {item.key for item in files.load(listed.read_bytes(), listed.name).document.touchpoints}
    assert set(example.mapping.touchpoint.values.values()) == known


def test_every_field_of_a_mapping_is_documented() -> None:
    page = PAGES[0].read_text()
    for name in mapping.MappingSchema().fields:
        assert f"`{name}`" in page, name
