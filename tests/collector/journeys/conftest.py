"""A small telecom company's journeys, and the smallest file of the documentation."""

from __future__ import annotations

from typing import Any

import pytest

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
  - {key: order-nps, template: nps, touchpoint: order-confirmed, journey: first-order, mode: permanent}
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
