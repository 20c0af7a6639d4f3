"""The customer's journeys: who travels (personas), what they meet (touchpoints), in which order, and whose it is.

In: journey files, the API, edits in the browser. Out: definitions (plain frozen values) and versioned journeys. Read by surveys (what to bind to), interactions (where something happened), kpis
and the dashboard (the order in which to show figures).
"""

from collector.journeys import asking, commands, edit, files, scoping, yaml_text
from collector.journeys.actions import apply, archive, change, change_journey, plan, save
from collector.journeys.asking import END, Asking, Stop, weights
from collector.journeys.channels import BY_KEY
from collector.journeys.coverage_by_stage import Coverage, coverage
from collector.journeys.definitions import (
    CHANNELS,
    STAGES,
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
from collector.journeys.formats import FORMATS
from collector.journeys.history import VersionMark, since, versions
from collector.journeys.layout import Layout, lay_out
from collector.journeys.lookups import (
    TouchpointFacts,
    VersionFacts,
    asking_plans,
    every_touchpoint,
    existing,
    feedback_switches,
    find_journey,
    find_touchpoint,
    keys_of_touchpoints,
    only_journeys,
    owners_of_all,
)
from collector.journeys.map_steps import MapStep
from collector.journeys.plans import Plan, PlanItem
from collector.journeys.reading import (
    Page,
    document,
    export,
    get,
    list_journeys,
    persona,
    personas,
    shown_version,
    stakeholder,
    stakeholders,
    steps,
    touchpoint,
    touchpoints,
)
from collector.journeys.usage import journeys_of, unowned, users_of

__all__ = [
    "BY_KEY",
    "CHANNELS",
    "END",
    "FORMATS",
    "STAGES",
    "Asking",
    "Coverage",
    "Definitions",
    "Expectation",
    "Journey",
    "Layout",
    "MapStep",
    "Page",
    "Persona",
    "Phase",
    "Plan",
    "PlanItem",
    "Service",
    "Stakeholder",
    "Step",
    "Stop",
    "Touchpoint",
    "TouchpointFacts",
    "VersionFacts",
    "VersionMark",
    "apply",
    "archive",
    "asking",
    "asking_plans",
    "change",
    "change_journey",
    "commands",
    "coverage",
    "document",
    "edit",
    "every_touchpoint",
    "existing",
    "export",
    "feedback_switches",
    "files",
    "find_journey",
    "find_touchpoint",
    "free_key",
    "get",
    "journeys_of",
    "keys_of_touchpoints",
    "lay_out",
    "list_journeys",
    "only_journeys",
    "owners_of_all",
    "persona",
    "personas",
    "plan",
    "save",
    "scoping",
    "shown_version",
    "since",
    "stakeholder",
    "stakeholders",
    "steps",
    "touchpoint",
    "touchpoints",
    "unowned",
    "users_of",
    "versions",
    "weights",
    "yaml_text",
]
