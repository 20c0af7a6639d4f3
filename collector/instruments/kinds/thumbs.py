"""Thumb up (1) or down (0); the labels stand in that order."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="thumbs",
    metrics=("helpful", "clear", "fcr"),
    scale=range(2),
    ranged=False,
    labels=2,
    bands={"negative": range(1), "positive": range(1, 2)},
)
