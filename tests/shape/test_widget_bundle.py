"""The committed widget is the one that its sources give, and as small as promised; needs no Node."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from afterword import widget_build

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "widget/src"
BUILT = ROOT / "collector/static/widget"
BUDGETS = {
    "v1": (6000, 6900),
    "v1.whole": (6500, 7350),
    "v1.ask": (2000, 2200),
    "v1.show": (4300, 4900),
    "v1.extras": (1200, 1400),
    "v1.tab": (1000, 1200),
    "v1.later": (500, 600),
    "v1.join": (500, 600),
}
ONE_QUESTION = 6000
SCRIPTS = "".join((BUILT / f"{name}.js").read_text("utf-8") for name in BUDGETS)


def stamp() -> str:
    """Sixteen hex digits over every source file's path and content, as ``widget/build.mjs`` computes them."""
    digest = hashlib.sha256()
    files = {path.relative_to(SOURCES).as_posix(): path for path in SOURCES.rglob("*") if path.is_file()}
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def test_the_bundle_is_fresh() -> None:
    assert (BUILT / "v1.sources").read_text("utf-8").strip() == stamp(), "run `npm run build` in widget/"


def test_the_sdk_names_a_build_that_the_collector_has() -> None:
    named = {widget_build.STAMP: widget_build.INTEGRITY}
    script = (BUILT / "v1.whole.js").read_bytes()
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()
    assert named == {hashlib.sha256(script).hexdigest()[:16]: integrity}, "run `npm run build` in widget/"


@pytest.mark.parametrize("name", BUDGETS)
def test_the_compressed_files_hold_the_script(name: str) -> None:
    assert gzip.decompress((BUILT / f"{name}.js.gz").read_bytes()) == (BUILT / f"{name}.js").read_bytes()


@pytest.mark.parametrize("name", BUDGETS)
def test_each_script_fits_into_its_budget(name: str) -> None:
    sizes = (BUILT / f"{name}.js.br").stat().st_size, (BUILT / f"{name}.js.gz").stat().st_size
    assert [size <= limit for size, limit in zip(sizes, BUDGETS[name], strict=True)] == [True, True]


def test_one_question_asked_for_and_shown_fits_into_its_budget() -> None:
    assert sum((BUILT / f"v1.{part}.js.br").stat().st_size for part in ("ask", "show")) <= ONE_QUESTION


@pytest.mark.parametrize(("script", "part"), [("v1.ask", "show"), ("v1.show", "extras")])
def test_a_script_names_the_build_of_the_part_that_it_fetches(script: str, part: str) -> None:
    build = hashlib.sha256((BUILT / f"v1.{part}.js").read_bytes()).hexdigest()[:16]
    assert f"{build}.js" in (BUILT / f"{script}.js").read_text("utf-8")


def test_the_script_that_shows_all_but_pictures_asks_for_those_of_its_own_build() -> None:
    build = hashlib.sha256((BUILT / "v1.extras.js").read_bytes()).hexdigest()[:4]
    assert f"extras.js?{build}" in (BUILT / "v1.js").read_text("utf-8")


@pytest.mark.parametrize("word", ["beforeunload", "returnValue", "confirm(", "pushState"])
def test_req_132_the_widget_never_stands_in_the_way_out(word: str) -> None:
    assert word not in SCRIPTS


@pytest.mark.parametrize("word", ["innerHTML", "eval(", "document.cookie", "http://", "https://"])
def test_the_bundle_does_nothing_a_strict_page_forbids(word: str) -> None:
    allowed = "http://www.w3.org/2000/svg"  # a namespace, not an address
    assert word not in SCRIPTS.replace(allowed, "")


@pytest.mark.parametrize("page", ["README.md", "widget/README.md", "docs/how-to/embed-the-widget.md"])
def test_pages_tell_the_size_that_it_has(page: str) -> None:
    [told] = re.findall(r"less than ([\d.]+) kilobytes", (ROOT / page).read_text("utf-8"))
    assert 0.95 * float(told) * 1000 < (BUILT / "v1.js.br").stat().st_size < float(told) * 1000
