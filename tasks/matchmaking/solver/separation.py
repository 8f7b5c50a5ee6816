"""Separation: cuts that the master problem's solution violates, and the rows and pairs to branch on.

Of any three cities at most one chosen group can have two or more; the master may choose three such groups
by half each. (Subset-row inequalities of three rows: M. Jepsen, B. Petersen, S. Spoorendonk, D. Pisinger,
Operations Research 56 (2008) 497-511.)

Belongs here: what is read off a fractional solution. Must stay out: the search itself
(`tasks/matchmaking/solver/branch_and_bound.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.master_problem import INTEGRALITY, MasterProblem, MasterSolution

Three = tuple[int, int, int]
Part = tuple[tuple[int, ...], float]
"""The city numbers of a group, ascending, and the part in which it is chosen."""
MOST_CUTS = 20
"""Cuts added at a time: the most violated first; more would slow the master down more than they tighten
it.
"""
VIOLATED = 0.01
SPLIT_BY = "region"
"""The classes whose cities are most alike as partners, since they share working hours: which of them is
chosen matters less than how many are.
"""
MOST_CITIES = 200
"""Cities looked at together; a cube of this side holds all threes of them."""


def parts_of_groups(master: MasterProblem, solved: MasterSolution) -> list[Part]:
    """The groups that are chosen in part."""
    parts = solved.variables[master.first_group :]
    fractional = np.flatnonzero((parts > INTEGRALITY) & (parts < 1 - INTEGRALITY))
    return [(master.cities_of(int(k)), float(parts[k])) for k in fractional]


def parts_together(
    groups: Sequence[Part],
) -> tuple[npt.NDArray[np.float64], list[int], dict[Three, float]]:
    """In how many parts any two cities are together in some groups that are chosen in part.

    Answers a symmetric matrix (0 to 1), the numbers of the cities it is over, and the parts of whole groups
    of three by their city numbers.
    """
    cities = sorted({city for members, _ in groups for city in members})[:MOST_CITIES]
    place = {city: k for k, city in enumerate(cities)}
    weight, threes = np.zeros((len(cities), len(cities))), dict[Three, float]()
    for members, part in groups:
        for a, b in combinations([place[city] for city in members if city in place], 2):
            weight[a, b] += part
            weight[b, a] += part
        if len(members) == 3:
            three = (members[0], members[1], members[2])
            threes[three] = threes.get(three, 0.0) + part
    return weight, cities, threes


def violated_cuts(master: MasterProblem, solved: MasterSolution) -> list[Cut]:
    """The cuts that a solution violates: of the balance, and the worst of those of three cities."""
    return [*_violated_balance(master, solved), *violated_threes(parts_of_groups(master, solved))]


def balance_cuts(master: MasterProblem) -> list[Cut]:
    """Cuts for every class of the balance that wants only one or two cities.

    A group that has three of them would meet the balance if it were chosen by a third; here it counts at most
    as often as the class wants cities.
    """
    classes = zip(master.instance.classes, master.shortfalls, strict=True)
    return [
        Cut(tuple(one.members.tolist()), most=one.least, lower=float(one.least), shortfall=shortfall)
        for one, shortfall in classes
        if one.subject != "topic" and 1 <= one.least <= 2
    ]


def branching_counts(master: MasterProblem) -> list[Cut]:
    """Counts to branch on: how many groups on a topic have a city of a class of `SPLIT_BY`, one for each."""
    it = master.instance
    classes = [one for one in it.classes if one.subject == SPLIT_BY and len(one.members)]
    return [Cut(tuple(one.members.tolist()), topic=topic) for one in classes for topic in range(it.n_topics)]


def _violated_balance(master: MasterProblem, solved: MasterSolution) -> list[Cut]:
    cuts = balance_cuts(master)
    missing = [0.0 if cut.shortfall is None else float(solved.variables[cut.shortfall]) for cut in cuts]
    counted = master.counted(solved, cuts)
    return [
        cut
        for cut, count, short in zip(cuts, counted, missing, strict=True)
        if count + short < cut.lower - VIOLATED
    ]


def violated_threes(groups: Sequence[Part]) -> list[Cut]:
    """The most violated cuts of three cities, by groups that are chosen in part."""
    weight, cities, threes = parts_together(groups)
    if len(cities) < 3:
        return []
    total = weight[:, :, None] + weight[:, None, :] + weight[None, :, :]
    place = {city: k for k, city in enumerate(cities)}
    for members, part in threes.items():
        if all(city in place for city in members):
            total[tuple(place[city] for city in members)] -= 2 * part
    k = np.arange(len(cities))
    total[(k[:, None, None] >= k[None, :, None]) | (k[None, :, None] >= k[None, None, :])] = 0.0
    found = np.flatnonzero(total.ravel() > 1 + VIOLATED)
    worst = found[np.argsort(-total.ravel()[found], kind="stable")[:MOST_CUTS]]
    return [
        Cut((cities[a], cities[b], cities[c]), enough=2, upper=1.0)
        for a, b, c in zip(*np.unravel_index(worst, total.shape), strict=True)
    ]


def most_fractional_pair(groups: Sequence[Part]) -> tuple[int, int] | None:
    """The two cities whose being together is farthest from 0 and 1 (to branch on); None where all are whole.

    (D. M. Ryan, B. A. Foster, An integer programming approach to scheduling, 1981.)
    """
    weight, cities, _ = parts_together(groups)
    in_part = np.minimum(weight, 1 - weight)
    if in_part.max(initial=0.0) <= INTEGRALITY:
        return None
    a, b = np.unravel_index(int(np.argmax(in_part)), in_part.shape)
    return cities[int(a)], cities[int(b)]
