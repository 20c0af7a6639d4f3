"""The command line from nothing to a running workspace, on both databases; errors are one line and an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from served import COMPANY
from sqlalchemy import text

import survey_templates
from collector import db
from collector.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)

    def call(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "company.yaml"
    path.write_text(COMPANY)
    return str(path)


def test_init_prints_everything_once_as_json(run: Run) -> None:
    made: dict[str, Any] = json.loads(run("init", "--json").output)
    assert set(made) == {"workspace", "server_key", "read_key", "admin_key", "publishable_key", "admin"}
    assert made["server_key"].startswith("aw_sk_")
    assert set(made["admin"]) == {"email", "password"}
    assert "There is a workspace already" in run("init", code=2).output


def test_a_company_is_applied_twice_and_changes_once(run: Run, file: str) -> None:
    run("init")
    assert "5 create" in run("journeys", "apply", file, "--dry-run").output
    assert "5 create" in run("journeys", "apply", file).output
    assert "5 unchanged" in run("journeys", "apply", file).output
    assert "created    order-nps" in run("surveys", "apply", file).output
    assert "unchanged  order-nps" in run("surveys", "apply", file).output
    assert "order-nps" in run("surveys", "list").output


def test_a_break_of_a_series_is_confirmed_with_the_option_that_the_error_names(run: Run, file: str) -> None:
    run("init")
    run("journeys", "apply", file)
    run("surveys", "apply", file)
    Path(file).write_text(COMPANY.replace("subject: Example Telecom", "subject: Example Line"))
    refused = run("surveys", "apply", file, code=2).output
    assert "series_break" in refused
    assert "--confirm-break" in refused
    assert "confirm_break" not in refused
    assert "new series order-nps: subject" in run("surveys", "apply", file, "--confirm-break").output


def test_an_export_applied_again_is_the_same_export(run: Run, file: str, tmp_path: Path) -> None:
    run("init")
    run("journeys", "apply", file)
    first = run("journeys", "export").output
    path = tmp_path / "again.yaml"
    path.write_text(first)
    assert "unchanged" in run("journeys", "apply", str(path)).output
    assert run("journeys", "export").output == first


def test_a_mistake_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    run("init")
    path = tmp_path / "bad.yaml"
    path.write_text(COMPANY.replace("channel: web", "chanel: web"))
    refused = run("journeys", "lint", str(path), code=2)
    assert f"{path}:6" in refused.output
    assert "chanel" in refused.output


def test_a_journey_that_mixes_questions_is_told_where_to_ask_the_same(run: Run, tmp_path: Path) -> None:
    from collector.demo import seed

    mixed = seed.COMPANY.read_text().replace(
        "key: hotline-csat, template: csat", "key: hotline-csat, template: ces"
    )
    path = tmp_path / "mixed.yaml"
    path.write_text(mixed)
    said = run("journeys", "lint", str(path)).output
    assert (
        "the journey repair is read by csat; hotline cannot be compared with the rest: ask csat there too"
        in said
    )
    assert "mixed_questions" not in run("journeys", "lint", str(seed.COMPANY)).output


def test_keys_are_made_listed_and_revoked(run: Run) -> None:
    run("init")
    text = run("keys", "create", "read", "--name", "Wall screen").output.strip()
    kid = text.split("_")[2]
    assert f"{kid}  read" in run("keys", "list").output
    assert text not in run("keys", "list").output
    run("keys", "revoke", kid)
    assert "revoked" in run("keys", "list").output


def test_the_rollup_is_rebuilt(run: Run) -> None:
    run("init")
    assert "0 answers counted anew" in run("rollups", "rebuild").output


def test_a_rebuild_that_fails_says_so(run: Run, database_url: str) -> None:
    run("init")
    engine = db.make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE response RENAME COLUMN occurred_at TO gone"))
    try:
        assert "the database refused" in run("rollups", "rebuild", code=1).output
    finally:  # the PostgreSQL database goes on to the next test
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE response RENAME COLUMN gone TO occurred_at"))
        engine.dispose()


def test_doctor_says_what_is_well_and_what_is_not(run: Run) -> None:
    run("init")
    said = run("doctor").output
    assert "AFTERWORD_SMTP_URL" in said
    assert "ok  tables at revision" in said


def test_a_command_without_a_workspace_says_what_to_do(run: Run, file: str) -> None:
    assert "run `afterword init`" in run("journeys", "apply", file, code=2).output


def test_a_bad_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_COLOUR", "red")
    refused = run("doctor", code=2).output
    assert refused.splitlines()[-1].startswith("Error: AFTERWORD_COLOUR is not a setting")


def test_every_command_explains_itself(run: Run) -> None:
    for name, command in main.commands.items():
        assert command.help, name
        run(name, "--help")
        for inner, child in getattr(command, "commands", {}).items():
            assert child.help, f"{name} {inner}"
            run(name, inner, "--help")


def test_templates_are_listed_shown_and_checked(run: Run) -> None:
    assert "nps" in run("templates", "list").output
    assert "weiterempfehlen" in run("templates", "show", "nps", "--locale", "de").output
    assert "unknown_locale" in run("templates", "show", "nps", "--locale", "xx", code=2).output
    assert f"{len(survey_templates.files())} good." in run("templates", "lint").output


def test_people_are_invited_listed_changed_reset_and_ended(run: Run, file: str) -> None:
    run("init")
    run("journeys", "apply", file)
    link = run("people", "add", "olga@example.com", "--role", "member", "--scope", "operations").output
    assert "/welcome/" in link
    assert "invited" in run("people", "list").output
    assert run("people", "role", "olga@example.com", "--role", "editor", "--scope", "all").output
    again = run("people", "reset", "olga@example.com").output
    assert "/welcome/" in again
    assert again != link
    run("people", "end", "olga@example.com")
    assert "ended" in run("people", "list").output
    refused = run("people", "add", "x@example.com", "--role", "member", "--scope", "nobody", code=2)
    assert "unknown_stakeholder" in refused.output
    assert "unknown_person" in run("people", "end", "x@example.com", code=2).output
    assert "last_administrator" in run("people", "end", "admin@example.com", code=2).output


def test_webhooks_are_added_listed_sent_again_and_stopped(run: Run) -> None:
    run("init")
    url = "https://93.184.216.34/hook?token=hidden"
    said = run("webhooks", "add", "CRM", url, "--kinds", "signal.raised,insight.changed").output
    assert said.startswith("whsec_")
    listed = run("webhooks", "list").output
    assert "hidden" not in listed
    assert listed.split() == [
        "CRM",
        "standard",
        "open",
        "https://93.184.216.34/hook?…",
        "signal.raised,insight.changed",
    ]
    assert run("webhooks", "resend", "CRM", "--since", "2026-01-01").output == "0 events are sent again.\n"
    run("webhooks", "stop", "CRM")
    assert " stopped " in run("webhooks", "list").output
    refused = run("webhooks", "add", "CRM", "https://127.0.0.1/", "--kinds", "signal.raised", code=2).output
    assert "bad_webhook_url" in refused
    assert "unknown_webhook" in run("webhooks", "stop", "ERP", code=2).output
    assert "bad_event_kinds" in run("webhooks", "add", "X", url, "--kinds", "odd", code=2).output


def test_doctor_finds_a_gap_in_the_record(run: Run, database_url: str) -> None:
    run("init")
    assert "none missing, none altered" in run("doctor").output
    engine = db.make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM change WHERE number = 2"))
    engine.dispose()
    assert "row 2 is missing" in run("doctor", code=1).output
