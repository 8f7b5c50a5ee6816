"""The error of a run that must not go on.

Belongs here: the class alone, free of slow imports, so that the command line can catch it by its class. Must
stay out: what stops a run (`checks.py`) and how it is printed (`cli.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


class StoppedError(Exception):
    """A stop-level expectation failed: nothing is published and the last good version stays.

    `findings` are the findings of severity stop (dictionary table FINDINGS); `summary` groups them by
    expectation (`summary.findings_by_expectation`).
    """

    def __init__(self, findings: pl.DataFrame, summary: list[dict[str, Any]]) -> None:
        self.findings = findings
        self.summary = summary
        super().__init__(f"{findings.height} finding(s) of severity stop")
