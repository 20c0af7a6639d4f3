"""What hosts hold on to: frozen as a file that a reviewer sees change, and clean under strict type checkers."""

from __future__ import annotations

import importlib
import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SDK = HERE.parents[1] / "sdk_python"
FROZEN = HERE / "public_surface.txt"
MODULES = {
    "afterword": None,
    "afterword.testing": ["MemoryClient", "TEST_KEY"],
    "afterword.pytest_plugin": ["afterword_client"],
    "afterword.transactional.relay": ["Relay"],
    "afterword.transactional.sqlalchemy": [
        "create_table",
        "define_table",
        "downgrade",
        "metadata",
        "outbox_table",
        "upgrade",
    ],
    "afterword.integrations.flask": ["Afterword", "current_client", "customer_survey", "survey"],
    "afterword.integrations.fastapi": ["Afterword"],
    "afterword.integrations.celery": ["install"],
    "afterword.integrations.django": ["client", "trigger_survey", "use"],
}


def surface() -> str:
    return "\n".join(line for module in MODULES for line in lines_of(module)) + "\n"


def lines_of(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    for member in MODULES[name] or module.__all__:
        yield from describe(f"{name}.{member}", getattr(module, member))


def describe(path: str, thing: object) -> Iterator[str]:
    if inspect.isclass(thing):
        yield f"class {path}({', '.join(base.__name__ for base in thing.__bases__)})"
        for name in sorted(set(dir(thing)) - set(dir(tuple)) | {"__init__"} & set(vars(thing))):
            if name == "__init__" or not name.startswith("_"):
                yield from member(f"{path}.{name}", inspect.getattr_static(thing, name))
    elif inspect.isfunction(thing):
        yield f"{path}{inspect.signature(thing)}"
    else:
        yield f"{path}: {type(thing).__name__}"


def member(path: str, thing: object) -> Iterator[str]:
    if inspect.isfunction(thing):
        yield f"  {path}{inspect.signature(thing)}"
    elif path.rpartition(".")[2] not in ("args", "add_note", "with_traceback"):
        yield f"  {path}"


def test_the_public_surface_is_the_reviewed_one() -> None:
    if os.environ.get("AFTERWORD_WRITE_SURFACE"):
        FROZEN.write_text(surface(), "utf-8")
    assert surface() == FROZEN.read_text("utf-8"), (
        "set AFTERWORD_WRITE_SURFACE=1, look at the difference, commit it"
    )


def test_the_package_is_clean_under_mypy_strict(tmp_path: Path) -> None:
    """With a copy of what ``make check`` has learned of the standard library, if it has run."""
    learned, cache = SDK.parent / ".mypy_cache", tmp_path / "cache"
    if learned.exists():
        shutil.copytree(learned, cache)
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", str(cache)]
    said = subprocess.run(
        [*command, "afterword", str(HERE / "hosts" / "typed_host.py")],
        cwd=SDK,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_package_says_that_it_is_typed() -> None:
    assert (SDK / "afterword" / "py.typed").exists()


def test_the_import_starts_nothing_and_loads_no_framework() -> None:
    program = (
        "import sys, threading, afterword\n"
        "heavy = {'asyncio', 'flask', 'sqlalchemy', 'django', 'celery', 'ssl', 'http.client', 'sqlite3', 'logging', 'segno'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert threading.active_count() == 1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_only_itsdangerous_is_required() -> None:
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import afterword\n"
        "afterword.Client('http://127.0.0.1:1', api_key=sys.argv[1], outbox=None).trigger_survey('order-confirmed')\n"
        "foreign = {name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)\n"
        "assert foreign <= {'afterword', 'itsdangerous'}, foreign\n"
        "import os; os._exit(0)\n"
    )
    from afterword.testing import TEST_KEY

    subprocess.run([sys.executable, "-c", program, TEST_KEY], check=True, timeout=60)
