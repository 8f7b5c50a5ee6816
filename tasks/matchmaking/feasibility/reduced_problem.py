"""The reduced problem: what remains to be decided after people's decisions are applied.

Belongs here: turning decisions into confirmed twinnings, free applicants, remaining capacity and obligations.
Must stay out: choosing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tasks.matchmaking.feasibility.infeasibility import InfeasibleSubset, groups_of, infeasible_subsets
from tasks.matchmaking.problem import Capacity, Confirmation, Forbid, MatchingProblem, Pin
from tasks.matchmaking.value.facts import Facts, Group
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.findings import Finding


@dataclass(frozen=True)
class ReducedProblem:
    """What is left to decide.

    `free` are the indices of the applicants to choose from; `confirmed` the twinnings that stand; `pins` (of
    free cities) and `forbids` name cities; `capacity` is what the confirmed twinnings leave. Where there are
    `infeasible_subsets`, nothing can be chosen.
    """

    facts: Facts
    free: tuple[int, ...]
    confirmed: tuple[Twinning, ...]
    pins: tuple[Pin, ...]
    forbids: tuple[Forbid, ...]
    capacity: Capacity
    infeasible_subsets: tuple[InfeasibleSubset, ...]
    findings: tuple[Finding, ...]


def reduce_problem(problem: MatchingProblem, facts: Facts) -> ReducedProblem:
    """Apply the decisions of a problem.

    A confirmed twinning that lost a city is dissolved: its other cities are matched again, and a finding says
    so. A pin of a city that takes no part becomes a finding.
    """
    withdrawn = {item.city_id for item in problem.constraints.withdrawals}
    kept, dissolved = _kept(problem.constraints.confirmations, withdrawn, facts)
    pins, unknown = _of_candidates(problem.constraints.pins, facts)
    constraints = replace(problem.constraints, confirmations=kept, pins=pins)
    taken = {city for item in kept for city in item.cities}
    return ReducedProblem(
        facts=facts,
        free=tuple(i for i, one in enumerate(facts.applicants) if one.city_id not in taken | withdrawn),
        confirmed=tuple(Twinning(item.twinning_id, item.topic, _group(item, facts)) for item in kept),
        pins=tuple(pin for pin in pins if not {pin.city_a, pin.city_b} & taken),
        forbids=constraints.forbids,
        capacity=Capacity(
            problem.capacity.max_twinnings - len(kept), problem.capacity.max_cities - len(taken)
        ),
        infeasible_subsets=infeasible_subsets(constraints, problem.capacity, facts),
        findings=(*problem.constraints.findings, *dissolved, *unknown),
    )


def _of_candidates(pins: tuple[Pin, ...], facts: Facts) -> tuple[tuple[Pin, ...], list[Finding]]:
    """The pins of cities that take part, and a finding for each other one, which cannot be kept."""
    known = tuple(pin for pin in pins if {pin.city_a, pin.city_b} <= facts.by_city.keys())
    return known, [_unknown(pin, facts) for pin in pins if pin not in known]


def _unknown(pin: Pin, facts: Facts) -> Finding:
    absent = " and ".join(city for city in (pin.city_a, pin.city_b) if city not in facts.by_city)
    return Finding(
        "decisions",
        "decision_refers_to_something_known",
        f"{pin.source} pins {pin.city_a} and {pin.city_b} together, "
        f"but {absent} cannot be selected in this round.",
        row_key=pin.source,
        column="subject",
    )


def _kept(
    confirmations: tuple[Confirmation, ...], withdrawn: set[str], facts: Facts
) -> tuple[tuple[Confirmation, ...], list[Finding]]:
    """The confirmations whose cities all take part, and a finding for each other one."""
    kept, findings = [], []
    for item in confirmations:
        lost = [city for city in item.cities if city in withdrawn or city not in facts.by_city]
        if lost:
            findings.append(_dissolved(item, lost))
        else:
            kept.append(item)
    return tuple(kept), findings


def _group(item: Confirmation, facts: Facts) -> Group:
    """The applications of a confirmed twinning's cities.

    Where a city applied twice, it is one that chose the topic if there is one.
    """
    groups = groups_of(item.cities, facts)
    return min(
        groups, key=lambda group: (sum(item.topic not in facts.applicants[i].interests for i in group), group)
    )


def _dissolved(item: Confirmation, lost: list[str]) -> Finding:
    return Finding(
        "twinnings",
        "confirmed_twinning_keeps_its_cities",
        f"The confirmed twinning {item.twinning_id} lost {', '.join(lost)}; "
        "its other cities are matched again.",
        row_key=item.twinning_id,
        column="state",
    )
