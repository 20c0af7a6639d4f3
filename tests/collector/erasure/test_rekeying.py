"""A new pseudonym key: what is stored gets new names, old and new stand side by side until then, and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import cli, clock, errors, signing, workspaces
from collector.config import Config
from collector.erasure import rekeying
from collector.interactions import Interaction
from collector.invitations import Subject
from collector.migrations.models import metadata
from collector.responses import Response
from collector.workspaces import PseudonymAlias, pseudonyms

Headers = dict[str, dict[str, str]]
Trigger = Callable[..., dict[str, Any]]


@pytest.fixture
def old(company: Any) -> bytes:
    return bytes(company.pseudonym_key)


@pytest.fixture
def lived(
    client: FlaskClient, keys: Headers, trigger: Trigger, answer: Callable[..., Any], old: bytes
) -> str:
    """Anna has answered, was met, and has objected; the pseudonym that she has for it."""
    token = trigger(customer="anna", transaction="order-1")["invitation"]["token"]
    assert answer(token, score=3).status_code == 201
    met = {
        "touchpoint": "installed",
        "customer": "anna",
        "journey": "first-order",
        "journey_instance": "way-1",
    }
    assert (
        client.post("/api/v1/interactions", json={"interactions": [met]}, headers=keys["server"]).status_code
        < 300
    )
    objected = client.put("/api/v1/customers/anna/opt-out", headers=keys["server"])
    assert objected.status_code < 300, objected.text
    return signing.pseudonym(old, "anna")


@pytest.fixture
def rotated(session: Session, company: Any, lived: str, time: clock.FixedClock) -> Any:
    """The company with a rotation open."""
    time.move(minutes=1)
    session.expire_all()
    pseudonyms.rotate(session, company.workspace_id, "tests", time())
    session.commit()
    return company


def _rename(session: Session, workspace: Any, time: clock.FixedClock, *customers: str) -> int:
    count = rekeying.rekey(session, workspace, customers, time())
    session.commit()
    return count


def _names(session: Session, table: Any) -> set[str]:
    found = set(session.scalars(select(table.customer).where(table.customer.is_not(None))))
    session.commit()
    return found


def test_what_is_stored_gets_its_new_name_everywhere(
    session: Session, rotated: Any, lived: str, time: clock.FixedClock
) -> None:
    assert _rename(session, rotated, time, "anna", "nobody") == 1
    assert _rename(session, rotated, time, "anna") == 0
    new = signing.pseudonym(rotated.pseudonym_key, "anna")
    assert new != lived
    assert all(_names(session, table) == {new} for table in (Response, Interaction, Subject))
    for table in metadata.sorted_tables:
        if table.name != "pseudonym_alias":
            rows = session.execute(select(table)).all()
            assert not any(lived in str(value) for row in rows for value in row), table.name


def test_an_objection_comes_along(
    session: Session, trigger: Trigger, rotated: Any, time: clock.FixedClock
) -> None:
    _rename(session, rotated, time, "anna")
    assert trigger(customer="anna", transaction="order-2")["reason"] == "opted_out"


def test_until_then_somebody_is_found_and_erased_under_both_names(
    client: FlaskClient, session: Session, trigger: Trigger, keys: Headers, rotated: Any, lived: str
) -> None:
    trigger(customer="anna", transaction="order-2")
    way = client.get("/api/v1/customers/anna/timeline", headers=keys["admin"]).json["events"]
    assert {event["said"].get("transaction") for event in way} >= {"order-1", "order-2"}
    erased = client.delete("/api/v1/customers/anna", headers=keys["admin"]).json["erased"]
    assert (erased["triggers"], erased["responses"]) == (2, 1)
    assert _names(session, Response) | _names(session, Interaction) == set()


def test_who_is_erased_leaves_no_pair_of_names(
    client: FlaskClient, session: Session, keys: Headers, rotated: Any, time: clock.FixedClock
) -> None:
    _rename(session, rotated, time, "anna")
    gone = client.delete("/api/v1/customers/anna", headers=keys["admin"]).json["erased"]
    assert gone["pseudonyms"] == 1
    assert session.scalars(select(PseudonymAlias)).all() == []
    session.commit()


def test_an_erased_customer_stays_erased_under_the_new_name(
    client: FlaskClient, session: Session, trigger: Trigger, keys: Headers, company: Any, lived: str,
    time: clock.FixedClock,
) -> None:  # fmt: skip
    client.delete("/api/v1/customers/anna", headers=keys["admin"])
    session.expire_all()
    pseudonyms.rotate(session, company.workspace_id, "tests", time())
    _rename(session, company, time, "anna")
    late = trigger(customer="anna", transaction="order-9", occurred_at="2026-11-02T09:00:00Z")
    assert late["reason"] == "cancelled"


def test_what_was_on_its_way_is_renamed_at_the_end(
    client: FlaskClient, session: Session, keys: Headers, rotated: Any, lived: str, time: clock.FixedClock
) -> None:
    """The outbox of an SDK with a key from before sends old pseudonyms for a while."""
    _rename(session, rotated, time, "anna")
    met = {"touchpoint": "installed", "customer": lived}
    client.post("/api/v1/interactions", json={"interactions": [met]}, headers=keys["server"])
    erased = client.get(f"/api/v1/customers/{lived}/timeline", headers=keys["admin"]).json["events"]
    assert len(erased) >= 3
    assert rekeying.follow(session, rotated.workspace_id, time()) == 1
    session.commit()
    assert _names(session, Interaction) == {signing.pseudonym(rotated.pseudonym_key, "anna")}


def test_a_rotation_ends_when_no_old_server_key_lives(
    client: FlaskClient, session: Session, keys: Headers, rotated: Any, time: clock.FixedClock
) -> None:
    fresh = workspaces.mint_key(session, rotated, "server", "new", time())
    with pytest.raises(errors.Conflict) as refused:
        pseudonyms.finish(session, rotated.workspace_id, "tests", time())
    assert (refused.value.code, fresh.kid in refused.value.detail) == ("old_server_keys", False)
    with pytest.raises(errors.Conflict, match="not finished"):
        pseudonyms.rotate(session, rotated.workspace_id, "tests", time())
    for kid in pseudonyms.old_server_keys(session, rotated.workspace_id, time()):
        workspaces.revoke_key(session, rotated.workspace_id, kid, time())
    _rename(session, rotated, time, "anna")
    pseudonyms.finish(session, rotated.workspace_id, "tests", time())
    session.commit()
    assert session.scalars(select(PseudonymAlias)).all() == []
    assert rotated.previous_pseudonym_key is None
    with pytest.raises(errors.Conflict, match="No rotation"):
        pseudonyms.finish(session, rotated.workspace_id, "tests", time())


def test_an_address_that_objected_is_known_after_a_rotation(
    session: Session, company: Any, old: bytes, time: clock.FixedClock
) -> None:
    for _ in range(2):
        pseudonyms.rotate(session, company.workspace_id, "tests", time())
        company.previous_pseudonym_key = None
    assert pseudonyms.address_key_of(company) == old != company.pseudonym_key


def test_a_pseudonym_is_no_customers_id(
    session: Session, rotated: Any, lived: str, time: clock.FixedClock
) -> None:
    with pytest.raises(errors.BadInput) as refused:
        rekeying.rekey(session, rotated, [lived], time())
    assert refused.value.code == "pseudonym_given"


def test_a_pseudonym_is_part_of_no_other_tables_key() -> None:
    """Else renaming one row would meet another: such a table needs a merge of its own, as ``subject`` has."""
    in_keys = {table for table in rekeying.TABLES if table.__table__.c.customer.primary_key}
    assert in_keys == set(rekeying.MERGED)
    named = {table.__table__.name for table in (*rekeying.TABLES, Subject)}
    assert {table.name for table in metadata.sorted_tables if "customer" in table.columns} == named


def test_the_whole_way_by_command(
    session: Session, config: Config, company: Any, lived: str, keys: Headers, tmp_path: Path
) -> None:
    session.commit()
    environment = {"AFTERWORD_DATABASE_URL": config.database_url, "AFTERWORD_SECRET_KEY": "s" * 40}

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli.main, arguments, env=environment)

    (tmp_path / "ids.txt").write_text("anna\n\nbert\n")
    assert "make new server keys" in run("pseudonyms", "rotate").output
    assert "1 customers renamed" in run("pseudonyms", "rename", str(tmp_path / "ids.txt")).output
    refused = run("pseudonyms", "finish")
    assert (refused.exit_code, "old_server_keys" in refused.output) == (2, True)
    for key in session.scalars(select(workspaces.Key).where(workspaces.Key.kind == "server")).all():
        session.commit()
        assert run("keys", "revoke", key.kid).exit_code == 0
    assert "forgotten" in run("pseudonyms", "finish").output
    assert lived not in _names(session, Response)
