"""The aspects of `aspects.py` for many groups at once, one column an aspect: what the scenarios move."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from programme.matchmaking import steps
from tasks.matchmaking.solver.groups import NOBODY, Groups
from tasks.matchmaking.value.aspects import ASPECT_FUNCTIONS
from tasks.matchmaking.value.facts import Facts, Interest
from tasks.matchmaking.value.pair_matrices import PAIR_ASPECTS, PairMatrices

Wide = npt.NDArray[np.int64]


def aspect_columns(groups: Groups, facts: Facts, pairs: PairMatrices) -> Wide:
    """Steps of every aspect (columns, in the order of the dictionary's ASPECTS) of every group (rows)."""
    members = np.stack([groups.first, groups.second, groups.third], axis=1)
    there = members != NOBODY
    of: dict[str, Wide] = {
        "selection": (np.append([one.score for one in facts.applicants], 0)[members]).sum(axis=1),
        "topical": np.where(there, _by_topic(facts, "priority")[members, groups.topic[:, None]], 0).sum(
            axis=1
        ),
        "complementarity": _gains(members, there, groups, facts),
    }
    for name in PAIR_ASPECTS:
        of[name] = _over_pairs(pairs.fit[name], members) * np.where(there[:, 2], 1, 2)
    of["preferences"] = _over_pairs(pairs.wishes, members)
    of["cooperation"] = -_over_pairs(pairs.costs, members)
    return np.stack([of[name].astype(np.int64) for name in ASPECT_FUNCTIONS], axis=1)


def _by_topic(facts: Facts, what: str) -> Wide:
    """Points for the priority, the need or the experience of every applicant (rows; the last is nobody) on
    every topic (columns).
    """
    points = (0, *(steps(value) for value in facts.rules.topical.points_by_priority))

    def read(interest: Interest) -> int:
        return points[interest.priority] if what == "priority" else int(getattr(interest, what))

    rows = [[read(one.interest(topic)) for topic in facts.topics] for one in facts.applicants]
    return np.array([*rows, [0] * len(facts.topics)], np.int64)


def _gains(
    members: npt.NDArray[np.int32], there: npt.NDArray[np.bool_], groups: Groups, facts: Facts
) -> Wide:
    need, experience = (
        _by_topic(facts, name)[members, groups.topic[:, None]] for name in ("need", "experience")
    )
    experience = np.where(there, experience, 0)
    best = [
        np.minimum(need[:, k], np.maximum(experience[:, (k + 1) % 3], experience[:, (k + 2) % 3]))
        for k in range(3)
    ]
    levels: Wide = np.where(there, np.stack(best, axis=1), 0).sum(axis=1)
    return levels * steps(facts.rules.complementarity.points_per_level)


def _over_pairs(matrix: npt.NDArray[np.int32], members: npt.NDArray[np.int32]) -> Wide:
    wide = np.pad(matrix, ((0, 1), (0, 1)))
    total = np.zeros(len(members), np.int64)
    for a, b in combinations(range(3), 2):
        total += wide[members[:, a], members[:, b]]
    return total
