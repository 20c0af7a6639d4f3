"""The examples of sdk_python/examples run, and deliver."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from afterword import Client
from afterword.testing import MemoryClient

EXAMPLES = Path(__file__).parents[2] / "sdk_python" / "examples"


@pytest.fixture
def example(
    sink: Any, api_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ModuleType]:
    monkeypatch.setenv("AFTERWORD_URL", sink.url)
    monkeypatch.setenv("AFTERWORD_API_KEY", api_key)
    monkeypatch.setenv("OUTBOX", str(tmp_path / "outbox.db"))

    def load(name: str) -> ModuleType:
        spec = util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    return load


def test_plain(sink: Any, api_key: str, tmp_path: Path) -> None:
    environment = {**os.environ, "AFTERWORD_URL": sink.url, "AFTERWORD_API_KEY": api_key}
    said = subprocess.run(
        [sys.executable, EXAMPLES / "plain.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stderr == ""
    assert said.stdout.startswith(f"{sink.url}/s/")
    assert "delivered Stats(accepted=1" in said.stdout
    assert len(sink.transactions()) == 1


def test_flask(example: Callable[[str], ModuleType], sink: Any) -> None:
    app = example("flask_shop").create_app()
    browser = app.test_client()
    assert "<button>Order</button>" in browser.get("/").get_data(as_text=True)
    pages = [browser.post("/orders").get_data(as_text=True) for _ in range(2)]
    assert all("<afterword-survey token=" in page for page in pages)
    account = app.test_client().get("/account").get_data(as_text=True)
    assert '<afterword-survey customer="' in account
    assert 'mode="popover"' in account
    client: Client = app.extensions["afterword"]
    assert client.flush()
    assert (
        len({each["customer"] for each in sink.triggers.values()}) == 2
    )  # a new one each time: each order asks
    client.close()


def test_flask_takes_a_ready_client() -> None:
    from afterword.integrations.flask import Afterword
    from flask import Flask

    client = MemoryClient()
    app = Flask("shop")
    extension = Afterword(app, client=client)
    with app.app_context():
        extension.client.trigger_survey("order-confirmed")
    client.assert_triggered("order-confirmed", times=1)


def test_fastapi(example: Callable[[str], ModuleType], sink: Any) -> None:
    import asyncio

    import httpx

    shop = example("fastapi_shop")

    async def flow() -> Any:
        transport = httpx.ASGITransport(app=shop.app)
        async with (
            shop.app.router.lifespan_context(shop.app),
            httpx.AsyncClient(transport=transport, base_url="http://shop") as browser,
        ):
            return [(await browser.get("/")).text, (await browser.post("/orders")).text]

    shop_page, thanks = asyncio.run(flow())
    assert "<button>Order</button>" in shop_page
    assert "<afterword-survey token=" in thanks
    assert len(sink.transactions()) == 1
    with pytest.raises(RuntimeError, match="lifespan"):
        shop.afterword()


def test_celery_task(example: Callable[[str], ModuleType], sink: Any) -> None:
    shop = example("celery_shop")
    shop.app.conf.task_always_eager = True
    assert shop.trigger_survey.delay("order-confirmed", transaction="one").get().startswith(f"{sink.url}/s/")
    shop.install_line.delay("two").get()
    assert shop.sdk.flush()
    assert sink.transactions() == ["one", "two"]
    shop.sdk.close()


@pytest.fixture
def django_shop(sink: Any, api_key: str, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = {
        **os.environ,
        "AFTERWORD_URL": sink.url,
        "AFTERWORD_API_KEY": api_key,
        "DATABASE": str(tmp_path / "shop.db"),
        "PYTHONPATH": str(EXAMPLES),
    }

    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )

    return manage


def test_django(django_shop: Callable[..., subprocess.CompletedProcess[str]], sink: Any) -> None:
    shop = str(EXAMPLES / "django_shop.py")
    migrated = django_shop(shop, "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    requests = (
        "import django_shop\n"
        "from django.test import Client\n"
        "assert '<button>Order</button>' in Client().get('/').content.decode()\n"
        "page = Client().post('/orders').content.decode()\n"
        "assert '<afterword-survey token=' in page, page\n"
        "try:\n"
        "    Client().post('/orders?card=refused')\n"
        "    raise SystemExit('the order should have failed')\n"
        "except RuntimeError:\n"
        "    pass\n"
    )
    ordered = django_shop("-c", requests)
    assert ordered.returncode == 0, ordered.stderr
    relayed = django_shop(shop, "afterword_relay", "--once")
    assert relayed.stdout == "delivered 1, refused 0, waiting 0\n", relayed.stderr
    assert len(sink.triggers) == 1
    nested = (
        "import django_shop\n"
        "from django.db import transaction\n"
        "from afterword.integrations.django import cancel_survey, record_interaction, trigger_survey\n"
        "with transaction.atomic():\n"
        "    trigger_survey('order-confirmed', transaction='outer')\n"
        "    try:\n"
        "        with transaction.atomic():\n"
        "            trigger_survey('order-confirmed', transaction='savepoint')\n"
        "            raise ValueError\n"
        "    except ValueError:\n"
        "        pass\n"
        "    record_interaction('order-confirmed', transaction='outer')\n"
        "    cancel_survey(transaction='outer')\n"
    )
    written = django_shop("-c", nested)
    assert written.returncode == 0, written.stderr
    relayed = django_shop(shop, "afterword_relay", "--once")
    assert relayed.stdout == "delivered 3, refused 0, waiting 0\n", relayed.stderr
    assert sink.order[-2:] == ["outer", "cancel outer"]
    undone = django_shop(shop, "migrate", "afterword", "zero", "--verbosity", "0")
    assert undone.returncode == 0, undone.stderr
