"""What people read in the Prefect UI of a run: a summary, and tables, without personal data.

Belongs here: the wording in Markdown and the artifacts' keys. Must stay out: the numbers (`summary.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.announcement import Announcement
from flows.console import printable
from flows.errors import StoppedError
from pages.views.findings import findings_by_expectation
from pages.views.funnel import funnel
from pages.views.twinnings import twinning_rows
from pages.views.waiting import waiting_by_owner, with_commands
from pages.views.words import in_words
from programme.counts import counted
from programme.problems import Problem
from warehouse.escapes import markdown

_MAX_LINES = 40
"""Most lines of a list: whoever wants all opens the table, or the report."""
_ROUND = re.compile(r"\d{4}-\d{2}")
_MAX_ROWS = 500
"""Most rows of a table artifact: the UI draws them all at once."""


def create_run_artifacts(
    round_id: str,
    kind: str,
    headline: str,
    tables: Mapping[str, pl.DataFrame],
    waiting: list[dict[str, Any]],
    capacity: Sequence[str] = (),
    changed: Sequence[str] | None = None,
) -> None:
    """Create the artifacts of a run.

    They are `KIND-ROUND` in Markdown (headline, what changed, what waits for whom, funnel, capacity,
    twinnings; `kind` is `round` or `scan`), and `waiting-ROUND` (the rows `waiting`: what waits for a person)
    and `findings-ROUND` as tables; those of a scan begin with `scan-`, so that it hides nothing of a run.
    """
    parts = [f"# Round {round_id}", markdown(headline)]
    if changed is not None:
        parts += ["## What changed since the last version", _list(changed) or "Nothing."]
    parts += ["## What waits for whom", _list(waiting_by_owner(waiting)) or "Nothing waits for anybody."]
    parts += ["## Funnel", markdown_table(funnel(tables))]
    parts += [markdown(line) for line in capacity]
    if "twinnings" in tables:
        parts += ["## Twinnings", markdown_table(twinning_rows(tables)) or "None."]
    create_markdown_artifact("\n\n".join(parts), key=f"{kind}-{round_id}", description=markdown(headline))
    mark = "" if kind == "round" else f"{kind}-"
    _table(
        f"{mark}waiting-{round_id}",
        with_commands(waiting, round_id),
        "What waits for a person, the most urgent first, whose it is, and the command that answers it.",
    )
    findings = findings_by_expectation(tables["findings"])
    _table(f"{mark}findings-{round_id}", findings, "What the expectations found.")


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


def create_inputs_artifact(round_id: str, inputs: list[dict[str, Any]], mark: str = "") -> None:
    """Create the artifact `inputs-ROUND`: the files that a run was made from, with their hashes."""
    _table(f"{mark}inputs-{round_id}", inputs, "What the run was made from: each file with its sha256.")


def create_stop_artifact(round_id: str, stop: StoppedError) -> None:
    """Create the artifacts of a stop: `stopped-ROUND` in words, `findings-ROUND` in full."""
    rows = [
        {
            "found": row["for_example"],
            "expected": in_words(row["expectation"]),
            "where": "gate" if row["table"] == "gates" else f"{row['table']}, {counted(row['rows'], 'row')}",
            "what to do": _remedy(row, round_id),
        }
        for row in stop.summary
    ]
    _why_not(round_id, "was stopped", rows)
    _table(
        f"findings-{round_id}",
        findings_by_expectation(stop.findings),
        "The run was stopped; nothing was published, the last good version stays.",
    )


def create_problem_artifact(round_id: str, problems: Sequence[Problem]) -> None:
    """Create the artifact `stopped-ROUND` about mistakes in the inputs, the rules or the request."""
    rows = [
        {"found": one.found, "expected": one.expected, "where": one.where, "what to do": one.remedy}
        for one in problems
    ]
    _why_not(round_id, "could not be run", rows)


def _remedy(row: Mapping[str, Any], round_id: str) -> str:
    """What to do about what stopped a run."""
    again = f"city2city run {round_id}"
    if row["table"] != "gates":
        return f"Mend the {row['table']} (city2city check shows each row), then: {again}"
    if row["expectation"] == "ledger_incomplete":
        return f"city2city ledger restore {round_id}, then: {again}"
    return f"Settle it, or let it pass once: {again} --accept {row['expectation']} --reason TEXT --by WHO"


def _why_not(round_id: str, how: str, rows: list[dict[str, Any]]) -> None:
    named = f"Round {round_id}" if _ROUND.fullmatch(round_id) else "The round"
    headline = f"{named} {how}: nothing was published, the last version stays."
    key = f"stopped-{round_id}" if _ROUND.fullmatch(round_id) else "stopped"
    create_markdown_artifact(f"# {headline}\n\n{markdown_table(rows)}", key=key, description=headline)


def _list(lines: Sequence[str]) -> str:
    shown = [f"- {markdown(printable(line))}" for line in lines[:_MAX_LINES]]
    if len(lines) > _MAX_LINES:
        shown.append(f"- {len(lines) - _MAX_LINES} more.")
    return "\n".join(shown)


def _table(key: str, rows: list[dict[str, Any]], description: str) -> None:
    shown = [{name: table_cell(value) for name, value in row.items()} for row in rows[:_MAX_ROWS]]
    left = len(rows) - _MAX_ROWS
    more = f" {counted(left, 'more row')} {'is' if left == 1 else 'are'} in the snapshot." if left > 0 else ""
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
