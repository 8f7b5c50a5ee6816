"""A finding: one thing a person should look at, as every step and expectation reports it.

Belongs here: the table `findings`, its frozen row, and the frame of many. Must stay out: what is found (the
steps and `expectations/`). A message holds no personal data: findings are published with a version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import polars as pl

from programme.vocabulary import SEVERITIES, Severity
from warehouse.dictionary.model import Column, Table

FINDINGS = Table(
    "findings",
    "one failed expectation, or one row that failed it",
    ("table", "expectation", "row_key", "column", "message"),
    (
        Column("table", pl.String(), "the table", nullable=False),
        Column("expectation", pl.String(), "name of what was expected", nullable=False),
        Column(
            "severity",
            pl.String(),
            "stop: nothing is published; warn: a person should look",
            nullable=False,
            values=SEVERITIES,
        ),
        Column("row_key", pl.String(), "the row, by its key; null for the table as a whole"),
        Column("column", pl.String(), "the column; null for the row as a whole"),
        Column(
            "message",
            pl.String(),
            "what was found and what was expected, without personal data",
            nullable=False,
        ),
    ),
)


@dataclass(frozen=True)
class Finding:
    """One row of the table `findings`.

    `expectation` is the stable name under which findings of one kind are counted; `row_key` names the row
    (None: the table as a whole), `column` the column (None: the row as a whole); `message` says what was
    found and what was expected.
    """

    table: str
    expectation: str
    message: str
    row_key: str | None = None
    column: str | None = None
    severity: Severity = "warn"

    @classmethod
    def about_table(cls, table: str, expectation: str, message: str, *, column: str | None = None) -> Finding:
        """A warning about a table, or one column of it, as a whole."""
        return cls(table, expectation, message, column=column)

    @classmethod
    def about_decision(
        cls,
        decision_id: str,
        message: str,
        *,
        expectation: str = "decision_has_effect",
        column: str = "subject",
    ) -> Finding:
        """A warning about one human decision, named by its id; never by who made it or why."""
        return cls("decisions", expectation, message, row_key=decision_id, column=column)

    @classmethod
    def stop(
        cls,
        table: str,
        expectation: str,
        message: str,
        *,
        row_key: str | None = None,
        column: str | None = None,
    ) -> Finding:
        """A finding with which nothing may be published."""
        return cls(table, expectation, message, row_key, column, "stop")


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """The findings as a frame of the table `findings`."""
    return FINDINGS.frame([asdict(finding) for finding in findings])
