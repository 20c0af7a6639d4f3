"""One to five stars. No CSAT: points without labels mean something else, so they are a metric of their own."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="stars",
    metrics=("stars",),
    scale=range(1, 6),
    bands={"negative": range(1, 3), "neutral": range(3, 4), "positive": range(4, 6)},
)
