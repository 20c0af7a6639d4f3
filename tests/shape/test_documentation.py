"""What stands in the code stands in the documentation: settings, error codes, the map of the house."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask

from collector.cli import main
from collector.config import SETTINGS
from collector.errors import AfterwordError
from collector.service.api_page import error_codes

RAISED = re.compile(
    r"(?:BadInput|MalformedBody|BodyTooLarge|NotAuthenticated|NotAllowed|NotFound|Conflict|Gone|TooMany|Unavailable|Stale)\("
)


def _codes_in_source(root: Path) -> set[str]:
    found: set[str] = set()
    for path in (root / "collector").rglob("*.py"):
        text = path.read_text()
        for match in RAISED.finditer(text):
            call = text[match.end() : match.end() + 300].split("\n\n")[0].split("getattr(")[0]
            found |= set(re.findall(r'[,(]\s*"([a-z]+(?:_[a-z0-9]+)+)"', call))
    return found


def _classes(root: type[AfterwordError]) -> list[type[AfterwordError]]:
    return [root, *(inner for kind in root.__subclasses__() for inner in _classes(kind))]


def test_every_error_code_is_explained(root: Path) -> None:
    known = set(error_codes())
    assert {kind.default_code for kind in _classes(AfterwordError)} <= known
    assert _codes_in_source(root) - known == set()


def test_every_setting_is_documented(root: Path) -> None:
    page = (root / "docs/reference/settings.md").read_text()
    for setting in SETTINGS:
        assert f"`AFTERWORD_{setting.name}`" in page
        assert setting.help.split(";")[0].split(":")[0] in page


def test_there_are_at_most_ten_settings_to_know() -> None:
    assert len([setting for setting in SETTINGS if not setting.rare]) <= 10


def test_the_readmes_map_is_true(root: Path) -> None:
    readme = (root / "README.md").read_text()
    named = re.findall(r"^([a-z_/.]+/)\s{2,}\S", readme, re.M)
    assert len(named) >= 6
    assert all((root / name).is_dir() for name in named)
    stations = sorted(path.parent.name for path in (root / "collector").glob("*/actions.py"))
    assert all(f"`{station}`" in readme for station in stations), stations


def test_links_in_the_documentation_lead_somewhere(root: Path) -> None:
    broken = []
    front = [root / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "sdk_python/README.md")]
    for page in [*front, *(root / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#?\s]+)", page.read_text()):
            if not target.startswith(("http", "mailto:", "/")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(root)}: {target}")
    assert broken == []


def test_every_command_of_the_documentation_is_one(root: Path) -> None:
    wrong, seen = [], 0
    for page in [root / "README.md", root / "PACKAGE.md", *(root / "docs").rglob("*.md")]:
        for block in re.findall(r"^ *```\w*\n(.*?)^ *```", page.read_text(), re.S | re.M):
            for line in block.replace("\\\n", " ").splitlines():
                if found := re.match(r" *(?:\$ )?afterword ([a-z].*)", line):
                    seen += 1
                    wrong += [f"{page.name}: {line}: {word}" for word in _unknown(found[1])]
    assert wrong == []
    assert seen > 40


def _unknown(line: str) -> list[str]:
    """What a command's line names that does not exist: the command, or an option of it."""
    words, found = re.split(r"[|<>#;]", line)[0].split(), main
    while words and isinstance(found, click.Group):
        if words[0] not in found.commands:
            return words[:1]
        found = found.commands[words.pop(0)]  # type: ignore[assignment]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return sorted({word.split("=")[0] for word in words if word.startswith("--")} - known - {"--help"})


def test_every_page_of_the_documentation_is_listed(root: Path) -> None:
    listed = set(re.findall(r"\]\(([^)#]+)", (root / "docs/README.md").read_text()))
    pages = {str(page.relative_to(root / "docs")) for page in (root / "docs").rglob("*.md")} - {"README.md"}
    assert pages - listed == set()


def test_every_api_call_has_a_summary(shown_app: Flask) -> None:
    document = shown_app.extensions["afterword_api"].spec.to_dict()
    for path, item in document["paths"].items():
        for method, said in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                assert said.get("summary"), f"{method} {path}: give the view a docstring"


def test_files_named_in_explanations_and_decisions_exist(root: Path) -> None:
    pages = [*(root / "docs/explanation").glob("*.md"), *(root / "docs/decisions").glob("*.md")]
    pages += [root / "docs/reference/glossary.md", root / "CONTRIBUTING.md", root / "SECURITY.md"]
    parts = r"`((?:collector|sdk_python|widget|survey_templates|tests|docs)/[\w./-]*)`"
    missing = [
        f"{page.name}: {name}"
        for page in pages
        for name in re.findall(parts, page.read_text())
        if not (root / name).exists()
    ]
    assert missing == []


def test_single_tests_that_pages_name_exist(root: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    named = {
        match
        for page in pages
        for match in re.findall(r"(tests/[\w/]+\.py)::(\w+)", page.read_text("utf-8"))
        if (root / match[0]).exists()  # else it is what the page itself makes
    }
    assert [
        f"{file}::{name}" for file, name in sorted(named) if f"def {name}(" not in (root / file).read_text()
    ] == []


def test_one_triggers_way_names_every_station_it_passes(root: Path) -> None:
    way = (root / "docs/explanation/one-trigger.md").read_text()
    for station in ("invitations", "contact", "interactions", "deliveries", "surveys", "responses", "kpis"):
        assert f"`collector/{station}/" in way


def test_the_functions_on_one_triggers_way_stand_in_their_files(root: Path) -> None:
    way = (root / "docs/explanation/one-trigger.md").read_text()
    named = re.findall(r"`(\w+)`(?: in|,)\s+`(collector/[\w/]+\.py)`", way)
    assert {name for name, _file in named} >= {"post_triggers", "trigger", "get_survey", "submit"}
    for name, file in named:
        assert re.search(rf"^ *def {name}\(", (root / file).read_text(), re.M), f"{file}: {name}"


def test_decisions_are_numbered_without_gaps(root: Path) -> None:
    pages = sorted((root / "docs/decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number + 1:04}" for number in range(len(pages))]
    for number, page in enumerate(pages, 1):
        assert page.read_text().startswith(f"# {number}. "), page.name
