"""The decision: one pure function over facts. The order of reasons is fixed, so that the same facts always say the same.

Opt-out, consent, disabled, not eligible (unknown touchpoint, no survey, quota, cancelled among them), same
transaction, same journey instance, other step (not drawn), quarantine, cap, sampling. Of a community survey also whether its run asks this customer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from collector.communities.runs import Seat
from collector.contact import Only, Policy
from collector.invitations import clocks, sampling
from collector.invitations.clocks import History
from collector.invitations.drawing import Draw
from collector.journeys import END
from collector.surveys import Standing

NO_HISTORY = History()
NO_SEATS: Mapping[str, Seat] = MappingProxyType({})


class Facts(NamedTuple):
    """What is known when a trigger is decided; a tuple, because it is made twice for each and copied for each survey.

    ``attributes`` is None where a link was opened before its trigger arrived: a link does not carry them, and the
    business system that made it has chosen already. ``subject`` is whom the sample is drawn from; ``draw`` says which
    steps of this way through the journey ask (None: nothing links this contact to others), ``place`` which one this is.
    ``seats``: community survey -> the customer's place in its run, where that asks.
    """

    touchpoint_known: bool = True
    feedback_enabled: bool = True
    survey: Standing | None = None
    opted_out: bool = False
    consents: frozenset[str] = frozenset()
    channel: str | None = None
    persona: str | None = None
    locale: str | None = None
    attributes: Mapping[str, Any] | None = None
    cancelled_by: str | None = None
    same_transaction: bool = False
    asked_in_instance: int = 0
    draw: Draw | None = None
    place: str = ""
    history: History = NO_HISTORY
    subject: str = ""
    not_before: datetime | None = None
    seats: Mapping[str, Seat] = NO_SEATS


@dataclass(frozen=True)
class Verdict:
    """Invite or skip, why, by which rule, when the customer may be asked again, and how likely they were chosen."""

    decision: str
    reason: str
    rule: str | None = None
    next_eligible_at: datetime | None = None
    probability: float = 1.0

    @property
    def is_invite(self) -> bool:
        return self.decision == "invite"


NOT_IN_RUN = "not_in_run"
Choice = tuple[Verdict, Standing | None, Policy]


def decide(facts: Facts, policy: Policy, now: datetime) -> Verdict:
    """Whether to ask. A delayed trigger is judged as of the time it is due (and once more when that comes)."""
    at = max(now, facts.not_before) if facts.not_before else now
    for rule in RULES:
        if refused := rule(facts, policy, at):
            return refused
    chance = policy.sample * _drawn_with(facts, policy)
    if at > now:
        return Verdict("invite", "scheduled", f"asked when due, {at:%Y-%m-%d %H:%M} UTC", None, chance)
    return Verdict("invite", "invited", None, None, chance)


def choose(
    facts: Facts,
    candidates: Sequence[Standing],
    policy_of: Callable[[Standing | None], Policy],
    history_of: Callable[[Facts, Standing, Policy, datetime], History],
    now: datetime,
) -> Choice:
    """The first of several surveys that may be asked; where none may, what the first says that is meant for this customer.

    ``history_of`` adds the day's counts where a policy has caps, so that they are read only then.
    """
    choices: list[Choice] = []
    at = max(now, facts.not_before) if facts.not_before else now
    for survey in candidates or (None,):
        policy = policy_of(survey)
        history = history_of(facts, survey, policy, at) if survey else facts.history
        place = END if survey and survey.target == "journey" else facts.place
        draw = None if survey and survey.mode == "community" else facts.draw  # a run asks where it stands
        verdict = decide(facts._replace(survey=survey, history=history, place=place, draw=draw), policy, now)
        choices.append((verdict, survey, policy))
        if verdict.is_invite:
            return choices[-1]
    return next((choice for choice in choices if choice[0].reason != NOT_IN_RUN), choices[0])


def _opted_out(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    return _skip("opted_out", "the customer asked not to be asked") if facts.opted_out else None


def _no_consent(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    channel = facts.channel
    if channel not in policy.consent or channel in facts.consents:
        return None
    return _skip("no_consent", f"asking by {channel} needs the customer's consent on record")


def _disabled(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    if facts.touchpoint_known and not facts.feedback_enabled:
        return _skip("disabled", "feedback is switched off at this touchpoint")
    return None


def _no_survey(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    if not facts.touchpoint_known:
        return _skip("unknown_touchpoint", "the touchpoint is in no journey file")
    if facts.survey is None:
        return _skip("no_survey", "no published survey stands at this touchpoint")
    return None


def _not_running(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    survey = facts.survey
    if survey is None:
        return None
    if survey.state == "full":
        return _skip("quota", f"{survey.key} has all the answers it wanted")
    if survey.state == "paused":
        return _skip("not_eligible", f"{survey.key} is paused")
    if survey.ends_at is not None and survey.ends_at <= at:
        return _skip("not_eligible", f"{survey.key} ended on {survey.ends_at:%Y-%m-%d}")
    if survey.starts_at is not None and at < survey.starts_at:
        starts = survey.starts_at
        return Verdict(
            "skip", "not_eligible", f"{survey.key} starts on {starts:%Y-%m-%d}", _free(facts, policy, starts)
        )
    return None


def _not_meant(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    rule = policy.channels.get(facts.channel or "")
    if rule is not None and not rule.allowed:
        return _skip("not_eligible", f"{facts.channel} is not used for asking")
    missed = _missed(facts, policy.only)
    return _skip("not_eligible", f"the survey is for other {missed}") if missed else None


def _not_in_run(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    """A community survey asks those whom its run asks, while it does."""
    survey = facts.survey
    if survey is None or survey.mode != "community":
        return None
    seat = facts.seats.get(survey.key)
    if seat is None:
        return _skip(NOT_IN_RUN, f"no run asks with {survey.key} now")
    return _skip(NOT_IN_RUN, seat.refused) if seat.refused else None


def _cancelled(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    if facts.cancelled_by is None:
        return None
    return _skip("cancelled", f"{facts.cancelled_by} happened, which cancels this ask")


def _same_transaction(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    return _skip("same_transaction", "one invitation per transaction") if facts.same_transaction else None


def _same_journey_instance(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    most = policy.per_journey_instance
    if most is None or facts.asked_in_instance < most:
        return None
    return _skip("same_journey_instance", f"at most {most} asked on one way through a journey")


def _other_step(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    """A policy without a limit per way has no need to choose between its steps."""
    draw, most = facts.draw, policy.per_journey_instance
    if draw is None or most is None or draw.takes(facts.place, most):
        return None
    share = draw.probability(facts.place, most)
    if not share:
        return Verdict("skip", "other_step", "the asking plan asks nobody at this step", None, 0.0)
    return Verdict("skip", "other_step", f"this step is drawn for {share:.0%} of the ways", None, share)


def _blocked(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    """Quarantine, then caps; of several rules the one that holds longest is named."""
    if facts.survey is None:
        return None
    found = clocks.blocks(facts.history, facts.survey.key, facts.channel, policy, at)
    for reason in ("quarantine", "cap"):
        if named := [block for block in found if block.reason == reason]:
            last = max(named, key=lambda block: (block.until is None, block.until or at))
            return Verdict("skip", reason, last.rule, _free(facts, policy, at))
    return None


def _sampled_out(facts: Facts, policy: Policy, at: datetime) -> Verdict | None:
    survey = facts.survey.key if facts.survey else ""
    if policy.sample >= 1 or sampling.draw(facts.subject, survey) < policy.sample:
        return None
    return Verdict("skip", "sampled_out", f"outside the sample of {policy.sample:.0%}", None, policy.sample)


RULES: tuple[Callable[[Facts, Policy, datetime], Verdict | None], ...] = (
    _opted_out,
    _no_consent,
    _disabled,
    _no_survey,
    _not_running,
    _not_meant,
    _not_in_run,
    _cancelled,
    _same_transaction,
    _same_journey_instance,
    _other_step,
    _blocked,
    _sampled_out,
)


def _drawn_with(facts: Facts, policy: Policy) -> float:
    """How likely this way through the journey drew this step."""
    if facts.draw is None or policy.per_journey_instance is None:
        return 1.0
    return facts.draw.probability(facts.place, policy.per_journey_instance)


def _skip(reason: str, rule: str) -> Verdict:
    return Verdict("skip", reason, rule)


def _free(facts: Facts, policy: Policy, at: datetime) -> datetime | None:
    """When the clocks let the customer be asked again; None where the survey is over by then."""
    survey = facts.survey
    if survey is None:
        return None
    free = clocks.free_from(facts.history, survey.key, facts.channel, policy, at)
    return None if free is None or (survey.ends_at is not None and survey.ends_at <= free) else free


def _missed(facts: Facts, only: Only) -> str | None:
    """What of the survey's conditions does not hold, in one word."""
    if only.channels and facts.channel not in only.channels:
        return "channels"
    if only.personas and facts.persona not in only.personas:
        return "personas"
    if only.locales and not _speaks(facts.locale, only.locales):
        return "locales"
    if facts.attributes is not None:
        for name, wanted in only.attributes.items():
            if facts.attributes.get(name) not in wanted:
                return f"values of {name}"
    return None


def _speaks(locale: str | None, wanted: Sequence[str]) -> bool:
    return locale is not None and any(locale == tag or locale.startswith(f"{tag}-") for tag in wanted)
