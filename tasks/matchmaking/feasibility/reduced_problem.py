"""The reduced problem: what remains to be decided after people's decisions are applied.

Belongs here: turning decisions into confirmed twinnings, free applicants, remaining capacity and obligations.
Must stay out: choosing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.counts import listed
from programme.vocabulary import MINIMUM_WORTH_RULES
from tasks.matchmaking.feasibility.infeasibility import (
    InfeasibleSubset,
    can_be_formed,
    infeasible_subsets,
    pinned_sets,
)
from tasks.matchmaking.problem import (
    Absence,
    Capacity,
    Confirmation,
    Forbid,
    MatchingProblem,
    Pin,
    Waiver,
)
from tasks.matchmaking.value.facts import Facts, Group
from tasks.matchmaking.value.twinning import Twinning, twinning_id
from warehouse.dictionary.findings import Finding


@dataclass(frozen=True)
class ReducedProblem:
    """What is left to decide.

    `free` are the indices of the applicants to choose from; `confirmed` the twinnings that stand; `pins` (of
    free cities) and `forbids` name cities; `capacity` is what the confirmed twinnings leave. Where there are
    `infeasible_subsets`, nothing can be chosen. `claims` are free cities that must have a place: each is all
    that is left of a confirmed twinning.
    """

    facts: Facts
    free: tuple[int, ...]
    confirmed: tuple[Twinning, ...]
    pins: tuple[Pin, ...]
    forbids: tuple[Forbid, ...]
    capacity: Capacity
    infeasible_subsets: tuple[InfeasibleSubset, ...]
    findings: tuple[Finding, ...]
    claims: tuple[str, ...] = ()


def reduce_problem(problem: MatchingProblem, facts: Facts) -> ReducedProblem:
    """Apply the decisions of a problem.

    A confirmed twinning that lost a city is that of those that remain; one city that remains alone keeps its
    claim to a place and is matched anew. A finding says so for each city that left. A pin of a city that
    takes no part becomes a finding.
    """
    withdrawn = {item.city_id for item in problem.constraints.withdrawals}
    standing = [_standing(item, withdrawn, facts) for item in problem.constraints.confirmations]
    kept = tuple(one.item for one in standing if len(one.item.cities) > 1)
    claims = tuple(one.item.cities[0] for one in standing if len(one.item.cities) == 1)
    pins, unknown = _of_candidates(problem.constraints.pins, facts)
    constraints = replace(problem.constraints, confirmations=kept, pins=pins)
    taken = {city for item in kept for city in item.cities}
    free_pins = tuple(pin for pin in pins if not {pin.city_a, pin.city_b} & taken)
    waivers = (*facts.waivers, *_insisted(free_pins, constraints.forbids, facts))
    return ReducedProblem(
        facts=replace(facts, waivers=waivers),
        free=tuple(i for i, one in enumerate(facts.applicants) if one.city_id not in taken | withdrawn),
        confirmed=tuple(
            Twinning(_id_today(one, problem.round_id), one.item.topic, _group(one.item, facts))
            for one in standing
            if len(one.item.cities) > 1
        ),
        pins=free_pins,
        forbids=constraints.forbids,
        capacity=Capacity(
            problem.capacity.max_twinnings - len(kept), problem.capacity.max_cities - len(taken)
        ),
        infeasible_subsets=infeasible_subsets(constraints, problem.capacity, facts),
        findings=(
            *problem.constraints.findings,
            *(finding for one in standing for finding in _departures(one, problem.round_id, facts)),
            *unknown,
        ),
        claims=tuple(city for city in dict.fromkeys(claims) if city not in taken),
    )


def _of_candidates(pins: tuple[Pin, ...], facts: Facts) -> tuple[tuple[Pin, ...], list[Finding]]:
    """The pins of cities that take part, and a finding for each other one, which cannot be kept."""
    known = tuple(pin for pin in pins if {pin.city_a, pin.city_b} <= facts.by_city.keys())
    return known, [_unknown(pin, facts) for pin in pins if pin not in known]


def _unknown(pin: Pin, facts: Facts) -> Finding:
    absent = listed(city for city in (pin.city_a, pin.city_b) if city not in facts.by_city)
    return Finding(
        "decisions",
        "decision_refers_to_something_known",
        f"{pin.source} pins {pin.city_a} and {pin.city_b} together, "
        f"but {absent} cannot be selected in this round.",
        row_key=pin.source,
        column="subject",
    )


def _insisted(pins: tuple[Pin, ...], forbids: tuple[Forbid, ...], facts: Facts) -> list[Waiver]:
    """The minimum worth gives way to pins that it would break: for exactly the cities that they join."""
    found = []
    for cities in pinned_sets(pins):
        ours = [pin for pin in pins if pin.city_a in cities]
        if not can_be_formed(cities, ours, forbids, facts, worth=True):
            topic = next((pin.topic for pin in ours if pin.topic), None)
            found += [
                Waiver(rule, tuple(sorted(cities)), topic, ours[0].source) for rule in MINIMUM_WORTH_RULES
            ]
    return found


@dataclass(frozen=True)
class _Standing:
    """A confirmation with the cities that remain (`item`), and those that left."""

    item: Confirmation
    left: tuple[Absence, ...]


def _standing(item: Confirmation, withdrawn: set[str], facts: Facts) -> _Standing:
    remaining = tuple(city for city in item.cities if city in facts.by_city and city not in withdrawn)
    gone = tuple(
        Absence(
            _application(city, facts),
            city,
            "it was withdrawn" if city in withdrawn else "it takes no part in the matching",
        )
        for city in item.cities
        if city not in remaining
    )
    return _Standing(replace(item, cities=remaining), (*item.absences, *gone))


def _application(city: str, facts: Facts) -> str:
    """The application of a city; the city itself where it has none."""
    return facts.applicants[facts.by_city[city][0]].application_id if city in facts.by_city else city


def _id_today(one: _Standing, round_id: str) -> str:
    """The id of a confirmed twinning: that of the cities that remain."""
    if one.left or one.item.renamed:
        return twinning_id(round_id, one.item.topic, one.item.cities)
    return one.item.twinning_id


def _group(item: Confirmation, facts: Facts) -> Group:
    """The applications of a confirmed twinning's cities.

    Where a city applied twice, it is one that chose the topic if there is one.
    """
    groups = facts.groups_of(item.cities)
    return min(
        groups, key=lambda group: (sum(item.topic not in facts.applicants[i].interests for i in group), group)
    )


def _departures(one: _Standing, round_id: str, facts: Facts) -> list[Finding]:
    """A finding for each city that left a confirmed twinning, with what becomes of the others."""
    item = one.item
    names = [facts.applicants[facts.by_city[city][0]].city_name for city in item.cities]
    match names:
        case []:
            then = "Nobody of it remains."
        case [alone]:
            then = f"{alone} keeps its claim to a place and is matched anew."
        case _:
            then = f"{_listed(names)} stay confirmed together as {_id_today(one, round_id)}."
    return [
        Finding(
            "twinning_members",
            "confirmed_twinning_keeps_its_cities",
            f"{gone.city} ({gone.application_id}) left the confirmed twinning {item.twinning_id}: "
            f"{gone.why}. {then}",
            row_key=f"{item.twinning_id} {gone.application_id}",
            column="application_id",
        )
        for gone in one.left
    ]


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
