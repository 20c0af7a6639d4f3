"""The figures: counts per score in, scores with n and interval out.

``rollups`` counts answers into cells, ``cube`` reads cells by group and time, ``scores`` and the other pure files
turn cells into numbers. Read by exchange and the dashboard.
"""

from collector.kpis.cube import Cell, Slice, merge, read_cells
from collector.kpis.figures import Line, Point, lines, metric_named
from collector.kpis.metrics import METRICS, Metric
from collector.kpis.models import Rollup
from collector.kpis.scores import Figure, figure

__all__ = [
    "METRICS",
    "Cell",
    "Figure",
    "Line",
    "Metric",
    "Point",
    "Rollup",
    "Slice",
    "figure",
    "lines",
    "merge",
    "metric_named",
    "read_cells",
]
