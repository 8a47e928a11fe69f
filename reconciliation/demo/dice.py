"""Repeatable chance: one source for each topic, so that a change in one topic leaves the others as they were."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def dice(seed: int, topic: str) -> random.Random:
    """Nothing here is a secret: the same seed must give the same people on every machine."""
    return random.Random(f"{seed}/{topic}")  # noqa: S311


def weighted(chance: random.Random, weights: Mapping[Key, float]) -> Key:
    return chance.choices(list(weights), list(weights.values()))[0]


def shares_of(total: int, weights: Mapping[Key, float], *, least: int = 0) -> dict[Key, int]:
    """`total` divided by weight, by largest remainder, each at least `least` (the heaviest gives)."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    shares = {key: max(int(value), least) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: exact[key] - int(exact[key]), reverse=True)
    for key in by_remainder[: max(total - sum(shares.values()), 0)]:
        shares[key] += 1
    while sum(shares.values()) > total:
        heaviest = max(shares, key=lambda key: shares[key])
        if shares[heaviest] <= least:
            break
        shares[heaviest] -= 1
    return shares


def pick(chance: random.Random, choices: Sequence[Key]) -> Key:
    return choices[chance.randrange(len(choices))]
