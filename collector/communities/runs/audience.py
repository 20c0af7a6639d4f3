"""Whom a run asks: one pure rule over what is known of a customer, and why somebody is not in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from collector.communities.runs import variants
from collector.communities.runs.running import Run


@dataclass(frozen=True)
class Seat:
    """A customer's place in a run: the variant they see, or in words why they are not asked."""

    run: str
    variant: str | None = None
    refused: str | None = None


def seat(
    run: Run,
    customer: str | None,
    subject: str,
    attributes: Mapping[str, Any] | None,
    is_member: bool,
    full: Collection[str] = (),
) -> Seat:
    """The place of a customer (as pseudonym) in a run that asks.

    ``subject`` is whom a sample is drawn from where there is no customer. ``attributes`` are None where a link was opened
    before its trigger arrived: whoever made it has chosen. ``full`` are the values whose quota cell has all it wanted.
    """
    refused = _refused(run, customer, subject, attributes, is_member, full)
    if refused:
        return Seat(run.key, None, refused)
    return Seat(run.key, variants.assigned(run.key, customer, run.variants) if customer else None)


def asked_before(run: Run) -> Seat:
    """The place of somebody whom the run has asked: no run asks anybody twice."""
    return Seat(run.key, None, _refuse(f"the run {run.key} has asked this customer"))


def cell_of(run: Run, attributes: Mapping[str, Any]) -> str | None:
    """The quota cell that somebody of these attributes belongs to; None where they belong to none."""
    value = str(attributes.get(run.cells.get("attribute", ""), ""))
    return value if value in run.cells.get("quotas", {}) else None


def _refused(
    run: Run,
    customer: str | None,
    subject: str,
    attributes: Mapping[str, Any] | None,
    is_member: bool,
    full: Collection[str],
) -> str | None:
    if run.panel_key and not is_member:
        return _refuse(f"the run {run.key} asks members of its panel")
    if run.variants and not customer:
        return _refuse(f"the run {run.key} shows variants, and nobody knows which customer this is")
    if attributes is not None:
        for name, wanted in run.only.items():
            if str(attributes.get(name)) not in wanted:
                return _refuse(f"the run {run.key} is for other values of {name}")
        if run.cells and (cell := cell_of(run, attributes)) is None:
            return _refuse(f"the run {run.key} has no quota cell for this {run.cells['attribute']}")
        if run.cells and cell in full:
            return _refuse(
                f"the run {run.key} has all the answers it wanted of {run.cells['attribute']} = {cell}"
            )
    if not variants.in_sample(run.key, customer or subject, run.sample):
        return _refuse(f"outside the sample of {run.sample:.0%} of the run {run.key}")
    return None


def _refuse(sentence: str) -> str:
    """Why somebody is not asked; marked, so that it is told in the reader's language."""
    return sentence
