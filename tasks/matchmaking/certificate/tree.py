"""The branch tree of a certificate: the selections are shared out until prices bound every share.

Depth first. A node counts something that is chosen in part (how many twinnings, cities, groups of a region on
a topic, …), and its two branches have at most so many, or more.

Belongs here: the search. Must stay out: prices (`relaxation.py`) and statements (`certify.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tasks.matchmaking.certificate.counting import Prices
from tasks.matchmaking.certificate.relaxation import PARTS, Limits, Relaxation
from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.master_problem import INTEGRALITY, Floats, Rows
from tasks.matchmaking.solver.separation import SPLIT_BY, Part, most_fractional_pair, violated_threes

CUT_ROUNDS = 4
"""Times a node is cut before it is branched on."""
ROOT = "r"
"""Name of the root; the branch with at most so many adds 0 to a name, the one with more adds 1."""


@dataclass(frozen=True)
class Leaf:
    """What no selection of a leaf exceeds (in parts of a step), and the prices that prove it."""

    bound: int
    prices: Prices


@dataclass
class Tree:
    """Nodes by name: what is counted (number of a row) and at most how many, or the leaf."""

    splits: dict[str, tuple[int, int]] = field(default_factory=dict)
    leaves: dict[str, Leaf] = field(default_factory=dict)

    @property
    def bound(self) -> int:
        """What no selection exceeds, in whole steps."""
        return max((leaf.bound for leaf in self.leaves.values()), default=0) // PARTS


def grow(relaxation: Relaxation, objective: int, most_work: int) -> Tree:
    """The tree that proves that nothing is worth more than `objective` steps, as far as the work allows.

    A node that the work does not reach is a leaf under the prices of the node above it.
    """
    tree, first = Tree(), Leaf(0, {})
    stack: list[tuple[str, Limits, Leaf]] = [(ROOT, {}, first)]
    while stack:
        name, limits, above = stack.pop()
        if relaxation.work >= most_work and above is not first:
            tree.leaves[name] = above
            continue
        leaf, parts = _bounded(relaxation, limits, objective)
        split = None if leaf.bound // PARTS <= objective else _split(relaxation, parts)
        if split is None:
            tree.leaves[name] = leaf
            continue
        row, most = split
        tree.splits[name] = (row, most)
        least, top = limits.get(row, (-math.inf, math.inf))
        stack.append((f"{name}1", {**limits, row: (float(most + 1), top)}, leaf))
        stack.append((f"{name}0", {**limits, row: (least, float(most))}, leaf))
    return tree


def _bounded(relaxation: Relaxation, limits: Limits, objective: int) -> tuple[Leaf, Floats]:
    """The bound of a node, which is cut until it holds nothing better or no cut is violated."""
    for _ in range(CUT_ROUNDS):
        parts = relaxation.solve(limits)
        prices = relaxation.prices(limits)
        leaf = Leaf(relaxation.bound(prices, limits), prices)
        cuts = [] if leaf.bound // PARTS <= objective else violated_threes(_in_part(relaxation, parts))
        if not cuts:
            break
        relaxation.add_cuts(cuts)
    return leaf, parts


def _in_part(relaxation: Relaxation, parts: Floats) -> list[Part]:
    found = np.flatnonzero((parts > INTEGRALITY) & (parts < 1 - INTEGRALITY))
    members = relaxation.counting.members
    return [(tuple(sorted(c for c in members[k].tolist() if c >= 0)), float(parts[k])) for k in found]


def _split(relaxation: Relaxation, parts: Floats) -> tuple[int, int] | None:
    """A row that is counted in part, and the whole number below; None where all is whole."""
    chosen = np.flatnonzero(parts > INTEGRALITY)
    for some in _countable(relaxation):
        counted = [(cut, _count(relaxation, cut, parts, chosen)) for cut in some]
        farthest = max(counted, key=lambda one: _apart(one[1]), default=None)
        if farthest is not None and _apart(farthest[1]) > INTEGRALITY:
            return relaxation.branch_row(farthest[0]), math.floor(farthest[1])
    pair = most_fractional_pair(_in_part(relaxation, parts))
    if pair is not None:
        cut = Cut(pair, enough=2)
        return relaxation.branch_row(cut), math.floor(_count(relaxation, cut, parts, chosen))
    if not len(chosen) or _apart_of(parts[chosen]) <= INTEGRALITY:
        return None
    k = int(chosen[np.argmax(np.minimum(parts[chosen], 1 - parts[chosen]))])
    cities = tuple(sorted(c for c in relaxation.counting.members[k].tolist() if c >= 0))
    cut = Cut(cities, enough=len(cities), topic=int(relaxation.counting.groups.topic[k]), alone=True)
    return relaxation.branch_row(cut), 0


def _countable(relaxation: Relaxation) -> Iterator[list[Cut]]:
    """What a node may be split by, the broadest first."""
    it = relaxation.instance
    every = tuple(range(it.n_cities))
    if not every:
        return
    yield [Cut(every), Cut(every, most=3)]
    classes = [one for one in it.classes if one.subject == SPLIT_BY and len(one.members)]
    yield [Cut(tuple(one.members.tolist()), topic=topic) for one in classes for topic in range(it.n_topics)]
    yield [Cut((city,)) for city in every]
    yield [Cut(every, topic=topic) for topic in range(it.n_topics)]


def _count(relaxation: Relaxation, cut: Cut, parts: Floats, chosen: Rows) -> float:
    counting = relaxation.counting
    times = cut.times(counting.members[chosen], counting.groups.topic[chosen])
    return float(parts[chosen] @ times)


def _apart(value: float) -> float:
    return min(value - math.floor(value), math.ceil(value) - value)


def _apart_of(parts: Floats) -> float:
    return float(np.minimum(parts - np.floor(parts), np.ceil(parts) - parts).max(initial=0.0))
