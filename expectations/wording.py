"""How a failure becomes a row of `findings`: the words, cut and cleaned.

Belongs here: the text of findings, how cells are shown in it and how many there are. Must stay out: what is
expected (`suites/`) and how it is judged (`adapter.py`). Cells are hostile until shown here: control and
direction characters go, long text is cut, personal columns never appear.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import polars as pl

from expectations.model import EVERY_TABLE, CountRule, RowRule, Rule, ShareRule, Suite, Verdict
from programme.vocabulary import Severity

LONGEST = 60
"""Characters of a cell that a message shows: enough to recognise it, too few to carry a text."""
MOST_ROWS = 200
"""Row findings per expectation; one more row says how many are not listed. A person mends a cause, not the
201st row.
"""

Finding = dict[str, object]


def finding(
    table: str,
    name: str,
    severity: Severity,
    message: str,
    row_key: str | None = None,
    column: str | None = None,
) -> Finding:
    """One row of `findings`."""
    return {
        "table": table,
        "expectation": name,
        "severity": severity,
        "row_key": row_key,
        "column": column,
        "message": message,
    }


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


def table_of(suite: Suite, row: dict[str, object]) -> str:
    """The table a row finding speaks of."""
    return str(row["table"]) if suite.table == EVERY_TABLE else suite.table


def key_of(suite: Suite, row: dict[str, object]) -> str:
    """How a finding names a row: its key, or `row-N` where the key is the number in the file."""
    if suite.row_key == ("row",):
        return f"row-{row['row']}"
    return " ".join(clean(row[name]) for name in suite.row_key)


def row_findings(
    suite: Suite, rule: RowRule, failures: Iterable[tuple[Verdict, pl.DataFrame]]
) -> list[Finding]:
    """The findings of one expectation: a row each in the frame's order, verdict by verdict, then one that
    counts those not listed.
    """
    findings: list[Finding] = []
    total = 0
    for verdict, rows in failures:
        total += rows.height
        shown = rows.head(MOST_ROWS - len(findings)).select(pl.exclude(suite.personal))
        for row in shown.iter_rows(named=True):
            cells = {name: clean(value) for name, value in row.items()}
            message = verdict.message.format_map(cells)
            findings.append(
                finding(
                    table_of(suite, row),
                    rule.name,
                    rule.severity,
                    message,
                    key_of(suite, row),
                    verdict.column,
                )
            )
    if total > len(findings):
        findings.append(
            finding(
                suite.table,
                rule.name,
                rule.severity,
                f"{total - len(findings)} more rows fail this and are not listed.",
            )
        )
    return findings


def table_finding(suite: Suite, rule: ShareRule | CountRule, observed: float | None) -> Finding:
    """The one finding of an expectation about the table as a whole; `{observed}` in its message is the share
    or the number of rows found.
    """
    found = clean(observed) if isinstance(rule, CountRule) or observed is None else f"{observed:.1%}"
    column = rule.column if isinstance(rule, ShareRule) else None
    return finding(suite.table, rule.name, rule.severity, rule.message.format(observed=found), column=column)


def not_evaluated(suite: Suite, rule: Rule | None, why: str) -> Finding:
    """What cannot be evaluated has not passed: always a stop, whatever the expectation's own severity."""
    name = rule.name if rule else "tables_present"
    return finding(
        suite.table,
        name,
        "stop",
        f"could not be evaluated ({why}); nothing is published on an expectation that was not seen to hold.",
    )
