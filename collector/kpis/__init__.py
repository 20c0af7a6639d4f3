"""The figures: counts per score in, scores with n and interval out.

``rollups`` counts answers into cells and ``asks`` invitations, ``cube`` reads cells by group and time, ``scores`` and the other pure files
turn cells into numbers. Read by exchange and the dashboard.
"""

from collector.kpis import (
    asks,
    by_page,
    checking,
    contacts,
    control,
    cube,
    day_zones,
    drivers,
    drop_off,
    evenly,
    forget,
    groups,
    milestones,
    overviews,
    paths,
    recounting,
    recounting_asks,
    rollups,
    said,
    series,
    verdicts,
    walks,
)
from collector.kpis.bands import BANDS, band_of, scores_of
from collector.kpis.cube import Cell, Slice, merge, read_cells
from collector.kpis.figures import Line, Point, lines, metric_named
from collector.kpis.metrics import METRICS, Metric
from collector.kpis.models import Rollup
from collector.kpis.parts import MOST_VALUES
from collector.kpis.said import Window, metrics_in_use
from collector.kpis.schemas import Day, in_zone
from collector.kpis.scores import Figure, figure
from collector.kpis.time_between import Between, between
from collector.kpis.verdicts import Subject, Verdict

__all__ = [
    "BANDS",
    "METRICS",
    "MOST_VALUES",
    "Between",
    "Cell",
    "Day",
    "Figure",
    "Line",
    "Metric",
    "Point",
    "Rollup",
    "Slice",
    "Subject",
    "Verdict",
    "Window",
    "asks",
    "band_of",
    "between",
    "by_page",
    "checking",
    "contacts",
    "control",
    "cube",
    "day_zones",
    "drivers",
    "drop_off",
    "evenly",
    "figure",
    "forget",
    "groups",
    "in_zone",
    "lines",
    "merge",
    "metric_named",
    "metrics_in_use",
    "milestones",
    "overviews",
    "paths",
    "read_cells",
    "recounting",
    "recounting_asks",
    "rollups",
    "said",
    "scores_of",
    "series",
    "verdicts",
    "walks",
]
