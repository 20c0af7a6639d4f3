"""Whether the customer reached their goal: yes, partly or no; the metric is the share of `yes`."""

from collector.instruments.kinds._option import OptionKind

KIND = OptionKind(
    key="goal",
    metrics=("goal", "exit"),
    options=("yes", "partly", "no"),
    scale=range(3),
    scores={"yes": 2, "partly": 1, "no": 0},
    bands={2: "positive", 1: "neutral", 0: "negative"},
)
