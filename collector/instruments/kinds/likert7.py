"""One of the seven steps between two labelled ends, as usability questionnaires have them (Likert 1932)."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="likert7",
    scale=range(1, 8),
    endpoints=True,
    bands={"negative": range(1, 4), "neutral": range(4, 5), "positive": range(5, 8)},
)
