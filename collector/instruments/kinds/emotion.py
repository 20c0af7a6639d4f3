"""How the customer felt, -2 to 2, each point labelled: the measured half of a journey's emotion curve."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="emotion",
    metrics=("emotion",),
    scale=range(-2, 3),
    labels=5,
    bands={"negative": range(-2, 0), "neutral": range(1), "positive": range(1, 3)},
)
