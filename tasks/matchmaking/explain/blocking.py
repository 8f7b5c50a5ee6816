"""Groups whose members would all prefer each other to what they got, and which of them block the selection.

A city prefers the group in which it has more own points of the aspects (`own_points`), and any group to no
place, since it applied. A group of the instance keeps hard rules, pins and forbidden pairs. It *blocks* a
selection if each of its members has more in it than in the selection, and the selection with the group in
the place of its members' twinnings is again a selection: within capacity, and nobody who must have a place
loses it. Cities of confirmed twinnings take no part.

This is the core of a hedonic game (A. Bogomolnaia, M. O. Jackson, The stability of hedonic coalition
structures, Games and Economic Behavior 38 (2002) 201-230) with groups of two and three, as in stable
roommates with triples (K. Iwama, S. Miyazaki, K. Okamoto, Stable roommates problem with triple rooms,
WAAC 2007), within a capacity.

Belongs here: which groups block, and dictionary BLOCKING_GROUPS. Must stay out: the search for a selection
without any (`stable_selection.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.explain.unplaced import described
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.value.arrays import NOBODY, Flags, Ints, Wide
from tasks.matchmaking.value.aspects.registry import own_points
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.twinning import Twinning, twinning_of
from warehouse.dictionary.blocking import BLOCKING_GROUPS

NOWHERE = -(2**40)
"""Own points of a city without a place, in half steps: less than those of any group."""
HALF_STEPS = 2 * STEPS_PER_POINT


@dataclass(frozen=True)
class Wishes:
    """What the cities of an instance have of each group.

    `own` has one row a group, with the half steps of its three members; `cities` their city numbers.
    """

    instance: Instance
    own: Wide
    cities: Wide

    @cached_property
    def sizes(self) -> Wide:
        """How many cities each group has."""
        sizes: Wide = (self.cities != NOBODY).sum(axis=1)
        return sizes

    @cached_property
    def binds(self) -> Flags:
        """Members of groups that must have a place."""
        flags: Flags = np.isin(self.cities, np.array(self.instance.required, np.int64))
        return flags

    def had(self, chosen: Sequence[int]) -> Wide:
        """Half steps that each city has of a selection; the last entry answers for NOBODY."""
        had = np.full(self.instance.n_cities + 1, NOWHERE, np.int64)
        for k in chosen:
            for city, own in zip(self.cities[k].tolist(), self.own[k].tolist(), strict=True):
                if city != NOBODY:
                    had[city] = own
        return had

    def preferred(self, chosen: Sequence[int]) -> list[int]:
        """Positions of the groups that all their members would prefer to what they have."""
        more = (self.own > self.had(chosen)[self.cities]) | (self.cities == NOBODY)
        return [int(k) for k in np.flatnonzero(more.all(axis=1))]

    def fits(self, k: int, chosen: Sequence[int]) -> bool:
        """Whether a selection with a group in the place of its members' twinnings is again a selection."""
        mine = self.cities[k][self.cities[k] != NOBODY]
        gone = [one for one in chosen if np.isin(self.cities[one], mine).any()]
        capacity = self.instance.capacity
        n_cities = int(self.sizes[list(chosen)].sum() - self.sizes[gone].sum() + self.sizes[k])
        room = len(chosen) - len(gone) < capacity.max_twinnings and n_cities <= capacity.max_cities
        stays = np.isin(self.cities[gone], mine) | ~self.binds[gone]
        return room and bool(stays.all())

    def blocking(self, chosen: Sequence[int]) -> list[int]:
        """Positions of the groups that block a selection."""
        return [k for k in self.preferred(chosen) if self.fits(k, chosen)]


def wishes_of(instance: Instance, facts: Facts) -> Wishes:
    """What the cities of an instance have of its groups."""
    members: Ints = instance.groups.members_array()
    own = own_points(members, instance.groups.topic, facts)
    return Wishes(instance, own, np.append(instance.city_of, NOBODY)[members].astype(np.int64))


def is_worked_out(choice: Choice) -> bool:
    """Whether there is a selection, and a solver that holds all groups."""
    return bool(choice.solution.chosen) and not isinstance(choice.solver, LargeCall)


def blocking_table(choice: Choice) -> pl.DataFrame:
    """Dictionary BLOCKING_GROUPS: those that block first, and of them those whose members gain most."""
    if not is_worked_out(choice):
        return BLOCKING_GROUPS.empty()
    wishes, chosen = wishes_of(choice.instance, choice.facts), choice.solution.chosen or ()
    had = wishes.had(chosen)
    rows = [_row(choice, wishes, k, had) | {"fits": wishes.fits(k, chosen)} for k in wishes.preferred(chosen)]
    order = ("fits", "least_gain", "twinning_id")
    table = BLOCKING_GROUPS.frame(rows)
    return table.sort(*order, descending=[True, True, False], nulls_last=True)


def twinning_at(choice: Choice, k: int) -> Twinning:
    """The group at a position of the instance as a twinning."""
    groups, facts = choice.instance.groups, choice.facts
    topic = facts.topics[int(groups.topic[k])]
    return twinning_of(choice.problem.round_id, topic, groups.members(k), facts)


def ids(some: Iterable[int], facts: Facts) -> str:
    """Application ids, joined by comma."""
    return ", ".join(sorted(facts.applicants[i].application_id for i in some))


def _row(choice: Choice, wishes: Wishes, k: int, had: Wide) -> dict[str, object]:
    twinning = twinning_at(choice, k)
    gains = [
        None if had[city] == NOWHERE else float(own - had[city]) / HALF_STEPS
        for city, own in zip(wishes.cities[k].tolist(), wishes.own[k].tolist(), strict=True)
        if city != NOBODY
    ]
    people = choice.facts.applicants
    told = [
        f"{people[i].city_name} {'would get a place' if gain is None else f'would gain {gain:.2f}'}"
        for i, gain in zip(twinning.group, gains, strict=True)
    ]
    return {
        "twinning_id": twinning.twinning_id,
        "topic": twinning.topic,
        "members": ids(twinning.group, choice.facts),
        "n_cities": len(twinning.group),
        "least_gain": min((gain for gain in gains if gain is not None), default=None),
        "words": f"{described(twinning, choice)}: {', '.join(told)}",
    }
