"""A suite's expressions over its frame: yes or no, per row and verdict.

Belongs here: evaluating the expressions of a suite, and telling an expression that raised from one that says
no. Must stay out: the expressions themselves (`suites/`) and what follows from the answers (`check.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from expectations.model import CountRule, RowRule, Rule

ROW = "_row"
"""Number of the row in the suite's frame, from 0."""


@dataclass(frozen=True)
class Answers:
    """The answers of every rule that could be evaluated, and the kind of error of every rule that could not.

    `cells` has one boolean column a verdict, named by `column_of`, beside the row's number (a frame of no
    columns would have no rows to count); `raised` maps the rule's name to why.
    """

    cells: pl.DataFrame
    raised: dict[str, str]

    def per_rule(self, rules: Sequence[Rule]) -> pl.DataFrame:
        """One boolean column a rule: whether all its verdicts hold, beside the row's number. A rule without
        verdicts (a count) has none.
        """
        return self.cells.select(
            ROW,
            *(
                pl.all_horizontal(column_of(rule, n) for n in range(len(expressions(rule)))).alias(rule.name)
                for rule in rules
                if expressions(rule)
            ),
        )


def column_of(rule: Rule, n: int) -> str:
    """Name of the column that holds the answers to verdict `n` of a rule."""
    return f"{rule.name}#{n}"


def expressions(rule: Rule) -> tuple[pl.Expr, ...]:
    """What a rule asks of each row."""
    if isinstance(rule, CountRule):
        return ()
    return tuple(verdict.holds for verdict in rule.verdicts) if isinstance(rule, RowRule) else (rule.holds,)


def evaluate(frame: pl.DataFrame, rules: Sequence[Rule]) -> Answers:
    """Evaluate all rules in one pass; if anything raises, each by itself, so that one bad expression does not
    take the others with it.
    """
    try:
        return Answers(_select(frame, rules), {})
    except pl.exceptions.PolarsError:
        good: list[pl.DataFrame] = []
        raised: dict[str, str] = {}
        for rule in rules:
            try:
                good.append(_select(frame, [rule]))
            except pl.exceptions.PolarsError as error:
                raised[rule.name] = _reason(error, frame, rule)
        return Answers(
            pl.concat([_select(frame, []), *(part.drop(ROW) for part in good)], how="horizontal"), raised
        )


def _select(frame: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """The row number makes a constant answer as long as the frame; a null answer is a no (see `Verdict`)."""
    answers = (
        holds.fill_null(value=False).alias(column_of(rule, n))
        for rule in rules
        for n, holds in enumerate(expressions(rule))
    )
    return frame.with_row_index(ROW).select(ROW, *answers)


def _reason(error: Exception, frame: pl.DataFrame, rule: Rule) -> str:
    """Why an expression raised, without the error's own text, which may quote a cell."""
    needed = {name for holds in expressions(rule) for name in holds.meta.root_names()}
    absent = sorted(needed - set(frame.columns))
    return f"there is no column {', '.join(absent)}" if absent else type(error).__name__
