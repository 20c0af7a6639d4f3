"""Weighting: what the score would be if those who answered were made up like those who could have.

Only for attributes known of both. The unweighted figure stays beside it, with the n that weighting leaves.
"""

from collections.abc import Mapping, Sequence

Profile = tuple[str, ...]
"""One answerer's categories, one per attribute: ("web", "prepaid")."""

STEPS = 200
TOLERANCE = 1e-10


def rake(
    answers: Mapping[Profile, int], targets: Sequence[Mapping[str, float]], most: float = 5.0
) -> dict[Profile, float]:
    """Return the weight of one answer per profile, mean 1, so that each attribute takes its target shares.

    Raking (Deming & Stephan 1940): scale to each attribute in turn until nothing moves. most trims each weight to so
    many times the mean, at the price of the exact margins. ValueError if a category has a target but no
    answers, or answers but no target, or if the targets contradict each other.
    """
    weights = dict.fromkeys((profile for profile, n in answers.items() if n), 1.0)
    shares = [_fractions(target) for target in targets]
    _check(answers, shares)
    for _ in range(STEPS):
        moved = max(_scale(weights, answers, place, target) for place, target in enumerate(shares))
        if moved < TOLERANCE:
            return _trimmed(weights, answers, most)
    raise ValueError("the targets cannot all be met by the profiles that answered")


def effective_n(weights: Mapping[Profile, float], answers: Mapping[Profile, int]) -> float:
    """Return Kish's effective n, (Σw)² / Σw²: the n to take for the interval of a weighted figure."""
    first = sum(weight * answers[profile] for profile, weight in weights.items())
    second = sum(weight**2 * answers[profile] for profile, weight in weights.items())
    return first**2 / second if second else 0.0


def design_effect(weights: Mapping[Profile, float], answers: Mapping[Profile, int]) -> float | None:
    """Return n over effective n: how many times more answers the weighting costs; None without answers."""
    n, effective = sum(answers[profile] for profile in weights), effective_n(weights, answers)
    return n / effective if effective else None


def weighted_mean(
    weights: Mapping[Profile, float], answers: Mapping[Profile, int], sums: Mapping[Profile, float]
) -> float | None:
    """Return the weighted mean from the sum of scores (or of hits, for a share) per profile; None without answers."""
    base = sum(weight * answers[profile] for profile, weight in weights.items())
    return sum(weight * sums[profile] for profile, weight in weights.items()) / base if base else None


def _fractions(target: Mapping[str, float]) -> dict[str, float]:
    whole = sum(target.values())
    if whole <= 0 or min(target.values()) < 0:
        raise ValueError("target shares are not negative and not all 0")
    return {category: part / whole for category, part in target.items() if part}


def _check(answers: Mapping[Profile, int], shares: Sequence[Mapping[str, float]]) -> None:
    for place, target in enumerate(shares):
        seen = {profile[place] for profile, n in answers.items() if n}
        if seen != set(target):
            raise ValueError(f"answers and target differ in: {', '.join(sorted(seen ^ set(target)))}")


def _scale(
    weights: dict[Profile, float], answers: Mapping[Profile, int], place: int, target: Mapping[str, float]
) -> float:
    """Scale the weights to one attribute's targets in place; return the largest relative step."""
    n = sum(answers[profile] for profile in weights)
    held = dict.fromkeys(target, 0.0)
    for profile, weight in weights.items():
        held[profile[place]] += weight * answers[profile]
    factors = {category: part * n / held[category] for category, part in target.items()}
    for profile in weights:
        weights[profile] *= factors[profile[place]]
    return max(abs(factor - 1) for factor in factors.values())


def _trimmed(
    weights: dict[Profile, float], answers: Mapping[Profile, int], most: float
) -> dict[Profile, float]:
    cut = {profile: min(weight, most) for profile, weight in weights.items()}
    n = sum(answers[profile] for profile in cut)
    mean = sum(weight * answers[profile] for profile, weight in cut.items()) / n
    return {profile: weight / mean for profile, weight in cut.items()}
