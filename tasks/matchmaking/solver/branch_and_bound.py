"""Branch and bound: depth first from the root, each node solved from where the last one stood.

Nodes are priced against groups that are not known yet. Every branch bounds a row of the master problem, never
a single group, so that it also holds for groups that become known later (docs/decisions.md, Proving the best
twinnings).

Belongs here: the search, and what it branches on. Must stay out: which groups could matter at all
(`tasks/matchmaking/solver/column_generation.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tasks.matchmaking.solver.cut import Cut, cut_key
from tasks.matchmaking.solver.incumbent import Incumbent
from tasks.matchmaking.solver.master_problem import (
    DUAL,
    INTEGRALITY,
    PRIMAL,
    Bounds,
    Floats,
    MasterProblem,
    MasterSolution,
    Rows,
)
from tasks.matchmaking.solver.pricing import SLACK, ImprovingColumns
from tasks.matchmaking.solver.separation import most_fractional_pair, parts_of_groups, violated_cuts

CUT_ROUNDS = 4
"""Times a node's master problem is cut before branching."""
NODE = 50
"""What a node takes beside its solutions, in simplex iterations."""
GROUPS_PRICED = 1_000
"""Pricing so many groups takes as long as one simplex iteration (measured)."""
MOST_WORK = 400_000
"""Work of one search, in simplex iterations, after which the best selection known is used with its gap. Where
many applicants are alike, a node may take as long as a whole ordinary proof.
"""
PRICED = 500
"""Groups made known to a node at a time."""
Node = dict[int, tuple[float, float]]
"""A node of the search tree: the bounds imposed on its way from the root, by variable or key of a cut."""


def search(
    master: MasterProblem,
    base: Bounds,
    known: Incumbent,
    most_nodes: int,
    improving: ImprovingColumns | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Incumbent:
    """Look for a selection better than `known` under the bounds `base`, at most over `most_nodes` nodes.

    It looks among the groups that the master problem knows, or among all `improving` ones where they are
    given. If the answer is exhausted, nothing better exists among these. `stop` may end it early, and
    so does `MOST_WORK` once a selection is known.
    """
    best, stack, nodes, applied = known, [(Node(), math.inf)], 0, Node()
    gain = master.instance.least_gain
    while stack and nodes < most_nodes and not stop():
        node, hoped = stack.pop()
        if hoped <= best.objective + gain:
            continue
        master.move_bounds(base, applied, node)
        applied = node
        solved, bound = _cut_down(master, best.objective, improving, hoped)
        nodes += 1
        master.work += NODE
        if _out_of_work(master, best.objective):
            stack.append((node, hoped))  # it was not looked at to its end
            break
        if solved is None or solved.value <= best.objective + gain:
            continue
        chosen = master.selection(solved)
        if chosen is None:
            stack += [(node | branch, bound) for branch in _branches(master, solved, node)]
        else:
            best = Incumbent(chosen, solved.value, False)
            improving = None if improving is None else improving.beyond(best.objective)
    exhausted = all(hoped <= best.objective + gain for _, hoped in stack)
    master.move_bounds(base, applied, Node())
    return Incumbent(best.chosen, best.objective, exhausted)


def _cut_down(
    master: MasterProblem, known: float, improving: ImprovingColumns | None, hoped: float
) -> tuple[MasterSolution | None, float]:
    """Solve and cut a node until no cut is violated or it cannot hold anything better than `known`.

    Answers the last solution and a bound on what the node can hold.
    """
    solved, bound = _solved(master, known, improving, hoped)
    for _ in range(CUT_ROUNDS):
        if solved is None or solved.value <= known + master.instance.least_gain:
            break
        cuts = violated_cuts(master, solved)
        if not cuts:
            break
        master.add_cuts(cuts)
        solved, bound = _solved(master, known, improving, bound)
    return solved, bound


def _solved(
    master: MasterProblem, known: float, improving: ImprovingColumns | None, hoped: float
) -> tuple[MasterSolution | None, float]:
    """A node's solution, and a bound on what the node can hold; `hoped` is a bound known before.

    A node that would be pruned (it holds nothing better than `known`, or a whole selection) is pruned only
    when no improving group is worth its prices. A node that is branched on anyhow need not be priced out.
    Where the known groups cannot keep the node's bounds there are no prices to go by, and all improving
    groups become known.
    """
    solved = master.solve(DUAL)
    if solved is None and improving is not None and master.add_groups(improving.rows):
        solved = master.solve(DUAL)
    while solved is not None and improving is not None and not _out_of_work(master, known):
        if solved.value > known + master.instance.least_gain and master.selection(solved) is None:
            return solved, hoped
        if not master.add_groups(_priced_in(master, solved, improving)):
            break
        solved = master.solve(PRIMAL)
    return solved, -math.inf if solved is None else solved.value


def _out_of_work(master: MasterProblem, known: float) -> bool:
    """Whether a search that knows a selection of worth `known` took all the work it may."""
    return master.work >= MOST_WORK and math.isfinite(known)


def _priced_in(master: MasterProblem, solved: MasterSolution, improving: ImprovingColumns) -> Rows:
    """The unknown groups that are worth most above their prices, in order of position."""
    master.work += len(improving.pool) // GROUPS_PRICED
    reduced = improving.pool.reduced_costs(solved, master.cuts)
    better = np.flatnonzero(reduced > -SLACK)
    better = better[~master.known[improving.pool.positions(better)]]
    if len(better) > PRICED:
        better = better[np.argpartition(-reduced[better], PRICED)[:PRICED]]
    return np.sort(improving.pool.positions(better))


def _branches(master: MasterProblem, solved: MasterSolution, node: Node) -> list[Node]:
    """Two branches that share out the node's selections, the likelier one last.

    They are on the first of these that is not whole: a total, how many groups of a class are on a topic, a
    city, the number of twinnings of a topic, whether two cities are together, and last whether a group is
    chosen.
    """
    layout = master.layout
    counts = [number for number, cut in enumerate(master.cuts) if cut.topic is not None and not cut.alone]
    for key, value in (
        _most_fractional(layout.totals.start, solved.variables[layout.totals]),
        _most_fractional(0, solved.counted[counts], [cut_key(number) for number in counts]),
        _most_fractional(layout.cities.start, solved.variables[layout.cities]),
        _most_fractional(layout.topics.start, solved.variables[layout.topics]),
    ):
        if key is not None:
            return _around(key, value, master, node)
    pair = most_fractional_pair(parts_of_groups(master, solved))
    if pair is not None:
        return _on_row(master, solved, Cut(pair, enough=2), node)
    parts = solved.variables[master.first_group :]
    column = int(np.argmax(np.minimum(parts, 1 - parts)))
    cities, topic = master.cities_of(column), master.topic_of(column)
    return _on_row(master, solved, Cut(cities, enough=len(cities), topic=topic, alone=True), node)


def _most_fractional(first: int, values: Floats, keys: list[int] | None = None) -> tuple[int | None, float]:
    """Key and value of what is farthest from a whole number; no key where all are whole."""
    in_part = np.minimum(values - np.floor(values), np.ceil(values) - values)
    if in_part.max(initial=0.0) <= INTEGRALITY:
        return None, 0.0
    at = int(np.argmax(in_part))
    return (first + at if keys is None else keys[at]), float(values[at])


def _on_row(master: MasterProblem, solved: MasterSolution, cut: Cut, node: Node) -> list[Node]:
    """Branches on what a cut counts; the cut becomes a row if it is none yet."""
    if cut not in master.cuts:
        master.add_cuts([cut])
    value = master.counted(solved, [cut])[0]
    return _around(cut_key(master.cuts.index(cut)), value, master, node)


def _around(key: int, value: float, master: MasterProblem, node: Node) -> list[Node]:
    """Branches to the whole numbers below and above, within the node's bounds; the nearer one last."""
    lower, upper = node.get(key) or master.own_bounds(key)
    down, up = Node({key: (lower, math.floor(value))}), Node({key: (math.ceil(value), upper)})
    return [up, down] if value % 1 < 0.5 else [down, up]
