"""How far the customer agrees that it was made easy, 1 to 7 (CES 2.0, CEB 2013); from 5 on it was."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="ces",
    metrics=("ces",),
    scale=range(1, 8),
    endpoints=True,
    bands={"negative": range(1, 4), "neutral": range(4, 5), "positive": range(5, 8)},
)
