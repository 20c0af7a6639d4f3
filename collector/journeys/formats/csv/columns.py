"""The headings: which field each stands for, and how flags, numbers and risky texts are told apart."""

from __future__ import annotations

import re

JOURNEY = {
    "definition": "definition", "customer_goal": "customer_goal", "business_goal": "business_goal",
    "scenario": "scenario", "expected_result": "expected_result", "state": "state", "variant_of": "variant_of",
    "personas": "personas", "abandoned_after_days": "abandoned_after_days",
}  # fmt: skip
STEP = {
    "customer_name": "customer_name", "action": "action", "actor": "actor", "expectation": "expectation",
    "expectation_text": "expectation_text", "milestone": "milestone", "moment_of_truth": "moment_of_truth",
    "notes": "notes",
}  # fmt: skip
TOUCHPOINT = {
    "channel": "channel", "stage": "stage", "touchpoint_customer_name": "customer_name",
    "touchpoint_description": "description", "owners": "owners", "measurable": "measurable",
    "feedback_enabled": "feedback_enabled", "form_enabled": "form_enabled", "touchpoint_expectation": "expectation",
    "touchpoint_expected_result": "expected_result", "systems": "systems", "tags": "tags",
}  # fmt: skip
HEADINGS = (
    "journey", "journey_name", *JOURNEY, "phase", "phase_key", "step", "step_name", *STEP, "touchpoint",
    "touchpoint_name", *TOUCHPOINT,
)  # fmt: skip
FLAGS = {"measurable", "feedback_enabled", "form_enabled", "milestone", "moment_of_truth"}
LISTS = {"systems", "tags"}
PARTED = {*LISTS, "owners", "personas"}
SCALE = (-2, 2)
YES = {"yes", "y", "true", "1", "x", "ja"}
NO = {"no", "n", "false", "0", "nein"}
BY_PERSONA = re.compile(r"(expectation|expectation_text):(.+)")
RISKY = re.compile(r"'*[=+\-@\t\r]")
