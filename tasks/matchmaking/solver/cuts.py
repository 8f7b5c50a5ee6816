"""Cuts that bring the relaxation nearer to whole selections, and what to branch on: read off who is together
in how many parts.

Of any three cities, at most one chosen group can have two or more; the relaxation may choose three such
groups by half each. (Subset-row inequalities of three rows: M. Jepsen, B. Petersen, S. Spoorendonk, D.
Pisinger, Operations Research 56 (2008) 497-511.)
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.group_rows import Cut
from tasks.matchmaking.solver.master_problem import FRACTION, Relaxation, Relaxed

Three = tuple[int, int, int]
MOST_CUTS = 20
"""Cuts added at a time: the most violated first; more would slow the relaxation down more than they tighten
it.
"""
VIOLATED = 0.01
SPLIT_BY = "region"
"""The classes whose cities are most alike as partners, since they share working hours: which of them is
chosen matters less than how many are.
"""
MOST_CITIES = 200
"""Cities looked at together; a cube of this side holds all threes of them."""


def together(
    relaxation: Relaxation, relaxed: Relaxed
) -> tuple[npt.NDArray[np.float64], list[int], dict[Three, float]]:
    """In how many parts two cities are together in groups chosen in part: a symmetric matrix over the cities
    named by the second answer.

    The third answer: the parts of whole threes, by city numbers.
    """
    parts = relaxed.variables[relaxation.first_group :]
    fractional = np.flatnonzero((parts > FRACTION) & (parts < 1 - FRACTION))
    groups = [(relaxation.cities_of(int(k)), float(parts[k])) for k in fractional]
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


def violated_cuts(relaxation: Relaxation, relaxed: Relaxed) -> list[Cut]:
    """The cuts this relaxation violates: of the balance, and the worst of those of three cities."""
    return [*_violated_balance(relaxation, relaxed), *_violated_threes(relaxation, relaxed)]


def balance_cuts(relaxation: Relaxation) -> list[Cut]:
    """Of every class that wants one or two cities: a group that has three of them, chosen by a third, is not
    one.
    """
    classes = zip(relaxation.instance.classes, relaxation.shorts, strict=True)
    return [
        Cut(tuple(one.members.tolist()), most=one.least, lower=float(one.least), short=short)
        for one, short in classes
        if one.subject != "topic" and 1 <= one.least <= 2
    ]


def counts(relaxation: Relaxation) -> list[Cut]:
    """For every class of `SPLIT_BY` and every topic, how many groups on the topic have a city of the class:
    to branch on.
    """
    it = relaxation.instance
    classes = [one for one in it.classes if one.subject == SPLIT_BY and len(one.members)]
    return [Cut(tuple(one.members.tolist()), topic=topic) for one in classes for topic in range(it.n_topics)]


def _violated_balance(relaxation: Relaxation, relaxed: Relaxed) -> list[Cut]:
    cuts = balance_cuts(relaxation)
    missing = [0.0 if cut.short is None else float(relaxed.variables[cut.short]) for cut in cuts]
    counted = relaxation.counted(relaxed, cuts)
    return [
        cut
        for cut, count, short in zip(cuts, counted, missing, strict=True)
        if count + short < cut.lower - VIOLATED
    ]


def _violated_threes(relaxation: Relaxation, relaxed: Relaxed) -> list[Cut]:
    weight, cities, threes = together(relaxation, relaxed)
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


def most_open_pair(relaxation: Relaxation, relaxed: Relaxed) -> tuple[int, int] | None:
    """The two cities of which it is least clear whether they are together; None where it is clear of all."""
    weight, cities, _ = together(relaxation, relaxed)
    openness = np.minimum(weight, 1 - weight)
    if openness.max(initial=0.0) <= FRACTION:
        return None
    a, b = np.unravel_index(int(np.argmax(openness)), openness.shape)
    return cities[int(a)], cities[int(b)]
