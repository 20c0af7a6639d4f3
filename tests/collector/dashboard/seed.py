"""A small, believable company with a planted drop between Sales and Operations and a planted pain point."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector import clock, journeys, workspaces
from collector.interactions import Interaction, JourneyInstance
from collector.invitations import Invitation
from collector.kpis import Rollup
from collector.responses import Response
from collector.responses.stemming import stems
from collector.surveys import MetricSeries, Survey, SurveyVersion

EMAIL, PASSWORD = "manager@example.com", "a good long password"

STAKEHOLDERS = {
    "marketing": "Marketing",
    "sales": "Sales",
    "operations": "Operations",
    "service": "Customer service",
    "billing": "Billing",
}
# key: name, channel, stage, owners, systems, shares of (bottom, middle, top) in percent
TOUCHPOINTS: dict[str, tuple[str, str, str, list[str], list[str], tuple[int, int, int] | None]] = {
    "advert": ("Advertisement", "social", "before", ["marketing"], [], None),
    "tariff-finder": ("Tariff finder", "web", "before", ["marketing"], ["CMS"], (20, 38, 42)),
    "advice-call": ("Advice on the phone", "phone", "before", ["sales"], ["Telephony", "CRM"], (14, 26, 60)),
    "order-confirmed": ("Order confirmation page", "web", "during", ["sales"], ["Shop", "CRM"], (12, 28, 60)),
    "appointment": ("Appointment booking", "app", "during", ["operations"], ["Dispatch"], (38, 34, 28)),
    "installed": ("Technician's visit", "in_person", "during", ["operations"], ["Dispatch"], (47, 29, 24)),
    "activation-sms": ("Activation message", "sms", "during", ["operations", "service"], [], (27, 33, 40)),
    "hotline": ("Service hotline", "phone", "after", ["service"], ["Telephony"], (24, 34, 42)),
    "first-bill": ("First bill", "email", "after", [], ["SAP"], (22, 36, 42)),
}
STEPS: list[tuple[str, list[dict[str, Any]]]] = [
    ("Become aware", [
        {"key": "wish", "name": "I want a faster line", "expectation": 0},
        {"key": "advert", "name": "I see an advert", "touchpoint": "advert", "expectation": 0},
        {"key": "compare", "name": "I compare tariffs", "touchpoint": "tariff-finder", "expectation": 1},
    ]),
    ("Order", [
        {"key": "advice", "name": "I am advised", "touchpoint": "advice-call", "expectation": 1},
        {"key": "confirmed", "name": "I get my confirmation", "touchpoint": "order-confirmed", "expectation": 1, "milestone": True},
    ]),
    ("Installation", [
        {"key": "appointment", "name": "I choose a day", "touchpoint": "appointment", "expectation": 1},
        {"key": "visit", "name": "The technician comes", "touchpoint": "installed", "expectation": 1, "moment_of_truth": True, "expectation_text": "On time, and it works"},
        {"key": "active", "name": "My line is switched on", "touchpoint": "activation-sms", "expectation": 2, "milestone": True},
    ]),
    ("Use", [
        {"key": "question", "name": "I have a question", "touchpoint": "hotline", "expectation": 0},
        {"key": "bill", "name": "I read my first bill", "touchpoint": "first-bill", "expectation": -1},
    ]),
]  # fmt: skip
COMMENTS = [
    ("installed", 2, "Nobody came on the first day, and nobody called. I took a day off for nothing.", "en"),
    (
        "installed",
        4,
        "Der Techniker wusste nichts von meinem Auftrag. Warum muss ich alles zweimal erzählen?",
        "de",
    ),
    ("appointment", 5, "The earliest day was three weeks away. The shop had promised one week.", "en"),
    ("order-confirmed", 10, "Ordered in four minutes. Lovely.", "en"),
    ("hotline", 9, "Sehr freundlich und schnell geholfen!", "de"),
    ("first-bill", 3, "Why am I charged for a month in which the line was not even active?", "en"),
    ("installed", 9, "Punctual, tidy, and it worked at once.", "en"),
    ("advice-call", 9, "She understood what I need and did not push.", "en"),
]


def company(session: Session, now: datetime, days: int = 90) -> workspaces.Workspace:
    """The whole company with its people and ``days`` days of answers before ``now``."""
    workspace = workspaces.create(session, "Example Telecom", now)
    fill(session, workspace, now, days)
    return workspace


def fill(session: Session, workspace: workspaces.Workspace, now: datetime, days: int) -> None:
    """All that is in the company, put into its workspace."""
    people(session, workspace, now)
    define(session, workspace, now)
    series = surveys(session, workspace, now)
    answers(session, workspace, series, now, days)
    comments(session, workspace, series, now)


def people(session: Session, workspace: workspaces.Workspace, now: datetime) -> None:
    """An administrator, and a member who answers for Operations; hashing is slow by design, so it is done once."""
    everyone = (
        (EMAIL, "Ada Manager", "administrator", None),
        ("ops@example.com", "Olu Ops", "member", ["operations"]),
    )
    for email, name, role, scope in everyone:
        session.add(
            workspaces.Person(
                workspace_id=workspace.workspace_id,
                person_id=clock.new_id(),
                email=email,
                name=name,
                role=role,
                scope=scope,
                password_hash=_password_hash(),
                created_at=now,
            )
        )
    session.flush()


@cache
def _password_hash() -> str:
    return PasswordHasher().hash(PASSWORD)


def define(session: Session, workspace: workspaces.Workspace, now: datetime) -> None:
    """Stakeholders, touchpoints and the journey "First order"."""
    document = {
        "stakeholders": [{"key": key, "name": name} for key, name in STAKEHOLDERS.items()],
        "touchpoints": [
            {
                "key": key,
                "name": name,
                "channel": channel,
                "stage": stage,
                "owners": owners,
                "systems": systems,
            }
            for key, (name, channel, stage, owners, systems, _) in TOUCHPOINTS.items()
        ],
        "journeys": [
            {
                "key": "first-order",
                "name": "First order",
                "definition": "From the wish for a line to the first bill",
                "customer_goal": "A working line on the agreed date",
                "business_goal": "Activated contracts",
                "phases": [{"name": name, "steps": steps} for name, steps in STEPS],
            }
        ],
    }
    journeys.apply(session, workspace.workspace_id, document, "seed", now)


def surveys(session: Session, workspace: workspaces.Workspace, now: datetime) -> dict[str, uuid.UUID]:
    """An NPS survey at each measured touchpoint; touchpoint -> its metric series."""
    who, found = workspace.workspace_id, {}
    for key, (*_, shares) in TOUCHPOINTS.items():
        if shares is None:
            continue
        found[key] = clock.new_id()
        session.add(MetricSeries(workspace_id=who, series_id=found[key], survey=key, metric="nps", fingerprint="0" * 64, started_at=now - timedelta(days=200)))  # fmt: skip
        session.flush()
        session.add(
            Survey(
                workspace_id=who, key=key, touchpoint=key, journey="first-order", template="nps", version=1
            )
        )
        session.flush()
        session.add(SurveyVersion(workspace_id=who, key=key, version=1, series_id=found[key], definition={}, created_at=now, created_by="seed"))  # fmt: skip
    session.flush()
    return found


def answers(
    session: Session, workspace: workspaces.Workspace, series: dict[str, uuid.UUID], now: datetime, days: int
) -> None:
    """Counted answers, more on workdays; Operations slips a little further in the second half."""
    chance = random.Random(7)
    rows = [
        {
            "workspace_id": workspace.workspace_id,
            "series_id": series_id,
            "touchpoint": place,
            "journey": "first-order",
            "journey_version": 1,
            "channel": TOUCHPOINTS[place][1],
            "persona": "",
            "variant": "",
            "source": "solicited",
            "respondent": "customer",
            "day": (now - timedelta(days=ago)).date(),
            "score": score,
            "metric": "nps",
            "n": n,
        }
        for place, series_id in series.items()
        for ago in range(days * 2)
        for score, n in _day(chance, place, (now - timedelta(days=ago)).weekday(), ago < days // 2)
    ]
    session.execute(insert(Rollup), rows)


def _day(chance: random.Random, place: str, weekday: int, late: bool) -> Iterator[tuple[int, int]]:
    shares = TOUCHPOINTS[place][5] or (0, 0, 0)
    low = shares[0] + (6 if late and place in {"appointment", "installed"} else 0)
    busy = 8 if weekday < 5 else 3
    counts: dict[int, int] = {}
    for _ in range(chance.randint(busy // 2, busy + busy // 2)):
        roll = chance.uniform(0, 100)
        band = (0, 2, 3, 4, 5, 6) if roll < low else (7, 8) if roll < low + shares[1] else (9, 10)
        score = chance.choice(band)
        counts[score] = counts.get(score, 0) + 1
    yield from counts.items()


def comments(
    session: Session, workspace: workspaces.Workspace, series: dict[str, uuid.UUID], now: datetime
) -> None:
    """Answers with words, and invitations that were seen, so that there is a response rate."""
    who = workspace.workspace_id
    for number, (place, score, text, locale) in enumerate(COMMENTS):
        at = now - timedelta(hours=5 * number + 1)
        answer(session, who, series[place], place, score, at, text, locale)
    for place, series_id in series.items():
        for number in range(40):
            state = "answered" if number % 3 == 0 else "open"
            session.add(
                Invitation(
                    workspace_id=who,
                    invitation_id=clock.new_id(),
                    touchpoint=place,
                    journey="first-order",
                    journey_version=1,
                    survey=place,
                    survey_version=1,
                    series_id=series_id,
                    state=state,
                    created_at=now - timedelta(days=number),
                    expires_at=now,
                    shown_at=now,
                )
            )
    session.flush()


def answer(
    session: Session,
    who: uuid.UUID,
    series_id: uuid.UUID,
    place: str,
    score: int,
    at: datetime,
    text: str | None = None,
    locale: str = "en",
    **more: Any,
) -> Response:
    """One answer, not yet counted by the rollup."""
    row = Response(
        workspace_id=who, response_id=clock.new_id(), touchpoint=place, journey="first-order", journey_version=1,
        survey=place, survey_version=1, series_id=series_id, metric="nps", score=score, comment=text,
        comment_stems=stems(text, locale), locale=locale, channel=TOUCHPOINTS[place][1], complete=True, occurred_at=at, day=at.date(),
        received_at=at, updated_at=at, **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


WAYS = (
    (42, "advert tariff-finder order-confirmed appointment installed activation-sms first-bill"),
    (27, "tariff-finder advice-call order-confirmed appointment installed hotline installed activation-sms first-bill"),
    (18, "tariff-finder order-confirmed appointment"),
    (9, "advert tariff-finder"),
    (4, "hotline tariff-finder order-confirmed appointment installed activation-sms first-bill"),
)  # fmt: skip
"""How many customers went which way along the journey; most of those who leave do so once they have to choose a day."""


def walks(session: Session, workspace: workspaces.Workspace, now: datetime) -> None:
    """What customers did, reported as interactions: a step every other day, begun 60 to 35 days ago."""
    ways = [way.split() for count, way in WAYS for _ in range(count)]
    for number, way in enumerate(ways):
        begin = now - timedelta(days=60 - 25 * number / len(ways))
        times = [begin + timedelta(hours=46 * step) for step in range(len(way))]
        same: dict[str, Any] = {
            "workspace_id": workspace.workspace_id, "journey": "first-order", "customer": f"cu_{number:024}",
        }  # fmt: skip
        session.add(
            JourneyInstance(
                **same, instance_id=f"way-{number}", journey_version=1, started_at=times[0], last_at=times[-1]
            )
        )
        session.add_all(
            Interaction(
                **same, interaction_id=clock.new_id(), event="step", touchpoint=place, known_touchpoint=True,
                journey_instance=f"way-{number}", occurred_at=at, received_at=at,
            )
            for place, at in zip(way, times, strict=True)
        )  # fmt: skip
    session.flush()
