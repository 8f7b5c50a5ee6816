"""What people read in the Prefect UI: one summary and two tables a run, without personal data.

Belongs here: the wording in Markdown and the artifacts' keys. Must stay out: the numbers (`summary.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.announcement import Announcement
from flows.console import printable
from pages.views.findings import findings_by_expectation
from pages.views.funnel import funnel
from pages.views.twinnings import twinning_rows
from warehouse.escapes import markdown

_MAX_ROWS = 500
"""Most rows of a table artifact: the UI draws them all at once."""


def create_run_artifacts(
    round_id: str,
    kind: str,
    headline: str,
    tables: Mapping[str, pl.DataFrame],
    waiting: list[dict[str, Any]],
    capacity: Sequence[str] = (),
) -> None:
    """Create the artifacts of a run.

    They are `KIND-ROUND` in Markdown (headline, funnel, capacity, twinnings; `kind` is `round` or `scan`),
    and `waiting-ROUND` (the rows `waiting`: what waits for a person) and `findings-ROUND` as tables.
    """
    parts = [f"# Round {round_id}", markdown(headline), "## Funnel", markdown_table(funnel(tables))]
    parts += [markdown(line) for line in capacity]
    if "twinnings" in tables:
        parts += ["## Twinnings", markdown_table(twinning_rows(tables)) or "None."]
    create_markdown_artifact("\n\n".join(parts), key=f"{kind}-{round_id}", description=markdown(headline))
    _table(
        f"waiting-{round_id}",
        waiting,
        "What waits for a person, the most urgent first; `city2city review` says how to answer.",
    )
    _table(
        f"findings-{round_id}", findings_by_expectation(tables["findings"]), "What the expectations found."
    )


def create_approval_artifact(page: Announcement, outcome: str) -> None:
    """Create the artifact `approval-ROUND`: what the approval of a version announces, or would announce."""
    lines = [f"- {markdown(printable(line))}" for line in page.lines[:_MAX_ROWS]]
    if len(page.lines) > _MAX_ROWS:
        lines.append(f"- {len(page.lines) - _MAX_ROWS} more.")
    parts = [f"# Approval of round {page.round_id}", markdown(printable(page.headline())), "\n".join(lines)]
    parts.append(markdown(printable(outcome)))
    create_markdown_artifact(
        "\n\n".join(parts), key=f"approval-{page.round_id}", description=printable(outcome)
    )


def create_report_artifact(round_id: str, version: int, link: str) -> None:
    """Create the artifact `report-ROUND`, which leads to the report of a version."""
    create_link_artifact(
        link,
        link_text=f"Report of round {round_id}, version {version}",
        key=f"report-{round_id}",
        description="One HTML file for the office and the committee; it opens where the data are.",
    )


def create_stop_artifact(round_id: str, findings: pl.DataFrame) -> None:
    """Create the artifact that says what stopped a run; the last good version stays."""
    _table(
        f"findings-{round_id}",
        findings_by_expectation(findings),
        "The run was stopped; nothing was published, the last good version stays.",
    )


def _table(key: str, rows: list[dict[str, Any]], description: str) -> None:
    shown = [{name: table_cell(value) for name, value in row.items()} for row in rows[:_MAX_ROWS]]
    more = f" {len(rows) - _MAX_ROWS} more rows are in the snapshot." if len(rows) > _MAX_ROWS else ""
    create_table_artifact(shown, key=key, description=description + more)


def table_cell(value: object) -> str:
    """A cell of a table artifact.

    The UI shows a cell as Markdown where it looks like a link (`[text](address)`), so no cell can be one.
    """
    return printable(value).replace("](", "] (")


def markdown_table(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table; what came from outside can neither break the table nor become markup."""
    if not rows:
        return ""
    lines = [
        list(rows[0]),
        ["---"] * len(rows[0]),
        *([_cell(value) for value in row.values()] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else markdown(printable(value))
