"""The asyncio client shares the core and does not block the loop."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import AsyncClient, Client, InvalidArgument, InvalidType


def test_it_triggers_records_cancels_and_erases(client: Client, sink: Any) -> None:
    async def flow() -> None:
        async with AsyncClient(client) as sdk:
            invitation = await sdk.trigger_survey("order-confirmed", transaction="one", customer="c-1")
            assert invitation.widget_tag()
            await sdk.cancel_survey(transaction="one")
            await sdk.record_interaction("order-confirmed", event="goal")
            await sdk.erase_customer("c-1")
            assert sdk.customer_token("c-1")
            assert 'customer="' in sdk.customer_widget_tag("c-1")
            assert await sdk.flush()
            assert sdk.stats().delivered == 4

    asyncio.run(flow())
    assert sink.order[:2] == ["one", "cancel one"]
    assert len(sink.interactions) == len(sink.erased) == 1


def test_many_tasks_share_it(client: Client, sink: Any) -> None:
    async def flow() -> None:
        async with AsyncClient(client) as sdk:
            await asyncio.gather(
                *(sdk.trigger_survey("order-confirmed", transaction=f"t{number}") for number in range(300))
            )

    asyncio.run(flow())
    assert sorted(sink.transactions()) == sorted(f"t{number}" for number in range(300))


def test_synchronous_code_may_use_the_same_client(client: Client, sink: Any) -> None:
    async def flow() -> None:
        sdk = AsyncClient(client)
        await sdk.trigger_survey("order-confirmed", transaction="async")
        client.trigger_survey("order-confirmed", transaction="sync")
        await sdk.close()

    asyncio.run(flow())
    assert sink.transactions() == ["async", "sync"]


def test_a_slow_disk_does_not_stop_the_loop(client: Client) -> None:
    async def flow() -> int:
        sdk = AsyncClient(client)
        beats = 0
        client._machinery.outbox.lock.acquire()  # somebody else is writing, and takes his time
        waiting = asyncio.create_task(sdk.trigger_survey("order-confirmed"))
        deadline = time.monotonic() + 5
        while beats < 20 and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            beats += 1
        client._machinery.outbox.lock.release()
        await waiting
        await sdk.close()
        return beats

    assert asyncio.run(flow()) == 20


def test_wrong_arguments_raise_at_once(client: Client) -> None:
    async def flow() -> None:
        with pytest.raises(InvalidArgument):
            await AsyncClient(client).trigger_survey("Not A Key")

    asyncio.run(flow())


def test_a_cancelled_call_has_been_handed_over(client: Client, sink: Any) -> None:
    async def flow() -> None:
        sdk = AsyncClient(client)
        task = asyncio.create_task(sdk.trigger_survey("order-confirmed", transaction="one"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0.1)
        await sdk.close()

    asyncio.run(flow())
    assert sink.transactions() == ["one"]


def test_an_async_session_carries_the_trigger(
    make_client: Callable[..., Client], sink: Any, api_key: str, tmp_path: Path
) -> None:
    from afterword.transactional.relay import Relay
    from sqlalchemy import create_engine
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    address = tmp_path / "shop.db"

    async def flow() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{address}")
        sdk = AsyncClient(make_client(outbox=None))
        async with AsyncSession(engine) as session:
            await sdk.trigger_survey("order-confirmed", transaction="undone", session=session)
            await session.rollback()
            await sdk.trigger_survey("order-confirmed", transaction="one", session=session)
            await session.commit()
        await engine.dispose()

    engine = create_engine(f"sqlite:///{address}")
    relay = Relay(engine, sink.url, api_key=api_key)
    relay.create_table()
    asyncio.run(flow())
    assert relay.drain()
    assert sink.transactions() == ["one"]
    engine.dispose()


def awaited(sink: Any, api_key: str, client: Client, connect: Any, plain: Callable[[], Any]) -> None:
    """Trigger through an awaitable connection, commit, and let a relay find it in the plain one."""
    from afterword.transactional.relay import Relay

    relay = Relay(plain, sink.url, api_key=api_key)
    relay.create_table()

    async def flow() -> None:
        connection = await connect()
        sdk = AsyncClient(client)
        with pytest.raises(InvalidType, match="AsyncClient"):
            client.trigger_survey("order-confirmed", transaction="refused", session=connection)
        await sdk.trigger_survey("order-confirmed", transaction="rolled back", session=connection)
        await connection.rollback()
        await sdk.trigger_survey("order-confirmed", transaction="one", session=connection)
        await sdk.record_interaction("order-confirmed", transaction="one", session=connection)
        await connection.commit()
        await connection.close()

    asyncio.run(flow())
    assert relay.drain()
    assert sink.transactions() == ["one"]
    assert len(sink.interactions) == 1
    assert client.stats().accepted == 0


def test_an_awaitable_connection_of_aiosqlite_carries_the_trigger(
    client: Client, sink: Any, api_key: str, tmp_path: Path
) -> None:
    import aiosqlite

    path = tmp_path / "shop.db"
    awaited(sink, api_key, client, lambda: aiosqlite.connect(path), lambda: sqlite3.connect(path))


def test_an_awaitable_connection_of_psycopg_carries_the_trigger(
    client: Client, sink: Any, api_key: str, sdk_postgresql_url: str
) -> None:
    import psycopg

    url = sdk_postgresql_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS afterword_outbox")
    awaited(sink, api_key, client, lambda: psycopg.AsyncConnection.connect(url), lambda: psycopg.connect(url))


def test_an_awaitable_connection_of_another_driver_is_refused_by_name(client: Client) -> None:
    class Connection:
        async def execute(self, query: str, *arguments: Any) -> None:
            """What is never awaited never happens."""

    async def flow() -> None:
        with pytest.raises(InvalidType, match=r"Connection.*AsyncSession"):
            await AsyncClient(client).trigger_survey("order-confirmed", session=Connection())

    asyncio.run(flow())
