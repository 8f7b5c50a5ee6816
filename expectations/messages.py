"""How a failure becomes findings: the words, cut and cleaned.

Belongs here: the text of findings, how cells are shown in it and how many there are. Must stay out: what is
expected (`suites/`) and how it is validated (`adapter.py`). Cells are hostile until shown here: control and
direction characters go, long text is cut, personal columns never appear.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import polars as pl

from expectations.table_suite import EVERY_TABLE, Expected, TableSuite
from warehouse.dictionary.findings import Finding

LONGEST = 60
"""Characters of a cell that a message shows: enough to recognise it, too few to carry a text."""
MOST_ROWS = 200
"""Row findings per expectation; one more row says how many are not listed. A person mends a cause, not the
201st row.
"""


def clean(value: object) -> str:
    """A cell as a message may show it: 'nothing' for null, in one line, without control, format or private
    characters, at most `LONGEST` long.
    """
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:.10g}"
    kept = "".join(
        " " if char.isspace() else char
        for char in str(value)[: LONGEST * 4]
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    text = " ".join(kept.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def table_of(suite: TableSuite, row: dict[str, object]) -> str:
    """The table a row finding speaks of."""
    return str(row["table"]) if suite.table == EVERY_TABLE else suite.table


def key_of(suite: TableSuite, row: dict[str, object]) -> str:
    """How a finding names a row: its key, or `row-N` where the key is the number in the file."""
    if suite.row_key == ("row",):
        return f"row-{row['row']}"
    return " ".join(clean(row[name]) for name in suite.row_key)


def _in_file(row: dict[str, object]) -> str:
    """Where a person finds the row in its file; nothing where a row is of no file."""
    return f"Row {row['row']}: " if row.get("row") is not None else ""


def row_findings(suite: TableSuite, failures: Sequence[tuple[Expected, pl.DataFrame]]) -> list[Finding]:
    """The findings of expectations of one name: one a failing row, in the frame's order, then one that counts
    those not listed.

    `failures` pairs an expectation with the rows of the suite's frame that fail it, all columns included.
    """
    findings: list[Finding] = []
    for expected, rows in failures:
        shown = rows.head(MOST_ROWS - len(findings)).select(pl.exclude(suite.personal))
        for row in shown.iter_rows(named=True):
            message = _in_file(row) + expected.message.format_map(
                {name: clean(value) for name, value in row.items()}
            )
            table, key = table_of(suite, row), key_of(suite, row)
            findings.append(Finding(table, expected.name, message, key, expected.column, expected.severity))
    if unlisted := sum(rows.height for _, rows in failures) - len(findings):
        expected = failures[0][0]
        message = f"{unlisted} more rows fail this and are not listed."
        findings.append(Finding(suite.table, expected.name, message, severity=expected.severity))
    return findings


def table_finding(suite: TableSuite, expected: Expected, rows: int, share: float | None) -> Finding:
    """The one finding of an expectation about the table as a whole; `{observed}` in its message is the share
    of cells that satisfy it, or the number of rows where no share is given.
    """
    observed = clean(rows) if share is None else f"{share:.1%}"
    message = expected.message.format(observed=observed)
    return Finding(suite.table, expected.name, message, None, expected.column, expected.severity)


def not_evaluated(suite: TableSuite, name: str, why: str) -> Finding:
    """What cannot be evaluated has not passed: always a stop, whatever the expectation's own severity."""
    message = (
        f"could not be evaluated ({why}); nothing is published on an expectation that was not seen to hold."
    )
    return Finding.stop(suite.table, name, message)
