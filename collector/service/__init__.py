"""The running service: the application put together, its server, its worker, and what they show of themselves.

In: the floor and all stations. Out: ``app.create_app``, ``server``, ``worker``, the pages of health, figures of
the process (``prometheus``), the API and the widget's file. Read by the command line and the demo only.
"""

from collector.service import server, worker
from collector.service.app import create_app
from collector.service.checkup import findings

__all__ = ["create_app", "findings", "server", "worker"]
