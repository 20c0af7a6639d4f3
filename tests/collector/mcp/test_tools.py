"""Questions on the demo's company, asked through the protocol, and answered with the dashboard's very numbers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import anyio
import pytest
import quick
from click.testing import CliRunner
from flask import Flask
from mcp import Client, StdioServerParameters
from served import AFTERWORD
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from collector import clock, db, kpis, workspaces
from collector.cli import main
from collector.config import load
from collector.demo import seed
from collector.invitations.models import Decision, Trigger
from collector.mcp import CannotRead, tools
from collector.mcp.reading import refused
from collector.responses import Response

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[tuple[Flask, Any]]:
    """The demo's company in a file of its own, and the app over it."""
    path = tmp_path_factory.mktemp("mcp") / "demo.db"
    quick.renew_sqlite(sqlite_template, path)
    url = f"sqlite:///{path}"
    engine = quick.engine(url)
    with db.make_sessions(engine).begin() as session:
        company = seed.open_workspace(session, NOW).workspace
        seed.fill(session, company, NOW, scale=0.06)
    config = load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "s" * 40})
    yield quick.app(config, engine, clock.FixedClock(NOW)), company
    engine.dispose()


@pytest.fixture
def seen(world: tuple[Flask, Any]) -> Iterator[Session]:
    with db.make_readers(world[0].extensions["afterword_sessions"])() as session:
        yield session


@pytest.fixture
def asking(world: tuple[Flask, Any]) -> Callable[..., Ask]:
    """``asking("analyst")("figures", metric="csat")``: what the tool gives to who holds such a key."""
    app, company = world
    http = app.test_client(use_cookies=False)

    def with_key(kind: str, scope: list[str] | None = None) -> Ask:
        with app.extensions["afterword_sessions"].begin() as session:
            where = session.get_one(workspaces.Workspace, company.workspace_id)
            key = workspaces.mint_key(session, where, kind, "Assistant", NOW, scope=scope).text

        def read(path: str, query: Mapping[str, Any]) -> dict[str, Any]:
            given = {name: value for name, value in query.items() if value is not None}
            answer = http.get(path, query_string=given, headers={"Authorization": f"Bearer {key}"})
            if answer.status_code != 200:
                raise CannotRead(refused(answer.status_code, answer.data))
            return dict(answer.json)

        async def call(name: str, given: dict[str, Any]) -> Any:
            async with Client(tools.server(read)) as client:
                return await client.call_tool(name, given)

        def ask(name: str, **given: Any) -> dict[str, Any]:
            result = anyio.run(call, name, given)
            if result.is_error:
                return {"refused": result.content[0].text}
            return dict(result.structured_content or json.loads(result.content[0].text))

        return ask

    return with_key


@pytest.fixture
def ask(asking: Callable[..., Ask]) -> Ask:
    return asking("analyst")


def test_1_which_journeys_are_there(ask: Ask) -> None:
    assert {"first-order", "renewal", "repair"} <= {row["key"] for row in ask("journeys")["journeys"]}


def test_2_which_steps_has_a_journey_in_which_order(ask: Ask) -> None:
    steps = [
        step["touchpoint"]
        for phase in ask("steps", journey="first-order")["phases"]
        for step in phase["steps"]
    ]
    assert steps.index("tariff-page") < steps.index("order-confirmed") < steps.index("first-bill")


def test_3_how_satisfied_are_customers_at_each_touchpoint(ask: Ask, seen: Session, world: Any) -> None:
    """n, score and interval are those of the board, to the last digit that is told."""
    asked = ask("figures", metric="csat", group_by="touchpoint")["series"]
    lines = kpis.lines(seen, world[1].workspace_id, kpis.Slice("csat"), group_by="touchpoint")
    told = {
        line["group"]: tuple(line["points"][0][name] for name in ("n", "score", "low", "high"))
        for line in asked
    }
    assert len(told) > 5
    for line in lines:
        figure = line.points[0].figure
        numbers = (figure.value, figure.low, figure.high)
        assert told[line.group or ""] == (figure.n, *(round(number or 0, 6) for number in numbers))


def test_4_what_do_customers_say_of_the_journey_as_a_whole(ask: Ask, seen: Session, world: Any) -> None:
    [line] = ask("figures", metric="nps", journey="first-order", target="journey")["series"]
    [mine] = kpis.lines(
        seen, world[1].workspace_id, kpis.Slice("nps", journey="first-order", target="journey")
    )
    assert line["points"][0]["n"] == mine.points[0].figure.n
    assert line["points"][0]["score"] == round(mine.points[0].figure.value or 0, 6)


def test_5_how_was_the_technicians_visit_month_by_month(ask: Ask) -> None:
    [whole] = ask("figures", metric="csat", touchpoint="technician-visit")["series"]
    [monthly] = ask("figures", metric="csat", touchpoint="technician-visit", interval="month")["series"]
    assert sum(point["n"] for point in monthly["points"]) == whole["points"][0]["n"]


def test_6_where_does_it_hurt_for_certain(ask: Ask, seen: Session, world: Any) -> None:
    told = ask("verdicts", journey="first-order", first="2026-08-24", last="2026-11-21")
    workspace_id, key = world[1].workspace_id, "first-order"
    window = kpis.Window(date(2026, 8, 24), date(2026, 11, 21), date(2026, 5, 26))
    places = kpis.verdicts.places(seen, workspace_id, key)
    mine = kpis.verdicts.of_journey(seen, workspace_id, window, key, places)
    assert [row["comparisons"] for row in told["compared"]] == [each.comparisons for each in mine.compared]
    assert [row["estimate"] for row in told["verdicts"]] == [
        round(each.estimate, 6) for each in mine.verdicts
    ]
    assert told["compared"], "what was compared is said, whatever was found"


def test_7_what_has_changed(ask: Ask) -> None:
    assert "signals" in ask("signals", state="open")


def test_8_what_are_we_doing_about_it(ask: Ask) -> None:
    found = ask("insights")["insights"]
    for row in found[:1]:
        assert ask("insight", insight_id=str(row["insight_id"]))["insight_id"] == row["insight_id"]


def test_9_what_do_the_unhappy_write_about_the_visit(ask: Ask, seen: Session) -> None:
    found = ask("comments", touchpoint="technician-visit", band="bottom")["comments"]
    assert found
    stored = {str(row.response_id): row for row in seen.scalars(select(Response))}
    for comment in found:
        row = stored[comment["response_id"]]
        assert (comment["comment"], comment["touchpoint"]) == (row.comment, "technician-visit")
        assert comment["score"] in (1, 2)
        assert not re.search(r"@|\d{6,}", comment["comment"])
        assert "customer" not in comment


def test_10_why_was_a_customer_not_asked(ask: Ask, seen: Session) -> None:
    same = Trigger.trigger_id == Decision.trigger_id
    skipped = (
        select(Trigger.customer, Decision.reason).join(Decision, same).where(Decision.decision == "skip")
    )
    customer, reason = seen.execute(skipped.limit(1)).one()
    told = ask("why_asked", customer=customer)["decisions"]
    assert reason in {each["reason"] for each in told if each["decision"] == "skip"}


def test_what_is_hidden_stays_hidden(ask: Ask, world: Any) -> None:
    """A person-wise figure that no group has released, and a comment that was hidden."""
    [line] = ask("figures", metric="csat", persona="nobody-has-this-one")["series"]
    assert (line["points"][0]["hidden"], line["points"][0]["n"], line["points"][0]["score"]) == (
        True,
        None,
        None,
    )
    two = ask("figures", metric="csat", persona="x", group_by="variant")
    assert "one_dimension" in two["refused"]
    found = ask("comments", limit=200)["comments"]
    with world[0].extensions["afterword_sessions"].begin() as session:
        same = Response.comment == found[0]["comment"]
        session.execute(update(Response).where(same).values(hidden_at=NOW))
    left = ask("comments", limit=200)["comments"]
    assert found[0]["comment"] not in {each["comment"] for each in left}


def test_a_scoped_key_sees_its_scope_alone(asking: Callable[..., Ask], ask: Ask) -> None:
    places = ask("touchpoints")["touchpoints"]
    owners = {place["key"]: set(place["owners"]) for place in places}
    everywhere = {each["touchpoint"] for each in ask("comments", limit=200)["comments"]}
    owner = next(iter(sorted(owners["technician-visit"])))
    mine = asking("analyst", [owner])
    seen = {each["touchpoint"] for each in mine("comments", limit=200)["comments"]}
    assert seen
    assert seen < everywhere
    assert all(owner in owners[place] for place in seen)


def test_a_read_key_is_told_figures_and_no_words(asking: Callable[..., Ask]) -> None:
    reader = asking("read")
    assert reader("figures", metric="csat")["series"]
    assert "wrong_key_kind" in reader("comments")["refused"]


def test_what_the_collector_refuses_is_said_in_its_words(ask: Ask) -> None:
    assert "There is no metric 'happiness'." in ask("figures", metric="happiness")["refused"]
    assert "There is no touchpoint" in ask("figures", metric="csat", touchpoint="moon")["refused"]
    assert "no key" in ask("steps", journey="../keys")["refused"]


def test_no_tool_can_change_anything() -> None:
    async def listed() -> Any:
        async with Client(tools.server(lambda *_: {})) as client:
            return await client.list_tools()

    found = anyio.run(listed).tools
    assert len(found) == 10
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in found)
    assert all(tool.description for tool in found)


@pytest.fixture
def address(world: tuple[Flask, Any]) -> Iterator[str]:
    """The app behind a real socket."""
    served = make_server("127.0.0.1", 0, world[0], threaded=True)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def test_the_command_speaks_on_standard_input_and_output(world: tuple[Flask, Any], address: str) -> None:
    with world[0].extensions["afterword_sessions"].begin() as session:
        where = session.get_one(workspaces.Workspace, world[1].workspace_id)
        key = workspaces.mint_key(session, where, "read", "Assistant", NOW).text
    environment = {"AFTERWORD_URL": address, "AFTERWORD_READ_KEY": key}

    async def call() -> Any:
        async with Client(StdioServerParameters(command=AFTERWORD, args=["mcp"], env=environment)) as client:
            return await client.call_tool("journeys", {})

    found = anyio.run(call).structured_content
    assert {"first-order", "renewal", "repair"} <= {row["key"] for row in found["journeys"]}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AFTERWORD_READ_KEY": ""}, "AFTERWORD_READ_KEY must be a read key"),
        ({"AFTERWORD_READ_KEY": f"aw_ak_{'a' * 10}_{'b' * 43}"}, "AFTERWORD_READ_KEY must be a read key"),
        ({"AFTERWORD_READ_KEY": f"aw_rk_{'a' * 10}_{'b' * 43}"}, "This key is not known here. [unknown_key]"),
        ({"AFTERWORD_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"AFTERWORD_URL": "feedback"}, "AFTERWORD_URL must be the collector's address"),
    ],
)
def test_what_is_set_up_wrongly_is_one_line(address: str, environment: dict[str, str], said: str) -> None:
    known = {"AFTERWORD_URL": address, "AFTERWORD_READ_KEY": f"aw_nk_{'a' * 10}_{'b' * 43}"}
    done = CliRunner().invoke(main, ["mcp"], env={**known, **environment})
    assert done.exit_code == 1
    assert re.fullmatch(r"Error: .*\n", done.output)
    assert said in done.output
