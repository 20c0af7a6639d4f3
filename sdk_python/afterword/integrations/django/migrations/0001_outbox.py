"""Creates the table `afterword_outbox`."""

from typing import Any

from django.db import migrations

from ....transactional import statements


def create(apps: Any, schema_editor: Any) -> None:
    """Create table and index."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(statements.CREATE_POSTGRESQL if postgresql else statements.CREATE_SQLITE)
    schema_editor.execute(statements.CREATE_INDEX)


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    schema_editor.execute(f"DROP TABLE {statements.TABLE}")


class Migration(migrations.Migration):
    """The one and only, so far."""

    initial = True
    operations = (migrations.RunPython(create, drop),)
