"""Who could sign in before people had scopes can afterwards, as what they were."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import text

from collector import db, migrations

PEOPLE = (("ada", "admin", None), ("olga", "member", "operations"), ("mia", "member", None))


def test_roles_and_stakeholders_become_roles_and_scopes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    migrations.upgrade(url, "0006")
    engine = db.make_engine(url)
    workspace = uuid.uuid4().hex
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO workspace (workspace_id, name, locale, timezone, pseudonym_key, settings, created_at)"
                " VALUES (:w, 'Old', 'en', 'UTC', x'00', '{}', '2026-01-01')"
            ),
            {"w": workspace},
        )
        for name, role, stakeholder in PEOPLE:
            said = {"w": workspace, "p": uuid.uuid4().hex, "name": name, "role": role, "s": stakeholder}
            connection.execute(
                text(
                    "INSERT INTO person (workspace_id, person_id, email, name, role, stakeholder_key, password_hash,"
                    " created_at) VALUES (:w, :p, :name, :name, :role, :s, 'hash', '2026-01-01')"
                ),
                said,
            )
    migrations.upgrade(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, role, scope, password_hash FROM person ORDER BY name"))
        assert [tuple(row) for row in rows] == [
            ("ada", "administrator", None, "hash"),
            ("mia", "member", None, "hash"),
            ("olga", "member", '["operations"]', "hash"),
        ]
    engine.dispose()
