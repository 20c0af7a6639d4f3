"""The wheels, installed where no checkout is: one database, one trigger, one answer, one figure, one demo."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import distributions
import pytest
import served

TRIGGER = """
import json, sys, afterword
with afterword.Client(sys.argv[1], api_key=sys.argv[2], outbox="outbox.db") as sdk:
    invitation = sdk.trigger_survey("order-confirmed", journey="first-order", customer="c-1", transaction="order-1")
    assert sdk.flush(20)
    print(json.dumps([afterword.__file__, invitation.token]))
"""
SEED = """
import io, sys; from pathlib import Path
from collector import clock; from collector.demo import run; from collector.demo.folder import Folder
run.prepare(Folder(Path(sys.argv[1])), clock.system_clock, False, io.StringIO(), scale=0.01)
"""


@pytest.fixture(scope="module", autouse=True)
def _away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Everything here runs in a folder of its own, with nothing of the checkout in reach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("away"))
        for name in [name for name in os.environ if name.startswith(("AFTERWORD_", "PYTHON"))]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def collector_python(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return distributions.environment(tmp_path_factory.mktemp("collector"), wheels["afterword"])


@pytest.fixture(scope="module")
def sdk_python(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return distributions.environment(tmp_path_factory.mktemp("sdk"), wheels["afterword_sdk"])


def _python(python: Path, code: str, *arguments: str) -> str:
    done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_trigger_becomes_one_figure(collector_python: Path, sdk_python: Path, tmp_path: Path) -> None:
    afterword = str(collector_python.with_name("afterword"))
    with served.serve(f"sqlite:///{tmp_path}/afterword.db", tmp_path, afterword) as collector:
        said = json.loads(_python(sdk_python, TRIGGER, collector.url, collector.keys["server_key"]))
        assert Path(said[0]).is_relative_to(sdk_python.parents[1])
        assert collector.get(f"/w/v1/survey?token={said[1]}")[1]["questions"][0]["kind"] == "nps"
        answer = {
            "token": said[1],
            "response_id": str(uuid.uuid4()),
            "answers": {"score": 9},
            "complete": True,
        }
        assert collector.post("/w/v1/responses", answer)[0] == 201
        _, figures = collector.get("/api/v1/kpis?metric=nps&journey=first-order", "read_key")
        assert figures["series"][0]["points"][0]["n"] == 1
        with urlopen(f"{collector.url}/widget/v1.js") as script, urlopen(f"{collector.url}/sign-in") as page:
            assert (script.status, page.status) == (200, 200)
        for part in ("ask", "show", "extras"):
            with urlopen(f"{collector.url}/widget/v1.{part}.js") as script:
                assert script.headers["Content-Type"].startswith("text/javascript")


def test_the_collector_alone_says_what_its_demo_lacks(collector_python: Path) -> None:
    afterword = collector_python.with_name("afterword")
    done = subprocess.run(
        [afterword, "demo", "--port", str(served.free_port()), "--shop-port", str(served.free_port()),
         "--data", "alone"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install afterword-sdk" in done.stderr
    assert not Path("alone").exists()


def test_both_wheels_together_open_the_demo(
    wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    python = distributions.environment(tmp_path_factory.mktemp("both"), *wheels.values())
    _python(python, SEED, "together")
    ports = [str(served.free_port()), str(served.free_port())]
    command = [python.with_name("afterword"), "demo", "--port", ports[0], "--shop-port", ports[1]]
    process = subprocess.Popen([*command, "--data", "together"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = iter(process.stdout.readline, "")
        assert any("Ctrl-C stops everything" in line for line in said)
        for port, words in zip(ports, ("Afterword", "Three tariffs"), strict=True):
            with urlopen(f"http://127.0.0.1:{port}/{'sign-in' if port == ports[0] else ''}") as page:
                assert words in page.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
