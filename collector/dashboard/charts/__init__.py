"""Server-drawn SVG: plain dataclasses in, markup out; no request, no database, no words of its own but what it is given.

Every chart fills the width it gets: positions along x are percentages, strokes and text keep their size. Colours come
from classes (``static/charts.css``), so one drawing serves light, dark, print and forced colours.
Whoever places a chart places a table of the same numbers beside it.
"""

from collector.dashboard.charts.distribution import Bar, distribution
from collector.dashboard.charts.emotion_curve import CurveStep, emotion_curve
from collector.dashboard.charts.scale import Scale
from collector.dashboard.charts.slope import SlopeEnd, slope
from collector.dashboard.charts.sparkline import sparkline
from collector.dashboard.charts.strip import strip
from collector.dashboard.charts.trend import Pin, SeriesBreak, TrendPoint, trend

__all__ = [
    "Bar",
    "CurveStep",
    "Pin",
    "Scale",
    "SeriesBreak",
    "SlopeEnd",
    "TrendPoint",
    "distribution",
    "emotion_curve",
    "slope",
    "sparkline",
    "strip",
    "trend",
]
