"""The one door of this package: check the tables of a stage, get findings.

Belongs here: which suites a stage has, and the order of the procedure: answers in polars, judged by Great
Expectations, rows asked for where an expectation failed. Must stay out: any expectation (`suites/`), any word
about it (`wording.py`) and Great Expectations (`adapter.py`). What cannot be evaluated (a table or column is
not there, an expression or Great Expectations raised, the two disagree) is a `stop`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import polars as pl

from expectations.adapter import Judgement, Question, failing_rows, judge, warm_up
from expectations.model import CountRule, Limits, RowRule, Rule, ShareRule, Suite, Tables
from expectations.suites import (
    eligibility,
    inputs_forms,
    inputs_others,
    inputs_registers,
    linked,
    scores,
    twinnings,
)
from expectations.verdicts import Answers, column_of, evaluate
from expectations.wording import Finding, not_evaluated, row_findings, table_finding
from warehouse.dictionary.published import FINDINGS

Stage = Literal["inputs", "linked", "eligibility", "scores", "twinnings"]

STAGES: dict[str, tuple[Callable[[Limits], tuple[Suite, ...]], ...]] = {
    "inputs": (inputs_forms.suites, inputs_registers.suites, inputs_others.suites),
    "linked": (linked.suites,),
    "eligibility": (eligibility.suites,),
    "scores": (scores.suites,),
    "twinnings": (twinnings.suites,),
}
"""The suites of each stage, in the order of the flow."""

__all__ = ["STAGES", "Limits", "Stage", "check", "has_stop", "stage_suites", "warm_up"]


def check(stage: Stage, tables: Tables, limits: Limits) -> pl.DataFrame:
    """What the tables of `stage` must satisfy before the next step, judged.

    `tables` maps table names of the dictionary to frames: those of this stage and of all earlier ones, as
    later suites compare with them. Returns FINDINGS of the dictionary, none where all is well. Raises
    `KeyError` for an unknown stage.
    """
    findings: list[Finding] = []
    for suite in stage_suites(stage, limits):
        if suite.table in tables or not suite.optional:
            findings += check_suite(suite, tables)
    return FINDINGS.frame(findings)


def stage_suites(stage: str, limits: Limits) -> tuple[Suite, ...]:
    """The suites of a stage under these limits."""
    return tuple(suite for build in STAGES[stage] for suite in build(limits))


def has_stop(findings: pl.DataFrame) -> bool:
    """Whether anything found forbids to publish."""
    return bool((findings["severity"] == "stop").any())


def check_suite(suite: Suite, tables: Tables) -> list[Finding]:
    """The findings of one suite: what could not be evaluated, then what failed, in the suite's order."""
    if missing := [name for name in suite.needs if name not in tables]:
        return [not_evaluated(suite, None, f"there is no table {', '.join(missing)}")]
    try:
        frame = suite.frame(tables)
    except pl.exceptions.PolarsError as error:
        return [not_evaluated(suite, rule, type(error).__name__) for rule in suite.rules]
    answers = evaluate(frame, suite.rules)
    asked = [rule for rule in suite.rules if rule.name not in answers.raised]
    judgements = judge(answers.per_rule(asked), [_question(rule) for rule in asked])
    failing = [rule for rule in asked if not judgements[rule.name].holds]
    rows = _rows(failing, answers, judgements)
    findings = [
        not_evaluated(suite, rule, answers.raised[rule.name])
        for rule in suite.rules
        if rule.name in answers.raised
    ]
    for rule in failing:
        findings += _found(suite, rule, frame, judgements[rule.name], rows)
    return findings


def _question(rule: Rule) -> Question:
    severity: Literal["critical", "warning"] = "critical" if rule.severity == "stop" else "warning"
    if isinstance(rule, CountRule):
        return Question(rule.name, "rows", severity, rule.minimum, rule.maximum)
    if isinstance(rule, ShareRule):
        return Question(rule.name, "share", severity, rule.at_least)
    return Question(rule.name, "all", severity)


def _rows(
    failing: Sequence[Rule], answers: Answers, judgements: dict[str, Judgement]
) -> dict[str, list[int] | None]:
    """Which rows fail each verdict of the row expectations that failed; verdicts that hold everywhere are not
    asked again.
    """
    suspects = [rule for rule in failing if isinstance(rule, RowRule) and not judgements[rule.name].raised]
    columns = [
        name
        for rule in suspects
        for n in range(len(rule.verdicts))
        if not answers.cells[name := column_of(rule, n)].all()
    ]
    return failing_rows(answers.cells, columns) if columns else {}


def _found(
    suite: Suite, rule: Rule, frame: pl.DataFrame, judgement: Judgement, rows: dict[str, list[int] | None]
) -> list[Finding]:
    if judgement.raised:
        return [not_evaluated(suite, rule, judgement.raised)]
    if not isinstance(rule, RowRule):
        return [table_finding(suite, rule, judgement.observed)]
    numbers = [rows.get(column_of(rule, n), []) for n in range(len(rule.verdicts))]
    if None in numbers or not any(numbers):
        return [not_evaluated(suite, rule, "the rows that fail could not be told")]
    return row_findings(
        suite,
        rule,
        [(verdict, frame[found or []]) for verdict, found in zip(rule.verdicts, numbers, strict=True)],
    )
