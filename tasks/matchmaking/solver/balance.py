"""The balance over the whole selection (FAQ 3.5): which classes there are and how many of each the programme
would have.

Belongs here: soft bounds. Must stay out: how the solver prices them (`relaxation.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.feasibility.reduced_problem import Fixed, ReducedProblem
from tasks.matchmaking.value.facts import Applicant
from tasks.matchmaking.value.pair_matrices import Ints

NEARLY = 1e-9
"""A share times a capacity that is a whole number but for rounding counts as that number."""


@dataclass(frozen=True)
class Class:
    """One class: `least` and `most` bound what the free choice adds to the `have` that is fixed (so they may
    be negative); `price` in steps for each unit missed. `members` are city numbers (of a topic: its number).
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


def count(subject: str, name: str, twinnings: Iterable[Fixed], people: Sequence[Applicant]) -> int:
    """How many of a class some twinnings have: cities, or twinnings on the topic."""
    if subject == "topic":
        return sum(one.topic == name for one in twinnings)
    return sum(class_of(subject, people[i]) == name for one in twinnings for i in one.group)


def classes_of(setting: ReducedProblem, numbers: dict[str, int]) -> tuple[Class, ...]:
    """The classes anybody free or fixed belongs to, with their bounds: `least` never asks for more than there
    are.
    """
    people, capacity = setting.facts.applicants, setting.capacity
    n_fixed = sum(len(one.group) for one in setting.fixed)
    found = []
    for subject, target in sorted(setting.facts.rules.balance.items()):
        whole = (
            capacity.max_twinnings + len(setting.fixed)
            if subject == "topic"
            else capacity.max_cities + n_fixed
        )
        for name, members in sorted(_members(subject, setting, numbers).items()):
            have = count(subject, name, setting.fixed, people)
            within_reach = math.inf if subject == "topic" else len(members) + have
            least = min(math.floor(target.least_share * whole + NEARLY), within_reach)
            most = math.ceil(target.most_share * whole - NEARLY)
            found.append(
                Class(
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


def _members(subject: str, setting: ReducedProblem, numbers: dict[str, int]) -> dict[str, set[int]]:
    """Class to the numbers of the free cities (topics) in it; a class that only a confirmed twinning has is
    there with none.
    """
    facts = setting.facts
    if subject == "topic":
        return {topic: {number} for number, topic in enumerate(facts.topics)}
    fixed = {i for one in setting.fixed for i in one.group}
    found: dict[str, set[int]] = {}
    for i in sorted({*setting.free, *fixed}):
        name = class_of(subject, facts.applicants[i])
        if name is not None:
            found.setdefault(name, set()).update(
                () if i in fixed else (numbers[facts.applicants[i].city_id],)
            )
    return found
