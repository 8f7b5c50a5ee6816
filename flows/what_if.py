"""The matching problem of a round's latest version, as it would be asked today.

Belongs here: reading it back where it is kept, making it again from the version's kept inputs where it is
not, and asking it. Must stay out: changing and solving it (`tasks/matchmaking/explain`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

from flows.context import AppContext
from flows.kept_inputs import kept_round_inputs
from flows.kept_problem import keep_problem, read_kept_problem
from flows.linking_resources import linking_resources
from flows.matching_inputs import candidates_of, matching_problem
from flows.pinning import with_rules_of
from flows.procedure import assess, score_applications
from flows.published_versions import origin_of, read_version
from tasks.matchmaking.explain.what_if import Changes, Difference, what_if
from tasks.matchmaking.problem import MatchingProblem


@dataclass(frozen=True)
class Asked:
    """The answer to a question about a version, and the seconds that it took."""

    version: int
    problem: MatchingProblem
    answer: Difference
    seconds: float


def ask_what_if(version: int, problem: MatchingProblem, changes: Changes) -> Asked:
    """Solve the problem of a version with a few decisions more; nothing is recorded.

    Raises `ProblemsError` for cities that take no part.
    """
    started = perf_counter()
    answer = what_if(problem, changes)
    return Asked(version, problem, answer, perf_counter() - started)


def latest_problem(context: AppContext, round_id: str) -> tuple[int, MatchingProblem]:
    """Number of the latest version, and its problem: that version's candidates, decisions and twinnings.

    Raises `ProblemsError` where the round has no version or its inputs are no longer kept.
    """
    version = context.latest_version(round_id)
    problem = read_kept_problem(context, round_id, version)
    if problem is None:
        problem = remake_problem(context, round_id, version)
        keep_problem(context, round_id, version, problem)
    return version, problem


def remake_problem(context: AppContext, round_id: str, version: int) -> MatchingProblem:
    """The problem of a version, from its kept inputs and rules.

    Raises `ProblemsError` where these are not kept. Its candidates are those it had, by the rules it was made
    by. What is asked of them goes by the matching rules of today, as it does where the problem was kept.
    """
    published = read_version(context, round_id, version)
    under = with_rules_of(context, published.package["rules"])
    round_inputs = kept_round_inputs(under, origin_of(context, published), round_id)
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(under))
    scored = score_applications(round_inputs=round_inputs, assessed=assessed)
    pool = candidates_of(round_inputs=round_inputs, assessed=assessed, scored=scored)
    made = matching_problem(round_inputs=round_inputs, assessed=assessed, pool=pool, previous=published)
    return replace(made, rules=context.programme.matchmaking)
