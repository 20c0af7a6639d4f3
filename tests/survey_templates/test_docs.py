"""The pages on templates say what the code does."""

import ast
import json
import re
from pathlib import Path

import pytest

from collector.instruments import files, rules, schemas, texts
from collector.instruments.kinds import KINDS, ON_A_PICTURE

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/templates.md").read_text("utf-8")


def _codes_of(module: object) -> set[str]:
    """The codes of all findings that a module may make."""
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))  # type: ignore[attr-defined]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 3]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Finding"]
    return {call.args[1].value for call in named if isinstance(call.args[1], ast.Constant)}


def test_the_reference_lists_every_shipped_template():
    rows = re.findall(r"^\| `(\w+)` \| .*\| (?:`(\w+)`)? ?\| .* \| (yes)? ?\|$", REFERENCE, re.MULTILINE)
    listed = {key: (metric or None, bool(locked)) for key, metric, locked in rows}
    shipped = files.shipped()
    assert listed == {key: (template.metric, template.locked) for key, template in shipped.items()}


@pytest.mark.parametrize("schema", [schemas.TemplateSchema, schemas.QuestionSchema, schemas.WordingSchema])
def test_the_reference_explains_every_field(schema):
    for name in schema().fields:
        assert f"`{name}`" in REFERENCE


def test_the_reference_explains_every_finding():
    codes = _codes_of(rules) | _codes_of(texts)
    assert len(codes) > 12
    assert {code for code in codes if f"`{code}`" not in REFERENCE} == set()


def test_the_reference_explains_every_refusal():
    rows = json.loads((ROOT / "tests/wire/kinds.json").read_text("utf-8"))
    cases = json.loads((ROOT / "tests/wire/flow.json").read_text("utf-8"))
    codes = {row["code"] for row in rows if row["code"]} | {
        c for case in cases for c in case["errors"].values()
    }
    assert {code for code in codes if f"`{code}`" not in REFERENCE} == set()


def test_every_kind_has_its_file_on_both_sides():
    for key in KINDS:
        assert (ROOT / f"collector/instruments/kinds/{key}.py").is_file()
        assert (ROOT / f"widget/src/kinds/{key}.ts").is_file() is (key != ON_A_PICTURE)
