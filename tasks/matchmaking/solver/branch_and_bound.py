"""Branch and bound: depth first from the relaxation, each node solved from where the last one stood, and
priced against groups not yet known.

Belongs here: the search, and the dive. Must stay out: which groups could matter at all (`solver.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tasks.matchmaking.solver.cuts import most_open_pair, violated_cuts
from tasks.matchmaking.solver.group_rows import Cut, of_cut
from tasks.matchmaking.solver.master_problem import DUAL, FRACTION, PRIMAL, Bounds, Relaxation, Relaxed, Rows
from tasks.matchmaking.solver.pricing import SLACK, Near

TOLERANCE = 1e-6
"""A selection counts as better only if it is worth more by this; a tenth of the smallest difference
tie-breakers make.
"""

CUT_ROUNDS = 4
"""Times a node's relaxation is cut before branching."""
PRICED = 500
"""Groups made known to a node at a time."""
DEAD_ENDS = 12
"""So often a dive may find that the likeliest group has no room, before it is given up."""
OUT, IN = (0.0, 0.0), (1.0, 1.0)
Node = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Incumbent:
    """The best selection found (None if none was better than what was known), its objective, and whether
    nothing better can exist.
    """

    chosen: tuple[int, ...] | None
    objective: float
    exhausted: bool


NOTHING = Incumbent(None, -math.inf, False)


def search(
    relaxation: Relaxation, base: Bounds, known: Incumbent, most_nodes: int, near: Near | None = None
) -> Incumbent:
    """Look for a selection better than `known` under the bounds `base`, at most over `most_nodes` nodes.

    Among the groups the relaxation knows, or all that are `near`: then nothing better exists among these
    where the search is exhausted.
    """
    best, stack, nodes, applied = known, [(Node(), math.inf)], 0, Node()
    while stack and nodes < most_nodes:
        node, hoped = stack.pop()
        if hoped <= best.objective + TOLERANCE:
            continue
        _move(relaxation, base, applied, node)
        applied = node
        relaxed, bound = _cut_down(relaxation, best.objective, near, hoped)
        nodes += 1
        if relaxed is None or relaxed.value <= best.objective + TOLERANCE:
            continue
        chosen = relaxation.selection(relaxed)
        if chosen is None:
            stack += [(node | branch, bound) for branch in _branches(relaxation, relaxed, node)]
        else:
            best = Incumbent(chosen, relaxed.value, False)
            near = near and near.than(best.objective)
    exhausted = all(hoped <= best.objective + TOLERANCE for _, hoped in stack)
    _move(relaxation, base, applied, Node())
    return Incumbent(best.chosen, best.objective, exhausted)


def _cut_down(
    relaxation: Relaxation, known: float, near: Near | None, hoped: float
) -> tuple[Relaxed | None, float]:
    """Solve and cut until nothing is violated, or the node cannot hold anything better than `known`; and what
    the node can hold at most.
    """
    relaxed, bound = _solved(relaxation, known, near, hoped)
    for _ in range(CUT_ROUNDS):
        if relaxed is None or relaxed.value <= known + TOLERANCE:
            break
        cuts = violated_cuts(relaxation, relaxed)
        if not cuts:
            break
        relaxation.cut(cuts)
        relaxed, bound = _solved(relaxation, known, near, bound)
    return relaxed, bound


def _solved(
    relaxation: Relaxation, known: float, near: Near | None, hoped: float
) -> tuple[Relaxed | None, float]:
    """The node's relaxation, and what the node can hold at most.

    A node that would be left (it holds nothing better than `known`, or a whole selection) is left only when
    no group that is near is worth its prices; one that is branched on anyhow need not be priced out. Where
    the known groups cannot keep the node's bounds there are no prices to go by, and all that are near become
    known.
    """
    relaxed = relaxation.solve(DUAL)
    if relaxed is None and near is not None and relaxation.add(near.rows):
        relaxed = relaxation.solve(DUAL)
    while relaxed is not None and near is not None:
        if relaxed.value > known + TOLERANCE and relaxation.selection(relaxed) is None:
            return relaxed, hoped
        if not relaxation.add(_worth_their_prices(relaxation, relaxed, near)):
            break
        relaxed = relaxation.solve(PRIMAL)
    return relaxed, -math.inf if relaxed is None else relaxed.value


def _worth_their_prices(relaxation: Relaxation, relaxed: Relaxed, near: Near) -> Rows:
    """The unknown groups that are worth most above their prices, in order of position."""
    reduced = near.pool.reduced_costs(relaxed, relaxation.cuts)
    better = np.flatnonzero(reduced > -SLACK)
    better = better[~relaxation.known[near.pool.positions(better)]]
    if len(better) > PRICED:
        better = better[np.argpartition(-reduced[better], PRICED)[:PRICED]]
    return np.sort(near.pool.positions(better))


def _move(relaxation: Relaxation, base: Bounds, left: Node, entered: Node) -> None:
    """From one node's bounds to another's."""
    gone = [key for key in left if key not in entered]
    relaxation.free({key: (0.0, 0.0) for key in gone if key not in base})
    relaxation.bound({key: base[key] for key in gone if key in base})
    relaxation.bound({key: bounds for key, bounds in entered.items() if left.get(key) != bounds})


def _branches(relaxation: Relaxation, relaxed: Relaxed, node: Node) -> list[Node]:
    """Two branches that share out the node's selections, the likelier one last: on a variable or count that
    is in part (a total, else how many groups of a class are on a topic, else a city, else the count of a
    topic); else on two cities, apart or together; else on a group, out or in.

    All of them bound rows, never single groups, so that they hold for groups that become known later.
    """
    total = _most_open(relaxation.totals.start, relaxed.variables[relaxation.totals])
    counting = [
        number for number, cut in enumerate(relaxation.cuts) if cut.topic is not None and not cut.alone
    ]
    for key, value in (
        total,
        _most_open(0, relaxed.counted[counting], [of_cut(number) for number in counting]),
        _most_open(relaxation.cities.start, relaxed.variables[relaxation.cities]),
        _most_open(relaxation.topics.start, relaxed.variables[relaxation.topics]),
    ):
        if key is not None:
            return _around(key, value, relaxation, node)
    pair = most_open_pair(relaxation, relaxed)
    parts = relaxed.variables[relaxation.first_group :]
    if pair is not None:
        return _on_row(relaxation, relaxed, Cut(pair, enough=2), node)
    column = int(np.argmax(np.minimum(parts, 1 - parts)))
    cities = relaxation.cities_of(column)
    return _on_row(
        relaxation,
        relaxed,
        Cut(cities, enough=len(cities), topic=relaxation.topic_of(column), alone=True),
        node,
    )


def _most_open(
    first: int, values: np.ndarray[tuple[int], np.dtype[np.float64]], keys: list[int] | None = None
) -> tuple[int | None, float]:
    """Key and value of what is farthest from a whole number; no key where all are whole."""
    in_part = np.minimum(values - np.floor(values), np.ceil(values) - values)
    if in_part.max(initial=0.0) <= FRACTION:
        return None, 0.0
    at = int(np.argmax(in_part))
    return (first + at if keys is None else keys[at]), float(values[at])


def _on_row(relaxation: Relaxation, relaxed: Relaxed, cut: Cut, node: Node) -> list[Node]:
    """Branches on what a cut counts, which becomes a row if it is none yet."""
    if cut not in relaxation.cuts:
        relaxation.cut([cut])
    return _around(
        of_cut(relaxation.cuts.index(cut)), relaxation.counted(relaxed, [cut])[0], relaxation, node
    )


def _around(key: int, value: float, relaxation: Relaxation, node: Node) -> list[Node]:
    """At most the whole number below, or at least the one above, within the bounds the node has; the nearer
    one last.
    """
    lower, upper = node.get(key) or relaxation.own_bounds(key)
    down, up = Node({key: (lower, math.floor(value))}), Node({key: (math.ceil(value), upper)})
    return [up, down] if value % 1 < 0.5 else [down, up]


def dive(relaxation: Relaxation, base: Bounds, relaxed: Relaxed) -> Incumbent:
    """A good selection fast: the group chosen in the largest part is taken whole, until all are whole or
    nothing fits.
    """
    first, applied, now, dead_ends = relaxation.first_group, Node(), relaxed, 0
    chosen, met = relaxation.selection(now), relaxation.all_met(now)
    while chosen is None and dead_ends <= DEAD_ENDS:
        parts = np.where(now.variables[first:] < 1 - FRACTION, now.variables[first:], 0.0)
        variable = first + int(np.argmax(parts))
        again = None
        for bounds in (
            IN,
            OUT,
        ):  # out only where there is no room for it, or an obligation could no longer be met
            applied[variable] = bounds
            relaxation.bound({variable: bounds})
            again = relaxation.solve()
            if again is not None and (relaxation.all_met(again) or not met):
                break
            dead_ends += 1
        if again is None:
            break
        now, chosen = again, relaxation.selection(again)
    _move(relaxation, base, applied, Node())
    return NOTHING if chosen is None else Incumbent(chosen, now.value, False)
