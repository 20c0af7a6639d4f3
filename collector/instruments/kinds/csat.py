"""How satisfied the customer is, 1 to 5, each point labelled; the top two count as satisfied."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="csat",
    metrics=("csat",),
    scale=range(1, 6),
    labels=5,
    bands={"negative": range(1, 3), "neutral": range(3, 4), "positive": range(4, 6)},
)
