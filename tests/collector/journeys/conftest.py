"""The smallest file of the documentation, and any sound document that Hypothesis can think of."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from collector import journeys, workspaces
from collector.journeys.definitions import (
    ACTORS,
    CHANNELS,
    PERSONA_GROUPS,
    STAGES,
    STATES,
    Definitions,
    Expectation,
    Journey,
    Persona,
    Phase,
    Service,
    Stakeholder,
    Step,
    Touchpoint,
    free_key,
)

SMALLEST = """\
stakeholders:
  - {key: sales, name: Sales}
  - {key: operations, name: Operations}
touchpoints:
  - {key: order-confirmed, name: Order confirmation page, channel: web, owners: [sales]}
  - {key: installed, name: Technician's visit, channel: in_person, owners: [operations]}
journeys:
  - key: first-order
    name: First order
    definition: From the wish for a line to the first working call
    customer_goal: A working line on the agreed date
    business_goal: Activated contracts
    phases:
      - name: Order
        steps:
          - {key: confirmed, name: I get my confirmation, touchpoint: order-confirmed}
      - name: Installation
        steps:
          - {key: visit, name: The technician comes, touchpoint: installed, moment_of_truth: true, expectation: 1}
surveys:
  - {key: order-nps, template: nps, subject: Example Telecom, touchpoint: order-confirmed, journey: first-order, mode: permanent}
"""


@pytest.fixture
def smallest_text() -> str:
    return SMALLEST


@pytest.fixture
def smallest() -> dict[str, Any]:
    """The smallest file as JSON, fresh for each test to change."""
    steps = [
        {"key": "confirmed", "name": "I get my confirmation", "touchpoint": "order-confirmed"},
        {
            "key": "visit",
            "name": "The technician comes",
            "touchpoint": "installed",
            "moment_of_truth": True,
            "expectation": 1,
        },
    ]
    return {
        "stakeholders": [{"key": "sales", "name": "Sales"}, {"key": "operations", "name": "Operations"}],
        "touchpoints": [
            {
                "key": "order-confirmed",
                "name": "Order confirmation page",
                "channel": "web",
                "owners": ["sales"],
            },
            {
                "key": "installed",
                "name": "Technician's visit",
                "channel": "in_person",
                "owners": ["operations"],
            },
        ],
        "journeys": [
            {
                "key": "first-order",
                "name": "First order",
                "definition": "From the wish for a line to the first working call",
                "customer_goal": "A working line on the agreed date",
                "business_goal": "Activated contracts",
                "phases": [
                    {"name": "Order", "steps": steps[:1]},
                    {"name": "Installation", "steps": steps[1:]},
                ],
            }
        ],
    }


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
NAMES = st.text(LETTERS, min_size=1, max_size=30).filter(str.strip)
TEXTS = st.text(LETTERS | st.sampled_from("\n\t:#'\"-0123456789.e|>&*"), max_size=60)
TRICKY = st.sampled_from(
    ["no", "null", "~", "1", "1.5e3", ".5", "2026-01-01", "- a", "a: b", "a\nb\n", " x", "="]
)
FEELINGS = st.none() | st.integers(-2, 2)
WORDS = st.lists(NAMES, max_size=3, unique=True).map(tuple)
SUBJECTS = tuple(f"p{number}" for number in range(2))
OWNERS = tuple(f"o{number}" for number in range(3))
CONTACTS = tuple(f"t{number}" for number in range(3))


def some(keys: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), max_size=3, unique=True).map(tuple)


def texts(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), TEXTS, max_size=3)


STEPS = st.builds(
    Step,
    key=st.just("step"),
    name=NAMES | TRICKY,
    customer_name=NAMES | st.just(""),
    action=TEXTS,
    actor=st.sampled_from(ACTORS),
    touchpoint=st.none() | st.sampled_from(CONTACTS),
    milestone=st.booleans(),
    moment_of_truth=st.booleans(),
    expectation=FEELINGS,
    expectation_text=TEXTS,
    expectations=st.dictionaries(
        st.sampled_from(SUBJECTS), st.builds(Expectation, FEELINGS, TEXTS), max_size=2
    ),
    notes=TEXTS | TRICKY,
)


@st.composite
def any_document(draw: st.DrawFn) -> Definitions:
    """A sound document: 3 stakeholders, 2 personas, 3 touchpoints and one journey through some of them."""
    steps = draw(st.lists(STEPS, min_size=2, max_size=6))
    steps = [dataclasses.replace(step, key=f"s{index}") for index, step in enumerate(steps)]
    cut = draw(st.integers(0, len(steps)))
    phases: list[Phase] = []
    for part in (steps[:cut], steps[cut:]):
        name = draw(NAMES)
        plain = free_key(name, {phase.key for phase in phases}, "phase")
        key = draw(st.sampled_from([plain, f"own-{len(phases)}"]))
        phases.append(Phase(name, key, tuple(part)))
    serves = st.lists(st.builds(Service, st.sampled_from(OWNERS), TEXTS), max_size=2).map(tuple)
    journey = Journey(
        key="journey",
        name=draw(NAMES | TRICKY.filter(str.strip)),
        definition=draw(NAMES),
        customer_goal=draw(NAMES),
        business_goal=draw(NAMES),
        scenario=draw(NAMES),
        expected_result=draw(TEXTS),
        state=draw(st.sampled_from(STATES)),
        personas=draw(some(SUBJECTS)),
        abandoned_after_days=draw(st.integers(1, 3650)),
        phases=tuple(phases),
    )
    return Definitions(
        tuple(Stakeholder(key, draw(NAMES), draw(TEXTS), draw(serves)) for key in OWNERS),
        tuple(Persona(key, draw(NAMES), draw(TEXTS), draw(texts(PERSONA_GROUPS))) for key in SUBJECTS),
        tuple(
            Touchpoint(
                key=key,
                name=draw(NAMES),
                channel=draw(st.sampled_from(CHANNELS)),
                owners=draw(some(OWNERS)),
                stage=draw(st.sampled_from(STAGES)),
                measurable=draw(st.booleans()),
                feedback_enabled=draw(st.booleans()),
                form_enabled=draw(st.booleans()),
                expectation=draw(TEXTS),
                systems=draw(WORDS),
                tags=draw(WORDS),
            )
            for key in CONTACTS
        ),
        (journey,),
    )


@pytest.fixture(scope="session")
def documents() -> st.SearchStrategy[Definitions]:
    """Sound documents: 3 stakeholders, 2 personas, 3 touchpoints, one journey."""
    return any_document()


class Editor:
    """A signed-in person's browser without script."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Accept": "text/html"})

    def post(self, path: str, **fields: Any) -> Any:
        data = {"csrf": self.token, **fields}
        return self.client.post(path, data=data, headers={"Accept": "text/html"})

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/setup").text)
        assert found
        return found[1]


@pytest.fixture
def hidden() -> Callable[[str], dict[str, str]]:
    """``hidden(page)`` gives the fields that a page carries over."""

    def read(page: str) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        return {html.unescape(name): html.unescape(value) for name, value in found}

    return read


@pytest.fixture
def signed_in(app: Any, session: Session, workspace: Any, time: Any) -> Callable[..., Editor]:
    """``signed_in("ann", "editor")`` gives the browser of someone with that role."""

    def call(name: str = "ann", role: str = "editor") -> Editor:
        email = f"{name}@example.com"
        workspaces.add_person(session, workspace.workspace_id, email, name, "a long password", time(), role)
        session.commit()
        client = app.test_client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        form = {"csrf": token[1], "email": email, "password": "a long password"}
        assert client.post("/sign-in", data=form).status_code == 303
        return Editor(client)

    return call


@pytest.fixture
def journey(session: Session, workspace: Any, time: Any, smallest: dict[str, Any]) -> Callable[[], Any]:
    """The smallest file applied; gives the journey as it is stored now."""
    journeys.apply(session, workspace.workspace_id, smallest, "file", time())
    session.commit()

    def now() -> Any:
        session.rollback()
        session.expire_all()
        found = journeys.get(session, workspace.workspace_id, "first-order")
        session.rollback()
        return found

    return now


@pytest.fixture
def applied(client: FlaskClient, keys: dict[str, dict[str, str]], smallest: dict[str, Any]) -> dict[str, Any]:
    """The smallest document, applied over the API."""
    answer = client.post("/api/v1/journeys/apply", json=smallest, headers=keys["admin"])
    assert answer.status_code == 200, answer.text
    return smallest
