"""Ids of submissions in other files that a spreadsheet has stripped of their zeros: 1 for 0001.

Belongs here: finding the submission such an id means, where only one can be meant. Must stay out: ids that
are right, and what an evaluation without a form is worth (`expectations`, `tasks/scoring`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from programme.counts import counted
from warehouse.dictionary.findings import Finding

_TABLES = ("evaluations", "corrections")
"""Inputs whose column `submission_id` names forms."""
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def with_matched_ids(
    table: str, frame: pl.DataFrame, submissions: Iterable[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows of another input with the ids of the forms they mean.

    An id that is no form's is taken for the one form that differs from it in nothing but leading zeros.
    """
    if table not in _TABLES or frame.is_empty():
        return frame, []
    known = set(submissions)
    by_key: dict[str, list[str]] = {}
    for key in sorted(known):
        by_key.setdefault(_key(key), []).append(key)
    meant = {
        written: found[0]
        for written in frame["submission_id"].unique(maintain_order=True)
        if written not in known and len(found := by_key.get(_key(written), [])) == 1
    }
    if not meant:
        return frame, []
    ids = pl.col("submission_id").replace(meant)
    message = (
        f"The zeros in front that the forms have are missing: {counted(len(meant), 'submission id')}, each "
        "taken for the form that it matches. Keep ids as text in the spreadsheet."
    )
    return frame.with_columns(ids), [Finding.about_table(table, "ids_whole", message, column="submission_id")]


def _key(text: str) -> str:
    return _ZEROS.sub("", text.strip().removesuffix(".0"))
