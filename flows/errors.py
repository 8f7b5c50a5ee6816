"""The error of a run that must not go on.

Belongs here: the class alone, free of slow imports, so that the command line can catch it by its class. Must
stay out: what stops a run (`checks.py`) and how it is printed (`cli.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.counts import counted

if TYPE_CHECKING:
    import polars as pl


class StoppedError(Exception):
    """A stop-level expectation failed, or a gate is closed: the last good version stays.

    Its text is what a scheduled run shows as its state.

    `findings` are the findings of severity stop (dictionary table FINDINGS); `summary` groups them by
    expectation (`summary.findings_by_expectation`).
    """

    def __init__(self, findings: pl.DataFrame, summary: list[dict[str, Any]]) -> None:
        self.findings = findings
        self.summary = summary
        super().__init__(" ".join(["Nothing was published, the last version stays.", *self.reasons()]))

    def reasons(self) -> list[str]:
        """Why the run was stopped, one sentence or two for each expectation or gate."""
        return [
            f"{row['table']}, {row['expectation']} ({counted(row['rows'], 'row')}): {row['for_example']}"
            if row["table"] != "gates"
            else f"Gate {row['expectation']}: {row['for_example']}"
            for row in self.summary
        ]
