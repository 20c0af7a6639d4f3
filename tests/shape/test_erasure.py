"""Whatever table can hold a customer's data is known to the ``forget`` of its station, column by column."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from sqlalchemy import JSON, Column, LargeBinary, String

from collector.erasure.actions import ROUTE
from collector.migrations.models import metadata

OF_THE_COMPANY = {
    "account_link", "action", "api_key", "ask_clock", "ask_count", "ask_rollup", "ask_watch", "change", "change_head", "compatible_since", "comment_mark", "digest", "import_run", "inbound", "insight", "insight_citation", "insight_comment", "insight_link", "insight_owner", "insight_recovery", "instant_news", "job_run", "journey", "journey_version", "key_use", "kpi_value", "mail_wish", "metric_series", "panel", "panel_consent", "persona",
    "person", "second_factor", "recut", "response_news", "revision", "rollup", "run", "run_cell", "run_picture", "share_link", "sign_in", "signal", "signal_place", "signal_setting", "signal_watch", "stakeholder", "survey", "survey_version", "template", "touchpoint",
    "touchpoint_owner", "webhook", "webhook_delivery", "webhook_pace", "workspace",
}  # fmt: skip
"""Tables about the company, its people and its figures. A new table stands here or in a station's ``forget``."""

SAY_NOTHING_OF_A_PERSON = {
    "cancel_on", "channel", "decision", "dimension", "event", "earlier", "field", "journey", "key_name", "kind", "metric", "name", "panel", "reason", "respondent", "run", "target", "kid",
    "over", "rule", "source", "state", "survey", "touchpoint", "unit", "variant", "way",
}  # fmt: skip
TELLING = {
    "customer",
    "transaction",
    "journey_instance",
    "address",
    "address_hash",
    "comment",
    "answers",
    "attributes",
}


def _held() -> dict[str, set[str]]:
    return {
        table.__tablename__: columns for station in ROUTE.values() for table, columns in station.HOLDS.items()
    }


def _can_hold_words(column: Column[object]) -> bool:
    return isinstance(column.type, String | JSON | LargeBinary) or column.name in TELLING


def test_every_table_is_declared_once() -> None:
    held = set(_held())
    assert held & OF_THE_COMPANY == set()
    assert held | OF_THE_COMPANY == set(metadata.tables)


def test_every_column_that_can_hold_a_customers_words_is_declared() -> None:
    for name, declared in _held().items():
        columns = metadata.tables[name].columns
        assert declared <= {column.key for column in columns}, name
        open_ = {column.key for column in columns if _can_hold_words(column)}
        assert open_ - declared - SAY_NOTHING_OF_A_PERSON == set(), name


def test_no_table_of_the_company_has_a_telling_column() -> None:
    for name in OF_THE_COMPANY & set(metadata.tables):
        assert {column.key for column in metadata.tables[name].columns} & TELLING == set(), name


def test_every_station_that_declares_is_called(root: Path) -> None:
    called = {Path(str(station.__file__)).parent.name for station in ROUTE.values()}
    assert called == {path.parent.name for path in (root / "collector").glob("*/forget.py")}
    assert all(isinstance(station, ModuleType) for station in ROUTE.values())
