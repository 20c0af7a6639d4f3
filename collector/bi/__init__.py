"""Read-only views for tools that make charts of tables: Grafana, Metabase, Power BI, dbt.

Their names and columns are a contract with a version (``views.VERSION``). They hold counts, never a person's row: totals
as the dashboard has them, and of who the customers are only what closed groups of five have released.
"""

from collector.bi.install import PREFIX, SCHEMA, BadRole, install, is_installed, remove
from collector.bi.views import VERSION, VIEWS, View

__all__ = ["PREFIX", "SCHEMA", "VERSION", "VIEWS", "BadRole", "View", "install", "is_installed", "remove"]
