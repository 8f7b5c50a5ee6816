"""The matchmaking, start to end: prepare, apply what people decided, choose with proof, explain, verify.

Belongs here: the order of the step. Must stay out: any arithmetic.
"""

from __future__ import annotations

from time import perf_counter

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.clashes import Clash
from tasks.matchmaking.facts import Facts, facts_of
from tasks.matchmaking.instance import Instance, instance_of
from tasks.matchmaking.problem import Matched, MatchingProblem, Proof
from tasks.matchmaking.setting import Fixed, Setting, setting_of
from tasks.matchmaking.solver import Solution, Solver
from tasks.matchmaking.tables import balance_table, chosen_twinning, members_table, reasons_table, twinnings_table
from tasks.matchmaking.unplaced import unplaced_table
from tasks.matchmaking.verify import verify
from warehouse.dictionary.matching import TWINNING_OUTLOOK
from warehouse.dictionary.published import FINDINGS

Finding = dict[str, object]


def match(problem: MatchingProblem) -> Matched:
    """The best selection of twinnings of a problem, proven, explained and verified.

    Where people's decisions cannot hold together, nothing is selected and a finding of severity `stop` names a smallest set of them that
    clash. Never raises for anything a form, a register or a decision can hold.
    """
    started = perf_counter()
    facts = facts_of(problem)
    setting = setting_of(problem, facts)
    instance = instance_of(setting, problem.previous)
    solver = Solver(instance)
    solution = solver.best() if not setting.clashes else Solution(None, 0.0, 0.0)
    chosen = _chosen(problem, facts, instance, solution)
    confirmed = () if setting.clashes else setting.fixed
    everything = (*confirmed, *chosen)
    twinnings = twinnings_table(chosen, confirmed, facts)
    members = members_table(everything, facts)
    unplaced = unplaced_table(setting, solver, solution, {i for one in everything for i in one.group})
    balance = balance_table(instance.classes, chosen, facts)
    findings = [*setting.findings, *_clash_findings(setting.clashes), *_unknown_hours(setting)]
    if not setting.clashes:
        findings += verify(problem, twinnings, members, unplaced).to_dicts()
    return Matched(
        twinnings=twinnings,
        twinning_members=members,
        unplaced=unplaced,
        findings=FINDINGS.frame(findings),
        proof=Proof(
            objective=solution.objective / STEPS_PER_POINT,
            bound=solution.bound / STEPS_PER_POINT,
            gap=(solution.bound - solution.objective) / STEPS_PER_POINT,
            value=float(twinnings.get_column("value").sum()),
            balance_cost=float(balance.get_column("cost").sum()),
            groups=len(instance.groups),
            columns=solution.columns,
            iterations=solution.iterations,
            seconds=perf_counter() - started,
        ),
        twinning_reasons=reasons_table(everything, facts),
        twinning_outlook=TWINNING_OUTLOOK.empty(),
        balance=balance,
    )


def _chosen(problem: MatchingProblem, facts: Facts, instance: Instance, solution: Solution) -> tuple[Fixed, ...]:
    rows = solution.chosen or ()
    groups = instance.groups
    return tuple(chosen_twinning(problem.round_id, facts.topics[int(groups.topic[row])], groups.members(row), facts) for row in rows)


def _clash_findings(clashes: tuple[Clash, ...]) -> list[Finding]:
    return [
        {
            "table": "decisions",
            "expectation": "decisions_can_hold_together",
            "severity": "stop",
            "row_key": None,
            "column": None,
            "message": one.message,
        }
        for one in clashes
    ]


def _unknown_hours(setting: Setting) -> list[Finding]:
    """Shared hours cannot be judged without a time zone: not an exclusion, but a person should look."""
    people = (setting.facts.applicants[i] for i in setting.free)
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
