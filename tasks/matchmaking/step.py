"""The matchmaking, start to end: choose with proof, explain, verify.

Belongs here: the order of the step. Must stay out: any arithmetic.
"""

from __future__ import annotations

from time import perf_counter

from tasks.matchmaking.choice import Choice, choose, proof_of
from tasks.matchmaking.explain.sensitivity import outlook_table
from tasks.matchmaking.explain.unplaced import unplaced_table
from tasks.matchmaking.problem import Matched, MatchingProblem
from tasks.matchmaking.tables import reasons_table
from tasks.matchmaking.verify import verify
from warehouse.dictionary.published import FINDINGS

Finding = dict[str, object]


def match(problem: MatchingProblem) -> Matched:
    """The best selection of twinnings of a problem, proven, explained and verified.

    Where people's decisions cannot hold together, nothing is selected and a finding of severity `stop` names
    a smallest set of them that clash. Never raises for anything a form, a register or a decision can hold.
    """
    started = perf_counter()
    choice = choose(problem)
    proof = proof_of(choice, perf_counter() - started)
    unplaced = unplaced_table(choice)
    findings = [*choice.setting.findings, *_clashes(choice), *_unknown_hours(choice)]
    if not choice.setting.clashes:
        findings += verify(problem, choice.twinnings, choice.members, unplaced).to_dicts()
    return Matched(
        twinnings=choice.twinnings,
        twinning_members=choice.members,
        unplaced=unplaced,
        findings=FINDINGS.frame(findings),
        proof=proof,
        twinning_reasons=reasons_table((*choice.confirmed, *choice.chosen), choice.facts),
        twinning_outlook=outlook_table(choice),
        balance=choice.balance,
    )


def _clashes(choice: Choice) -> list[Finding]:
    return [
        {
            "table": "decisions",
            "expectation": "decisions_can_hold_together",
            "severity": "stop",
            "row_key": None,
            "column": None,
            "message": one.message,
        }
        for one in choice.setting.clashes
    ]


def _unknown_hours(choice: Choice) -> list[Finding]:
    """Shared hours cannot be judged without a time zone: not an exclusion, but a person should look."""
    people = (choice.facts.applicants[i] for i in choice.setting.free)
    return [
        {
            "table": "candidates",
            "expectation": "time_zone_is_known",
            "severity": "warn",
            "row_key": one.application_id,
            "column": "timezone",
            "message": "The time zone is not known, so shared working hours were not judged.",
        }
        for one in people
        if one.utc_offset is None
    ]
