"""The views for BI: the dashboard's very numbers, groups of five, and a role that reads nothing else."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from typing import Any

import bi_page
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collector import bi, clock, db, journeys, kpis, workspaces
from collector.cli import main
from collector.kpis.models import GroupMember

only_postgresql = pytest.mark.parametrize("demo_url", ["postgresql"], indirect=True)


def _from(engine: Engine, view: str) -> str:
    return f"{bi.SCHEMA}.{view}" if engine.dialect.name == "postgresql" else f"{bi.PREFIX}{view}"


def _rows(engine: Engine, statement: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_each_column_is_told_of(demo: Engine) -> None:
    for view in bi.VIEWS:
        with demo.connect() as connection:
            found = connection.execute(text(f"SELECT * FROM {_from(demo, view.name)} LIMIT 1"))
        assert list(found.keys()) == list(view.columns), view.name


def test_the_counts_are_the_dashboards_very_numbers(demo: Engine) -> None:
    by = ("series_id", "touchpoint", "journey", "channel", "source")
    with db.make_readers(db.make_sessions(demo))() as session:
        workspace_id = session.scalars(select(workspaces.Workspace.workspace_id)).one()
        for metric in kpis.METRICS:
            chosen = kpis.Slice(metric)
            shown = {
                (*map(str, cell.group), str(cell.start), cell.score): cell.n
                for cell in kpis.read_cells(session, workspace_id, chosen, by, "day")
            }
            mine = _rows(
                demo,
                f"SELECT {', '.join(by)}, day, score, n FROM {_from(demo, 'daily_scores')} WHERE metric = '{metric}' "
                "AND target = 'touchpoint' AND respondent = 'customer' AND source IN ('solicited', 'imported')",
            )
            assert {(*map(str, row[:-2]), row[-2]): int(row[-1]) for row in mine} == shown


def test_the_figures_of_a_quarter_are_the_apis(demo: Engine) -> None:
    seen = 0
    with db.make_readers(db.make_sessions(demo))() as session:
        workspace_id = session.scalars(select(workspaces.Workspace.workspace_id)).one()
        for metric, target in itertools.product(kpis.METRICS.values(), ("touchpoint", "journey")):
            lines = kpis.lines(
                session, workspace_id, kpis.Slice(metric.key, target=target), group_by="touchpoint"
            )
            for line in lines:
                if line.series is None:
                    continue
                [(n, favourable, unfavourable, total)] = _rows(
                    demo,
                    f"SELECT sum(n), sum(favourable), sum(unfavourable), sum(sum_of_scores) FROM {_from(demo, 'daily_figures')} "
                    f"WHERE series_id = '{line.series.series_id}' AND touchpoint = '{line.group}' AND target = '{target}' "
                    f"AND respondent = 'customer' AND source = '{line.source}'",
                )
                value = {"net": (favourable - unfavourable) * 100, "share": favourable * 100, "mean": total}
                figure = line.points[0].figure
                assert int(n) == figure.n
                assert float(value[metric.kind]) / int(n) == pytest.approx(figure.value)
                assert float(favourable * 100) / int(n) == pytest.approx(figure.share)
                seen += 1
    assert seen > 5


def test_by_who_they_are_whole_groups_of_five_alone(demo: Engine) -> None:
    found = _rows(
        demo,
        f"SELECT series_id, touchpoint, journey, channel, dimension, category, released, sum(n) FROM {_from(demo, 'groups_of_five')} "
        "GROUP BY series_id, touchpoint, journey, channel, source, respondent, dimension, category, released",
    )
    assert found
    assert {int(row[-1]) % 5 for row in found} == {0}
    with db.make_readers(db.make_sessions(demo))() as session:
        released = session.scalars(
            select(GroupMember.response_id).where(GroupMember.released.is_not(None))
        ).all()
        waiting = session.scalars(select(GroupMember.response_id).where(GroupMember.released.is_(None))).all()
    assert sum(int(row[-1]) for row in found) == len(released)
    assert waiting


def test_the_page_tells_of_each_view() -> None:
    assert bi_page.PAGE.read_text("utf-8") == bi_page.page()  # else: make openapi


def test_no_view_has_a_row_or_a_word_of_a_person() -> None:
    told = {column for view in bi.VIEWS for column in view.columns}
    personal = {
        "response_id",
        "customer",
        "comment",
        "answers",
        "attributes",
        "transaction",
        "context",
        "persona",
    }
    assert not told & personal


def test_steps_stand_in_their_order(demo: Engine) -> None:
    found = _rows(
        demo,
        f"SELECT journey, phase_position, position, step FROM {_from(demo, 'steps')} ORDER BY journey, phase_position, position",
    )
    with db.make_readers(db.make_sessions(demo))() as session:
        workspace_id = session.scalars(select(workspaces.Workspace.workspace_id)).one()
        for key in sorted({row[0] for row in found}):
            shown = journeys.get(session, workspace_id, key)
            steps = [step.key for phase in shown.phases for step in phase.steps]
            assert [row[3] for row in found if row[0] == key] == steps


@only_postgresql
def test_the_role_reads_the_views_and_nothing_else(demo: Engine, reader: Engine) -> None:
    for view in bi.VIEWS:
        assert _rows(reader, f"SELECT count(*) FROM {_from(reader, view.name)}")
    for table in ("response", "rollup", "group_member", "workspace", "person", "api_key"):
        with pytest.raises(DBAPIError, match="permission denied"):
            _rows(reader, f"SELECT 1 FROM public.{table}")
    for change in ("DELETE FROM", "TRUNCATE", "DROP VIEW"):
        with pytest.raises(DBAPIError):
            _rows(reader, f"{change} {_from(reader, 'daily_scores')}")


@only_postgresql
def test_the_plan_of_a_query_does_not_tell_who_waits_for_a_group(demo: Engine, reader: Engine) -> None:
    plan = "\n".join(
        row[0] for row in _rows(reader, f"EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {_from(reader, 'groups_of_five')} WHERE category = ''")
    )  # fmt: skip
    assert "group_member" not in plan
    assert "Function Scan" in plan


@only_postgresql
def test_a_role_that_may_read_more_is_refused(demo: Engine) -> None:
    roles = {
        f"more_{uuid.uuid4().hex[:8]}": ("GRANT SELECT (comment) ON response TO {role}", "table 'response'"),
        f"super_{uuid.uuid4().hex[:8]}": ("ALTER ROLE {role} SUPERUSER", "superuser"),
        f"owner_{uuid.uuid4().hex[:8]}": ("GRANT postgres TO {role}", "own role"),
    }
    for role, (too_much, said) in roles.items():
        with demo.connect() as connection:  # undone at the end
            connection.execute(text(f"CREATE ROLE {role}"))
            connection.execute(text(too_much.format(role=role)))
            with pytest.raises(bi.BadRole, match=said):
                bi.install(connection, role=role)
            connection.rollback()
    with demo.connect() as connection, pytest.raises(bi.BadRole, match="CREATE ROLE nobody LOGIN"):
        bi.install(connection, role="nobody")


def test_one_company_of_several_is_seen_alone(session: Session, time: clock.FixedClock) -> None:
    first, second = (workspaces.create(session, name, time()) for name in ("First", "Second"))
    session.flush()
    bi.install(session.connection(), "afterword_bi_first", first.workspace_id)
    name = (
        "afterword_bi_first.workspaces"
        if session.get_bind().dialect.name == "postgresql"
        else f"{bi.PREFIX}workspaces"
    )
    found = session.execute(text(f"SELECT workspace_id, name FROM {name}")).all()
    assert [(str(row[0]), row[1]) for row in found] == [(str(first.workspace_id), "First")]
    assert second.workspace_id != first.workspace_id
    session.rollback()  # fmt: skip


def test_the_command_makes_them_again_and_takes_them_away(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    for _ in range(2):
        done = CliRunner().invoke(main, ["bi", "install"])
        assert (done.exit_code, done.output[:3]) == (0, f"{len(bi.VIEWS)} "), done.output
        assert _is_installed(engine)
    refused = CliRunner().invoke(main, ["bi", "install", "--role", "nobody"])
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert CliRunner().invoke(main, ["bi", "remove"]).exit_code == 0
    assert not _is_installed(engine)


def _is_installed(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bi.is_installed(connection)


def test_two_counts_of_a_group_differ_by_none_or_five(demo: Engine) -> None:
    """Whatever is subtracted: each cell of a release is whole groups."""
    found = _rows(
        demo,
        f"SELECT dimension, category, series_id, touchpoint, journey, channel, source, respondent, sum(n) FROM {_from(demo, 'groups_of_five')} "
        "GROUP BY dimension, category, series_id, touchpoint, journey, channel, source, respondent",
    )
    places: Counter[Any] = Counter()
    for *place, n in found:
        places[tuple(place)] += int(n)
    assert all(n % 5 == 0 for n in places.values())
