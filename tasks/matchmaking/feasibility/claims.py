"""Claims to a place that can be kept: a city that is left of a confirmed twinning is matched anew.

Belongs here: giving up the claims that no selection can keep, and saying so. Must stay out: solving (the
caller says what can be solved), and which cities have a claim (`reduced_problem.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from warehouse.dictionary.findings import Finding

EXPECTATION = "a_claim_to_a_place_is_kept"


def keep_what_can_be_placed(
    reduced: ReducedProblem, can_be_solved: Callable[[ReducedProblem], bool]
) -> ReducedProblem:
    """The problem with the claims that can be kept together, the earlier first, and a finding for the others.

    The claim itself stays: it is tried again whenever the round is processed.
    """
    kept: tuple[str, ...] = ()
    findings = []
    for city in reduced.claims:
        if can_be_solved(replace(reduced, claims=(*kept, city))):
            kept = (*kept, city)
        else:
            findings.append(_not_placed(city, reduced))
    return replace(reduced, claims=kept, findings=(*reduced.findings, *findings))


def _not_placed(city: str, reduced: ReducedProblem) -> Finding:
    one = reduced.facts.applicants[reduced.facts.by_city[city][0]]
    return Finding(
        "twinning_members",
        EXPECTATION,
        f"{one.city_name} ({one.application_id}) is left of a confirmed twinning and has a claim to a place, "
        "but no twinning can have it under the hard rules, the decisions and the capacity that is left.",
        row_key=one.application_id,
        column="city_id",
    )
