"""The best selection, with a proof: column generation with HiGHS, and the integer optimum among the columns that could be in a better one.

The linear relaxation gives a bound and a price for every city and topic. A group whose value falls short of its prices by more than the
distance from the bound to the best known selection cannot be in a better selection; all others are given to the integer solver, so its
optimum is the optimum over all groups. Belongs here: solving an `Instance`. Must stay out: what the numbers stand for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.groups import NOBODY
from tasks.matchmaking.instance import Instance
from tasks.matchmaking.master import Master

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6
"""Below this a reduced cost counts as zero; far below the smallest step between two objective values."""


@dataclass(frozen=True)
class Solution:
    """The chosen groups (positions in the instance's), objective (steps), a proven upper bound (steps), columns and iterations used.

    `chosen` is None where nothing satisfies the obligations.
    """

    chosen: tuple[int, ...] | None
    objective: float
    bound: float
    columns: int
    iterations: int


def solve(instance: Instance) -> Solution:
    """The best selection of an instance and the proof that it is."""
    if len(instance.groups) == 0 or instance.capacity.max_twinnings < 1 or instance.capacity.max_cities < 2:
        return Solution(None if len(instance.must) else (), 0.0, 0.0, 0, 0)
    master = Master(instance)
    master.add(_first_columns(instance))
    bound, prices, iterations = _price_out(instance, master)
    whole = master.integral()
    if whole is not None:
        return Solution(whole, bound, bound, master.n_columns, iterations)
    chosen, objective = master.best_integer()
    if not math.isfinite(objective) or bound - objective > TOLERANCE:
        known = objective if math.isfinite(objective) else bound - 2 * abs(bound) - 1.0
        within = np.flatnonzero(reduced_costs(instance, prices) >= known - bound - TOLERANCE)
        master.add(within)
        master.restrict_to(within)
        chosen, objective = master.best_integer()
    if chosen is None:
        return Solution(None, -math.inf, bound, master.n_columns, iterations)
    return Solution(chosen, objective, objective, master.n_columns, iterations)


def _first_columns(instance: Instance) -> npt.NDArray[np.intp]:
    """The most valuable groups: enough for every row to have a price."""
    n = min(len(instance.groups), 4 * instance.n_cities)
    return np.sort(np.argpartition(-instance.objective, n - 1)[:n])


def _price_out(instance: Instance, master: Master) -> tuple[float, Floats, int]:
    """Solve the relaxation over all groups: add the groups with a positive reduced cost until there is none."""
    iterations = 0
    while True:
        iterations += 1
        bound, prices = master.relax()
        reduced = reduced_costs(instance, prices)
        worth = np.flatnonzero(reduced > TOLERANCE)
        if len(worth) == 0:
            return bound, prices, iterations
        most = 2 * instance.n_cities
        if len(worth) > most:
            worth = worth[np.argpartition(-reduced[worth], most)[:most]]
        master.add(np.sort(worth))


def reduced_costs(instance: Instance, prices: Floats) -> Floats:
    """Objective of each group less the prices of its cities and its topic."""
    groups = instance.groups
    of_applicant = np.append(prices[instance.city_of], 0.0)  # the last entry is the price of NOBODY
    assert NOBODY == -1  # noqa: S101  the index above relies on it
    of_topic = prices[instance.n_cities :]
    return instance.objective - of_applicant[groups.first] - of_applicant[groups.second] - of_applicant[groups.third] - of_topic[groups.topic]
