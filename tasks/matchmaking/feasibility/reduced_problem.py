"""The problem as the solver needs it: what is decided already, who is left to choose from, and what is left
to give out.

Belongs here: turning people's decisions into exclusions and obligations. Must stay out: choosing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tasks.matchmaking.feasibility.infeasibility import Clash, clashes, groups_of
from tasks.matchmaking.problem import Capacity, Confirmation, Forbid, MatchingProblem, Pin
from tasks.matchmaking.value.aspects import Group
from tasks.matchmaking.value.facts import Facts

Finding = dict[str, object]


@dataclass(frozen=True)
class Fixed:
    """A confirmed twinning: its topic and members."""

    twinning_id: str
    topic: str
    group: Group


@dataclass(frozen=True)
class ReducedProblem:
    """What is left to decide. `free` are the applicants to choose from; `pins` and `forbids` name cities;
    `capacity` is after `fixed`.
    """

    facts: Facts
    free: tuple[int, ...]
    fixed: tuple[Fixed, ...]
    pins: tuple[Pin, ...]
    forbids: tuple[Forbid, ...]
    capacity: Capacity
    clashes: tuple[Clash, ...]
    findings: tuple[Finding, ...]


def reduce_problem(problem: MatchingProblem, facts: Facts) -> ReducedProblem:
    """Apply the decisions: a confirmed twinning that lost a city is dissolved (its other cities are matched
    again, and a finding says so).
    """
    withdrawn = {item.city_id for item in problem.constraints.withdrawals}
    standing, findings = _standing(problem.constraints.confirmations, withdrawn, facts)
    pins, unknown = _of_candidates(problem.constraints.pins, facts)
    constraints = replace(problem.constraints, confirmations=standing, pins=pins)
    fixed = tuple(Fixed(item.twinning_id, item.topic, _group(item, facts)) for item in standing)
    taken = {city for item in standing for city in item.cities}
    return ReducedProblem(
        facts=facts,
        free=tuple(i for i, one in enumerate(facts.applicants) if one.city_id not in taken | withdrawn),
        fixed=fixed,
        pins=tuple(pin for pin in constraints.pins if not {pin.city_a, pin.city_b} & taken),
        forbids=constraints.forbids,
        capacity=Capacity(
            problem.capacity.max_twinnings - len(fixed), problem.capacity.max_cities - len(taken)
        ),
        clashes=clashes(constraints, problem.capacity, facts),
        findings=(*problem.constraints.findings, *findings, *unknown),
    )


def _of_candidates(pins: tuple[Pin, ...], facts: Facts) -> tuple[tuple[Pin, ...], list[Finding]]:
    """The pins of cities that take part, and a finding for each other: it cannot be kept, and must not be
    left out in silence.
    """
    known = tuple(pin for pin in pins if {pin.city_a, pin.city_b} <= facts.by_city.keys())
    return known, [_unknown(pin, facts) for pin in pins if pin not in known]


def _unknown(pin: Pin, facts: Facts) -> Finding:
    absent = [city for city in (pin.city_a, pin.city_b) if city not in facts.by_city]
    return {
        "table": "decisions",
        "expectation": "decision_refers_to_something_known",
        "severity": "warn",
        "row_key": pin.source,
        "column": "subject",
        "message": f"{pin.source} pins {pin.city_a} and {pin.city_b} together, but {' and '.join(absent)} cannot be selected in this round.",
    }


def _standing(
    confirmations: tuple[Confirmation, ...], withdrawn: set[str], facts: Facts
) -> tuple[tuple[Confirmation, ...], list[Finding]]:
    standing, findings = [], []
    for item in confirmations:
        lost = [city for city in item.cities if city in withdrawn or city not in facts.by_city]
        if lost:
            findings.append(_dissolved(item, lost))
        else:
            standing.append(item)
    return tuple(standing), findings


def _group(item: Confirmation, facts: Facts) -> Group:
    """The applications of a confirmed twinning's cities; where a city applied twice, one that chose the
    topic.
    """
    groups = groups_of(item.cities, facts)
    return min(
        groups, key=lambda group: (sum(item.topic not in facts.applicants[i].interests for i in group), group)
    )


def _dissolved(item: Confirmation, lost: list[str]) -> Finding:
    return {
        "table": "twinnings",
        "expectation": "confirmed_twinning_keeps_its_cities",
        "severity": "warn",
        "row_key": item.twinning_id,
        "column": "state",
        "message": f"The confirmed twinning {item.twinning_id} lost {', '.join(lost)}; its other cities are matched again.",
    }
