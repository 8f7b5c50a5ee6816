"""Aspect `institutional`: cities with a similar jurisdiction and of the same kind can act alike (FAQ 3.6).

Weights and kinds of bodies: `[institutional]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

import numpy as np

from programme.counts import listed
from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Ints, add_where, codes, same_and_known
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import OTHER_KIND, Facts

_POWERS = ("full", "partial")
"""Jurisdictions that earn points; all others (none, not told) count alike."""


def _points(facts: Facts) -> dict[tuple[str, str], int]:
    """Steps by the jurisdictions of two cities, in order of the alphabet."""
    rules = facts.rules.institutional
    return {
        ("full", "full"): steps(rules.full_full),
        ("full", "partial"): steps(rules.full_partial),
        ("partial", "partial"): steps(rules.partial_partial),
    }


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    a, b = facts.applicants[i], facts.applicants[j]
    powers = sorted(one.jurisdiction or "unknown" for one in (a, b))
    rules, same = facts.rules.institutional, a.kind == b.kind != OTHER_KIND
    total = _points(facts).get((powers[0], powers[1]), steps(rules.otherwise))
    return AspectValue(
        total + (steps(rules.same_kind) if same else 0),
        f"{a.city_name} and {b.city_name}: jurisdiction {listed(powers)}"
        f"{', same kind of body' if same else ''}",
    )


def _of_all_pairs(facts: Facts) -> Ints:
    rules = facts.rules.institutional
    number = {name: k for k, name in enumerate(_POWERS)}
    power = np.array([number.get(one.jurisdiction or "", len(_POWERS)) for one in facts.applicants], np.intp)
    worth = np.full((len(_POWERS) + 1, len(_POWERS) + 1), steps(rules.otherwise), np.int32)
    for (a, b), points in _points(facts).items():
        worth[number[a], number[b]] = worth[number[b], number[a]] = points
    same = same_and_known(codes(None if one.kind == OTHER_KIND else one.kind for one in facts.applicants))
    total: Ints = worth[power[:, None], power[None, :]]
    add_where(total, same, steps(rules.same_kind))
    return total


INSTITUTIONAL = PairAspect("institutional", _of_pair, _of_all_pairs, per_city=True)
