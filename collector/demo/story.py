"""The story behind the sample data: who passes where, how well it goes, who is asked and who answers.

Planted, so that there is something to find: the handover from Sales to Operations fails (wrong tariff, late
activation), the fault hotline hurts, the technician's visit gets better week by week, the chat is too young for
figures, the welcome letter is not measured at all, and some system triggers from a touchpoint that nobody has modelled.
And since some days an update of the app keeps customers from renewing: a fall that has raised a signal by now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from collector.journeys import END

DAYS = 90
RUN_UP = 48
"""Days before the first one on which journeys begin already, so that none of the 90 starts empty."""


@dataclass(frozen=True)
class Stop:
    """One contact on the way.

    quality: how well it goes, 0 (bad) to 1 (good). better: what the 90 days add to it. passes: share of customers
    who come by. answers: share of those asked who answer. gap: days since the stop before, from and to.
    """

    touchpoint: str
    channel: str
    theme: str
    gap: tuple[float, float]
    survey: str | None = None
    metric: str | None = None
    quality: float = 0.7
    better: float = 0.0
    passes: float = 1.0
    answers: float = 0.3
    since_days_ago: int = 10_000
    known: bool = True
    target: str = "touchpoint"

    @property
    def place(self) -> str:
        """Where it stands in the asking plan."""
        return END if self.target == "journey" else self.touchpoint


@dataclass(frozen=True)
class Way:
    """One journey: how many customers begin it in a day, its stops, after which stop how many give up.

    ``about`` is the survey about the journey as a whole, at its last stop.
    """

    journey: str
    per_day: float
    stops: tuple[Stop, ...]
    gives_up: dict[str, float]
    about: str

    @property
    def weights(self) -> dict[str, float]:
        """The places that ask, as the default asking plan weighs them."""
        return {stop.touchpoint: 1.0 for stop in self.stops if stop.survey} | {END: 1.0}

    @property
    def end(self) -> Stop:
        """The last stop, where the question is about all of it."""
        return replace(self.stops[-1], survey=self.about, metric="nps", target="journey")


# fmt: off
#        touchpoint          channel      theme            gap in days  survey                  metric    quality better passes answers
FIRST_ORDER = Way("first-order", 104, (
    Stop("tariff-page",       "web",       "tariff-page",   (0, 0),      "tariff-csat",          "csat",   0.80, 0.00, 0.60, 0.40),
    Stop("shop-advice",       "in_person", "advice",        (0.1, 4),    "advice-csat",          "csat",   0.84, 0.00, 0.20, 0.56),
    Stop("order-confirmed",   "web",       "order",         (0, 2),      "order-csat",           "csat",   0.92, 0.00, 1.00, 0.46),
    Stop("line-activated",    "sms",       "activation",    (3, 8),      "activation-csat",      "csat",   0.70, 0.00, 0.97, 0.52),
    Stop("technician-visit",  "in_person", "visit",         (1, 4),      "visit-csat",           "csat",   0.48, 0.46, 0.50, 0.56),
    Stop("welcome-letter",    "letter",    "bill",          (2, 5)),
    Stop("first-bill",        "email",     "bill",          (20, 26),    "first-bill-csat",      "csat",   0.88, 0.00, 0.98, 0.34),
), {"tariff-page": 0.22, "shop-advice": 0.1}, "first-order-nps")
RENEWAL = Way("renewal", 78, (
    Stop("renewal-offer",     "email",     "renewal-offer", (0, 0),      "renewal-offer-csat",   "csat",   0.64, 0.00, 1.00, 0.30),
    Stop("renewal-call",      "phone",     "renewal-call",  (1, 9),      "renewal-call-csat",    "csat",   0.72, 0.00, 0.34, 0.42),
    Stop("renewal-page",      "app",       "renewal-page",  (0, 6),      "renewal-page-csat",    "csat",   0.76, 0.00, 0.66, 0.45),
    Stop("renewal-confirmed", "email",     "renewal-done",  (0.02, 0.2), "renewal-confirmed-csat","csat",   0.94, 0.00, 1.00, 0.35),
), {"renewal-offer": 0.18, "renewal-call": 0.12}, "renewal-nps")
REPAIR = Way("repair", 70, (
    Stop("hotline",           "phone",     "hotline",       (0, 0),      "hotline-csat",         "csat",   0.10, 0.00, 0.95, 0.42),
    Stop("fault-chat",        "chat",      "chat",          (0, 0.1),    "chat-csat",            "csat",   0.70, 0.00, 0.05, 0.60, since_days_ago=24),
    Stop("technician-visit",  "in_person", "visit",         (1, 4),      "visit-csat",           "csat",   0.46, 0.46, 0.50, 0.56),
    Stop("repair-closed",     "sms",       "repair",        (0.1, 1.2),  "repair-closed-csat",   "csat",   0.66, 0.00, 1.00, 0.50),
    Stop("selfcare-portal",   "web",       "repair",        (0.1, 1), passes=0.02, known=False),
    Stop("repair-follow-up",  "email",     "repair",        (6, 8),      "follow-up-csat",       "csat",   0.92, 0.00, 1.00, 0.36),
), {}, "repair-nps")
# fmt: on
WAYS = (FIRST_ORDER, RENEWAL, REPAIR)

STORM = range(33, 36)
"""Days ago on which a storm cut lines: three times as many faults, and a hotline that could not cope."""

UPDATE = range(13)
"""Days ago since the app's update, with which the renewal breaks for most: the fall that a signal tells."""
UPDATED, QUALITY_SINCE_UPDATE = "renewal-page", -0.3
"""Below 0, so that a good mood mends nothing: of some 40 answers three in four are unhappy, which 96 of 100 demos are told of."""

WRONG_TARIFF, LATE = 0.14, 0.25
FAULT_RETURNS = 0.2
SKIPS_KEPT = 30
"""Days for which triggers that ended in a skip are kept; in the demo as with a short retention, so that it starts fast."""

OPTED_OUT = 0.012
QUARANTINE_DAYS = 30

PERSONAS = {"mover": 0.28, "household": 0.42, "shopkeeper": 0.1, "senior": 0.2}
LOCALES = {"en": 0.46, "de": 0.28, "fr": 0.11, "es": 0.09, "ar": 0.06}
TARIFFS = {"Fibre S": 0.3, "Fibre M": 0.45, "Fibre L": 0.25}
REGIONS = ("Upper Tarn", "Lower Tarn", "Wickfell", "Sallow Vale")
WEEKDAYS = (1.15, 1.1, 1.05, 1.0, 1.1, 0.85, 0.75)
"""How busy Monday to Sunday are."""

LOWEST = {"csat": 1}
"""Metric -> lowest score, where it is not 0."""

SEEN, DECLINED = 0.55, 0.4
"""Of those who do not answer: how many see the question; of these: how many close it."""

MINUTES = (12, 15, 20, 25, 35, 40)
"""How long people say they waited."""

HOURS = {
    "web": (19.5, 3.2), "app": (20.0, 2.6), "in_person": (13.5, 2.4), "phone": (12.5, 2.8), "chat": (15.0, 3.5),
    "sms": (11.0, 1.8), "email": (8.5, 0.8), "letter": (11.5, 0.7),
}  # fmt: skip
"""Channel -> mean and spread of the hour of a contact."""

ANSWER_DELAY = {
    "web": 0.02, "app": 0.03, "in_person": 0.05, "phone": 0.4, "chat": 0.02, "sms": 1.5, "email": 9.0,
}  # fmt: skip
"""Channel -> mean hours until the answer."""

BAD_AND_GOOD = {
    "nps": ((14, 4, 7, 7, 7, 14, 10, 13, 12, 5, 7), (0, 0, 0, 0, 1, 1, 2, 7, 17, 28, 44)),
    "csat": ((30, 26, 20, 16, 8), (1, 2, 7, 36, 54)),
}
"""Metric -> weights of its scores, lowest first, where things go as badly and as well as they can."""
