"""What hosts use in their own tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from afterword import PersonalData
from afterword.testing import MemoryClient


def test_it_keeps_what_was_triggered(afterword_client: MemoryClient) -> None:
    afterword_client.trigger_survey(
        "order-confirmed", customer="c-1", transaction="one", attributes={"tariff": "L"}
    )
    trigger = afterword_client.assert_triggered(
        "order-confirmed", customer="c-1", transaction="one", attributes={"tariff": "L"}, times=1
    )
    assert trigger["customer"].startswith("cu_")


def test_each_test_gets_its_own(afterword_client: MemoryClient) -> None:
    afterword_client.assert_not_triggered()


def test_it_fails_when_the_expected_did_not_happen(afterword_client: MemoryClient) -> None:
    afterword_client.trigger_survey("order-confirmed", transaction="one")
    with pytest.raises(AssertionError, match="expected a trigger"):
        afterword_client.assert_triggered("installed")
    with pytest.raises(AssertionError, match="expected a trigger"):
        afterword_client.assert_triggered("order-confirmed", transaction="two")
    with pytest.raises(AssertionError, match="expected 2 triggers"):
        afterword_client.assert_triggered("order-confirmed", times=2)
    with pytest.raises(AssertionError, match="expected no trigger"):
        afterword_client.assert_not_triggered()
    afterword_client.assert_not_triggered("installed")
    assert afterword_client.assert_triggered("installed", times=0) == {}


def test_it_keeps_the_rest_too(afterword_client: MemoryClient) -> None:
    afterword_client.record_interaction("installed", event="goal")
    afterword_client.cancel_survey(transaction="one")
    afterword_client.erase_customer("c-1")
    assert afterword_client.interactions[0]["event"] == "goal"
    assert afterword_client.cancelled == ["one"]
    assert len(afterword_client.erased) == 1
    afterword_client.reset()
    assert afterword_client.parcels == []


def test_it_refuses_what_the_real_client_refuses(afterword_client: MemoryClient) -> None:
    with pytest.raises(PersonalData):
        afterword_client.trigger_survey("order-confirmed", customer="jane@example.com")


def test_it_writes_nothing_and_starts_nothing(tmp_path: Path) -> None:
    program = (
        "import threading\n"
        "from afterword.testing import MemoryClient\n"
        "client = MemoryClient()\n"
        "client.trigger_survey('order-confirmed')\n"
        "assert client.flush() and threading.active_count() == 1\n"
        "client.close()\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
