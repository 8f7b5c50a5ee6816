"""What the expectations found, by expectation.

Belongs here: counting findings. Must stay out: what is expected (`expectations/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pages.views.words import in_words

MOST_ROWS = 40
"""Most rows of one expectation that a page lists; the version has them all."""


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one expectation: `rows` are (row's key, column, message), the first `MOST_ROWS`."""

    severity: str
    table: str
    expectation: str
    count: int
    rows: tuple[tuple[str, str, str], ...]

    @property
    def more(self) -> int:
        """How many rows are not listed."""
        return self.count - len(self.rows)


def findings_by_expectation(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings by expectation: how many rows, and one message as an example."""
    grouped = findings.group_by("severity", "table", "expectation").agg(
        pl.len().alias("rows"), pl.col("message").min().alias("for_example")
    )
    return grouped.sort(pl.col("severity") == "warn", "table", "expectation").rows(named=True)


def finding_groups(findings: pl.DataFrame) -> list[FindingGroup]:
    """Every expectation that failed, in the same order, with its rows."""
    rows = findings.sort("row_key", "column", "message", nulls_last=True)
    groups = []
    for one in findings_by_expectation(findings):
        of_it = rows.filter((pl.col("table") == one["table"]) & (pl.col("expectation") == one["expectation"]))
        of_it = of_it.filter(pl.col("severity") == one["severity"])
        listed = of_it.head(MOST_ROWS).select("row_key", "column", "message").iter_rows()
        groups.append(
            FindingGroup(
                one["severity"],
                in_words(one["table"]),
                in_words(one["expectation"]),
                of_it.height,
                tuple((key or "", in_words(column or ""), message) for key, column, message in listed),
            )
        )
    return groups
