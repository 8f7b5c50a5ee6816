"""The one entrance of this package: check the tables of a stage, get findings.

Belongs here: the order of the procedure: make the frame, validate the suite, turn what failed into findings.
Must stay out: any expectation (`suites/`), any word about it (`messages.py`) and Great Expectations
(`adapter.py`). What cannot be evaluated (a table or column is not there, polars or Great Expectations raised)
is a `stop`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import polars as pl

from expectations import adapter
from expectations.adapter import ValidationOutcome, validate
from expectations.computed_columns.common import filled_columns
from expectations.limits import RoundLimits
from expectations.messages import not_evaluated, row_findings, table_finding
from expectations.table_suite import Expected, Tables, TableSuite
from warehouse.dictionary.findings import Finding, findings_frame

Stage = Literal["inputs", "linked", "eligibility", "scores", "twinnings", "feedback"]
STAGE_NAMES: tuple[Stage, ...] = get_args(Stage)
"""The stages of the flow that are checked, in order; the last is checked when feedback came in."""

__all__ = ["STAGE_NAMES", "RoundLimits", "Stage", "check", "has_stop", "stage_suites", "warm_up"]


def check(stage: Stage, tables: Tables, limits: RoundLimits) -> pl.DataFrame:
    """What the tables of `stage` must satisfy before the next step, judged.

    `tables` maps table names of the dictionary to frames: those of this stage and of all earlier ones, as
    later suites compare with them. Returns FINDINGS of the dictionary, none where all is well. Raises
    `KeyError` for an unknown stage.
    """
    findings: list[Finding] = []
    for suite in stage_suites(stage):
        if suite.table in tables or not suite.optional:
            findings += check_suite(suite, suite.expected(limits), tables)
    return findings_frame(findings)


def not_told_yet(found: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Findings without those that only warn of a cell of which the reading of the file has told already.

    Both are dictionary table FINDINGS. One fault is one finding: a time stamp that holds an error of a
    spreadsheet is no second time a time stamp that could not be read.
    """
    cell = ("table", "row_key", pl.col("column").str.strip_suffix("_iso3"))
    cells = told.drop_nulls(["row_key", "column"]).select(*cell)
    only_warns = found.filter(severity="warn").join(cells, on=cell, how="semi")
    return found.join(only_warns, on=found.columns, how="anti", nulls_equal=True)


def stage_suites(stage: str) -> tuple[TableSuite, ...]:
    """The suites of a stage, in order; the first call imports Great Expectations."""
    from expectations.suites.stages import STAGES  # noqa: PLC0415 - seconds to import

    return STAGES[stage]


def warm_up() -> None:
    """Load what the first check needs; safe to call in a thread, any number of times."""
    adapter.warm_up()
    stage_suites("inputs")


def has_stop(findings: pl.DataFrame) -> bool:
    """Whether anything found forbids to publish."""
    return bool((findings["severity"] == "stop").any())


def check_suite(suite: TableSuite, expected: Sequence[Expected], tables: Tables) -> list[Finding]:
    """The findings of one suite: what could not be evaluated and what failed, in the suite's order."""
    names = list(dict.fromkeys(item.name for item in expected))
    if missing := [name for name in suite.needs if name not in tables]:
        return [not_evaluated(suite, "tables_present", f"there is no table {', '.join(missing)}")]
    try:
        frame = filled_columns(suite.frame(tables), suite.personal)
    except pl.exceptions.PolarsError as error:
        return [not_evaluated(suite, name, type(error).__name__) for name in names]
    outcomes = list(zip(expected, validate(frame, expected), strict=True))
    return [
        finding
        for name in names
        for finding in _findings(suite, frame, [pair for pair in outcomes if pair[0].name == name])
    ]


def _findings(
    suite: TableSuite, frame: pl.DataFrame, outcomes: Sequence[tuple[Expected, ValidationOutcome]]
) -> list[Finding]:
    """The findings of expectations of one name: a stop where one could not be evaluated, whatever the others
    say.
    """
    name = outcomes[0][0].name
    if raised := next((outcome.raised for _, outcome in outcomes if outcome.raised), ""):
        return [not_evaluated(suite, name, raised)]
    rows: dict[tuple[str | None, str], tuple[Expected, set[int]]] = {}
    for expected, outcome in outcomes:
        if outcome.holds:
            continue
        if not expected.about_rows:
            return [table_finding(suite, expected, frame.height, outcome.share)]
        _, numbers = rows.setdefault((expected.column, expected.message), (expected, set()))
        numbers.update(outcome.rows)
    return row_findings(suite, [(expected, frame[sorted(numbers)]) for expected, numbers in rows.values()])
