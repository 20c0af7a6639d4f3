"""Creates the table `afterword_outbox`."""

from typing import Any

from django.db import migrations

from ....transactional import statements


def create(apps: Any, schema_editor: Any) -> None:
    """Create table and indexes."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in statements.DEFAULT.create(postgresql):
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    """Drop them."""
    schema_editor.execute(statements.DEFAULT.drop())


class Migration(migrations.Migration):
    """The one and only, so far."""

    initial = True
    operations = (migrations.RunPython(create, drop),)
