"""One of the five steps between two labelled ends, as usability questionnaires have them (Likert 1932)."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="likert5",
    scale=range(1, 6),
    endpoints=True,
    bands={"negative": range(1, 3), "neutral": range(3, 4), "positive": range(4, 6)},
)
