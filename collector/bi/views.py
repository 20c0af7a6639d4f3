"""The views, each with its columns and what they say: version 1 of the contract.

A column may be added to a version; what is renamed, taken away or comes to mean something else makes the next one.
``{only}`` is the condition on the workspace, ``{uuid[...]}`` and ``{steps}`` what the two databases write differently.
"""

from __future__ import annotations

from dataclasses import dataclass

from collector.kpis import METRICS

VERSION = 1


@dataclass(frozen=True)
class View:
    """One view: its name, what it holds, what each column says, and the statement behind it."""

    name: str
    says: str
    columns: dict[str, str]
    statement: str


_PLACE = {
    "workspace_id": "the company",
    "metric": "the question, by its key in `metrics`",
    "target": "what the answers are about: touchpoint, journey or interaction",
    "series_id": "the series: figures of two are never added (see `series`)",
    "touchpoint": "key of the touchpoint",
    "journey": "key of the journey; empty: none",
    "channel": "the medium in which people were asked; empty: not known",
    "source": "solicited, imported or volunteered; the dashboard's figures take the first two",
    "respondent": "customer, employee or partner; the dashboard's figures are customers'",
}
_COUNTED = "workspace_id, metric, target, series_id, touchpoint, journey, channel, source, respondent"
_OPEN = (
    "series_id NOT IN (SELECT asked.series_id FROM metric_series AS asked JOIN run ON run.workspace_id = asked.workspace_id "
    "AND run.survey = asked.survey WHERE run.design = 'fixed' AND run.state = 'running' AND run.reached_at IS NULL)"
)
"""What a run was told is no figure while its fixed number is collected (``communities.runs.sealing``)."""
_ANSWERS = f"""
SELECT {{uuid[workspace_id]}} AS workspace_id, metric, target, {{uuid[series_id]}} AS series_id, touchpoint, journey, channel,
  source, respondent, day, score, n
FROM rollup WHERE {_OPEN} AND {{only}}
UNION ALL
SELECT {{uuid[workspace_id]}}, metric, target, {{uuid[series_id]}}, touchpoint, coalesce(journey, ''), coalesce(channel, ''),
  source, respondent, day, score, 1
FROM response WHERE counted_at IS NULL AND score IS NOT NULL AND {_OPEN} AND {{only}}
"""
_METRICS = " UNION ALL ".join(
    f"SELECT '{key}' AS metric, '{each.name}' AS name, '{each.kind}' AS kind, '{each.unit}' AS unit, {each.lowest} AS lowest, "
    f"{each.highest} AS highest, {each.top[0]} AS favourable_from, {each.bottom[-1]} AS unfavourable_to"
    for key, each in METRICS.items()
)

VIEWS = (
    View(
        "workspaces",
        "the companies in this database",
        {
            "workspace_id": "the company",
            "name": "its name",
            "timezone": "the zone in which its days are cut",
        },
        "SELECT {uuid[workspace_id]} AS workspace_id, name, timezone FROM workspace WHERE {only}",
    ),
    View(
        "stakeholders",
        "who may own touchpoints",
        {
            "workspace_id": "the company",
            "stakeholder": "key",
            "name": "name",
            "archived": "no longer in use",
        },
        "SELECT {uuid[workspace_id]} AS workspace_id, key AS stakeholder, name, archived_at IS NOT NULL AS archived "
        "FROM stakeholder WHERE {only}",
    ),
    View(
        "touchpoints",
        "the contacts that are measured",
        {
            "workspace_id": "the company",
            "touchpoint": "key",
            "name": "name within the company",
            "channel": "its medium",
            "stage": "before, during or after the purchase",
            "archived": "no longer in use",
        },
        "SELECT {uuid[workspace_id]} AS workspace_id, key AS touchpoint, name, channel, stage, "
        "archived_at IS NOT NULL AS archived FROM touchpoint WHERE {only}",
    ),
    View(
        "owners",
        "who answers for which touchpoint; several may",
        {"workspace_id": "the company", "touchpoint": "key of the touchpoint", "stakeholder": "key of the stakeholder", "position": "0: named first"},
        "SELECT {uuid[workspace_id]} AS workspace_id, touchpoint, stakeholder, position FROM touchpoint_owner WHERE {only}",
    ),
    View(
        "journeys",
        "the journeys, as they are shown now",
        {
            "workspace_id": "the company",
            "journey": "key",
            "version": "the version that is shown",
            "name": "name",
            "leading_metric": "the question that leads, where the journey names one",
            "archived": "no longer in use",
        },
        "SELECT {uuid[journey.workspace_id]} AS workspace_id, journey.key AS journey, journey.version, shown.name, "
        "shown.metric AS leading_metric, journey.archived_at IS NOT NULL AS archived FROM journey "
        "JOIN journey_version AS shown ON shown.workspace_id = journey.workspace_id AND shown.key = journey.key "
        "AND shown.version = journey.version WHERE {only[journey]}",
    ),
    View(
        "steps",
        "the steps of the journeys that are shown now, in their order",
        {
            "workspace_id": "the company",
            "journey": "key of the journey",
            "phase_position": "from 0",
            "phase": "name of the phase",
            "position": "from 0 within the phase",
            "step": "key",
            "name": "what the customer does",
            "touchpoint": "key of the touchpoint; empty: none",
        },
        "{steps}",
    ),
    View(
        "metrics",
        "what each question counts: the net share, the share or the mean leads",
        {
            "metric": "key",
            "name": "name",
            "kind": "net: favourable minus unfavourable; share: favourable; mean: of the scores",
            "unit": "of the figure",
            "lowest": "the lowest score",
            "highest": "the highest score",
            "favourable_from": "scores from here on are favourable",
            "unfavourable_to": "scores up to here are unfavourable",
        },
        _METRICS,
    ),
    View(
        "series",
        "what may be compared with itself: a confirmed change of the question begins another",
        {
            "workspace_id": "the company",
            "series_id": "the series",
            "survey": "key of the survey",
            "metric": "the question",
            "started_at": "when it began (UTC)",
            "follows": "the series in whose place it came; empty: none",
        },
        "SELECT {uuid[workspace_id]} AS workspace_id, {uuid[series_id]} AS series_id, survey, metric, started_at, "
        "{uuid[follows]} AS follows FROM metric_series WHERE {only}",
    ),
    View(
        "daily_scores",
        "how many answers of a day gave a score: all answers, those of the last minute too",
        {**_PLACE, "day": "in the company's zone", "score": "as on the scale", "n": "answers"},
        f"SELECT {_COUNTED}, day, score, sum(n) AS n FROM ({_ANSWERS}) AS answers "
        f"GROUP BY {_COUNTED}, day, score HAVING sum(n) > 0",
    ),
    View(
        "daily_figures",
        "the same by day, as sums that may be added over days and places of one series",
        {
            **_PLACE,
            "day": "in the company's zone",
            "n": "answers",
            "favourable": "those with a favourable score",
            "unfavourable": "those with an unfavourable score",
            "sum_of_scores": "divided by n: the mean",
        },
        f"SELECT {', '.join(f'answers.{name}' for name in _COUNTED.split(', '))}, day, sum(n) AS n, "
        "sum(CASE WHEN score >= bands.favourable_from THEN n ELSE 0 END) AS favourable, "
        "sum(CASE WHEN score <= bands.unfavourable_to THEN n ELSE 0 END) AS unfavourable, "
        f"sum(score * n) AS sum_of_scores FROM ({_ANSWERS}) AS answers "
        f"JOIN ({_METRICS}) AS bands ON bands.metric = answers.metric "
        f"GROUP BY {', '.join(f'answers.{name}' for name in _COUNTED.split(', '))}, day HAVING sum(n) > 0",
    ),
    View(
        "groups_of_five",
        "by who the customers are: closed groups of five, on the day of their release; one dimension at a time",
        {
            **_PLACE,
            "dimension": "persona, variant, or attribute. and a key",
            "category": "the value; empty: none",
            "released": "the day on which the groups were published",
            "score": "as on the scale",
            "n": "answers",
        },
        f"SELECT {_COUNTED.replace('workspace_id', '{uuid[workspace_id]} AS workspace_id').replace('series_id', '{uuid[series_id]} AS series_id')}, "
        "dimension, category, released, score, count(*) AS n FROM group_member WHERE released IS NOT NULL AND "
        f"{_OPEN} AND {{only}} "
        f"GROUP BY {_COUNTED}, dimension, category, released, score",
    ),
)  # fmt: skip
