"""The balance over the whole selection (FAQ 3.5): its classes, and how many of each the programme wants.

Belongs here: soft bounds. Must stay out: how the solver prices them
(`tasks/matchmaking/solver/master_problem.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.facts import Applicant
from tasks.matchmaking.value.twinning import Twinning

NEARLY = 1e-9
"""A share times a capacity that is a whole number but for rounding counts as that number."""


@dataclass(frozen=True)
class BalanceClass:
    """One class: a world region, a climate group or a topic (`name`) of a `subject`.

    Units are cities, or twinnings for a topic. `have` are the units of the confirmed twinnings; `least` and
    `most` bound what the free choice adds to them, so they may be negative; `price` is in steps for each unit
    missed. `members` are the numbers of the free cities in the class, or the topic's number.
    """

    subject: str
    name: str
    have: int
    least: int
    most: int
    price: int
    members: Ints


def class_of(subject: str, applicant: Applicant) -> str | None:
    """The class an applicant counts in."""
    return applicant.region if subject == "region" else applicant.climate.group


def count(subject: str, name: str, twinnings: Iterable[Twinning], people: Sequence[Applicant]) -> int:
    """How many of a class some twinnings have: cities, or twinnings on the topic."""
    if subject == "topic":
        return sum(one.topic == name for one in twinnings)
    return sum(class_of(subject, people[i]) == name for one in twinnings for i in one.group)


def balance_classes(reduced: ReducedProblem, numbers: dict[str, int]) -> tuple[BalanceClass, ...]:
    """The classes of all free and confirmed applicants; `least` never asks for more than there are."""
    people, capacity = reduced.facts.applicants, reduced.capacity
    n_confirmed = sum(len(one.group) for one in reduced.confirmed)
    found = []
    for subject, target in sorted(reduced.facts.rules.balance.items()):
        whole = (
            capacity.max_twinnings + len(reduced.confirmed)
            if subject == "topic"
            else capacity.max_cities + n_confirmed
        )
        for name, members in sorted(_members(subject, reduced, numbers).items()):
            have = count(subject, name, reduced.confirmed, people)
            within_reach = math.inf if subject == "topic" else len(members) + have
            least = min(math.floor(target.least_share * whole + NEARLY), within_reach)
            most = math.ceil(target.most_share * whole - NEARLY)
            found.append(
                BalanceClass(
                    subject,
                    name,
                    have,
                    int(least) - have,
                    most - have,
                    steps(target.price),
                    np.array(sorted(members), np.int32),
                )
            )
    return tuple(found)


def _members(subject: str, reduced: ReducedProblem, numbers: dict[str, int]) -> dict[str, set[int]]:
    """Class to the numbers of the free cities (or the topic) in it.

    A class that only confirmed twinnings have is there, with none.
    """
    facts = reduced.facts
    if subject == "topic":
        return {topic: {number} for number, topic in enumerate(facts.topics)}
    confirmed = {i for one in reduced.confirmed for i in one.group}
    found: dict[str, set[int]] = {}
    for i in sorted({*reduced.free, *confirmed}):
        name = class_of(subject, facts.applicants[i])
        if name is not None:
            found.setdefault(name, set()).update(
                () if i in confirmed else (numbers[facts.applicants[i].city_id],)
            )
    return found
