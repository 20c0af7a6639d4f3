"""How likely the customer would recommend, 0 to 10 (Reichheld 2003)."""

from collector.instruments.kinds._scale import ScaleKind

KIND = ScaleKind(
    key="nps",
    metrics=("nps",),
    scale=range(11),
    endpoints=True,
    bands={"detractor": range(7), "passive": range(7, 9), "promoter": range(9, 11)},
)
