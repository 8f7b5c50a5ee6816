"""The balance over the programme (FAQ 3.5): its classes, and how many of each the programme wants.

It counts what all rounds confirmed together with what this round gives out, so that a later round makes up
for an earlier one.

Belongs here: soft bounds. Must stay out: how the solver prices them
(`tasks/matchmaking/solver/master_problem.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from programme.matchmaking import steps
from programme.vocabulary import BalanceSubject
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.contexts import Place, context_of
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.twinning import Twinning

NEARLY = 1e-9
"""A share times a capacity that is a whole number but for rounding counts as that number."""


@dataclass(frozen=True)
class BalanceClass:
    """One class: a world region, a climate group, a size class or a topic (`name`) of a `subject`.

    Units are cities, or twinnings for a topic. `have` are the units of the confirmed twinnings of all rounds;
    `least` and `most` bound what the free choice adds to them, so they may be negative; `price` is in steps
    for each unit missed, with the credit of a class that came short in the round before. `members` are the
    numbers of the free cities in the class, or the topic's number.
    """

    subject: BalanceSubject
    name: str
    have: int
    least: int
    most: int
    price: int
    members: Ints


def count(subject: BalanceSubject, name: str, twinnings: Iterable[Twinning], facts: Facts) -> int:
    """How many of a class some twinnings have: cities, or twinnings on the topic."""
    if subject == "topic":
        return sum(one.topic == name for one in twinnings)
    return sum(
        context_of(subject, facts.applicants[i], facts.rules) == name for one in twinnings for i in one.group
    )


def count_elsewhere(subject: BalanceSubject, name: str, facts: Facts) -> int:
    """How many of a class the confirmed twinnings of other rounds have."""
    if subject == "topic":
        return len({one.twinning for one in facts.elsewhere if one.topic == name})
    return sum(context_of(subject, one, facts.rules) == name for one in facts.elsewhere)


def balance_classes(reduced: ReducedProblem, numbers: dict[str, int]) -> tuple[BalanceClass, ...]:
    """The classes of all free and confirmed cities; `least` never asks for more than there are, or
    than `most` allows.

    A topic is asked for by the cities that chose it, two for each twinning.
    """
    found = []
    for subject, target in sorted(reduced.facts.rules.balance.items()):
        whole = _whole(subject, reduced)
        for name, (members, asking) in sorted(_members(subject, reduced, numbers).items()):
            have = count(subject, name, reduced.confirmed, reduced.facts)
            have += count_elsewhere(subject, name, reduced.facts)
            wanted = max(target.least, math.floor(target.least_share * whole + NEARLY))
            most = math.ceil(target.most_share * whole - NEARLY)
            found.append(
                BalanceClass(
                    subject,
                    name,
                    have,
                    min(wanted, most, asking + have) - have,
                    most - have,
                    steps(target.price) + reduced.facts.credits.get((subject, name), 0),
                    np.array(sorted(members), np.int32),
                )
            )
    return tuple(found)


def _whole(subject: BalanceSubject, reduced: ReducedProblem) -> int:
    """Twinnings (for topics) or cities of the programme up to and with this round."""
    elsewhere = reduced.facts.elsewhere
    if subject == "topic":
        confirmed = len(reduced.confirmed) + len({one.twinning for one in elsewhere})
        return reduced.capacity.max_twinnings + confirmed
    return reduced.capacity.max_cities + sum(len(one.group) for one in reduced.confirmed) + len(elsewhere)


def _members(
    subject: BalanceSubject, reduced: ReducedProblem, numbers: dict[str, int]
) -> dict[str, tuple[set[int], int]]:
    """Class to the numbers of the free cities (or the topic) in it, and how many units these can fill.

    A class that only confirmed twinnings have is there, with none.
    """
    facts = reduced.facts
    if subject == "topic":
        return _topics(reduced)
    found: dict[str, set[int]] = {}
    for i in reduced.free:
        name = context_of(subject, facts.applicants[i], facts.rules)
        if name is not None:
            found.setdefault(name, set()).add(numbers[facts.applicants[i].city_id])
    held: list[Place] = [facts.applicants[i] for one in reduced.confirmed for i in one.group]
    for place in [*held, *facts.elsewhere]:
        name = context_of(subject, place, facts.rules)
        if name is not None:
            found.setdefault(name, set())
    return {name: (members, len(members)) for name, members in found.items()}


def _topics(reduced: ReducedProblem) -> dict[str, tuple[set[int], int]]:
    facts = reduced.facts
    found: dict[str, tuple[set[int], int]] = {
        one.topic: (set(), 0) for one in facts.elsewhere if one.topic is not None
    }
    for number, topic in enumerate(facts.topics):
        asking = {facts.applicants[i].city_id for i in reduced.free if topic in facts.applicants[i].interests}
        found[topic] = ({number}, len(asking) // 2)
    return found
