"""Corrections as records: a cell of a form is mended by a line that says what stood there, what shall stand
there, why and by whom.

Belongs here: applying the lines of the corrections file to the raw cells of the submissions, each only while
the cell still holds what the line expects. Must stay out: correcting in code, and decisions about rules
(`decisions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tasks.ingest.cells.column_readers import Context, read_columns
from tasks.ingest.cells.text import clean_line
from tasks.ingest.cells.understood import NOTHING
from warehouse.dictionary import PUBLISHED_TABLES, WORKING_TABLES

FINDINGS, READINGS = PUBLISHED_TABLES["findings"], WORKING_TABLES["readings"]
_REFUSED = {
    "submission": "A correction names a submission that is not in the file; it was not applied.",
    "column": "A correction names a column that cannot be corrected; it was not applied.",
    "expected": "A correction expects another value than the form holds now; it was not applied. Look whether it is still needed.",
    "value": "A correction would put a value that cannot be understood; it was not applied.",
}


@dataclass(frozen=True)
class Corrected:
    """The raw cells after the corrections, one reading (rule `correction`) a cell changed, and a finding for
    each correction refused.
    """

    raw: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame


def unchanged(raw: pl.DataFrame) -> Corrected:
    """No corrections."""
    return Corrected(raw, READINGS.empty(), FINDINGS.empty())


def correct(raw: pl.DataFrame, corrections: pl.DataFrame, contexts: Mapping[str, Context]) -> Corrected:
    """Apply corrections (dictionary table) in order of time.

    A correction applies where the cell, as understood or as written, is what it expects (nothing: a blank
    cell) and its value can be understood; otherwise it is refused with a finding. A row that was set aside
    for a faulty cell can be rescued so.
    """
    ids = raw.select(clean_line(pl.col("submission_id"))).to_series().to_list()
    cells = {name: raw[name].to_list() for name in raw.columns if name != "row"}
    first = {name: list(values) for name, values in cells.items()}
    refused: list[dict[str, object]] = []
    changed: dict[tuple[int, str], str | None] = {}
    for line in corrections.sort("decided_at", "row").iter_rows(named=True):
        places = [index for index, key in enumerate(ids) if key == line["submission_id"]]
        fault = _fault(line, cells, places, contexts)
        if fault:
            refused.append(_finding(line, fault))
            continue
        for index in places:
            cells[line["column"]][index] = line["value"]
            changed[index, line["column"]] = line["value"]
    mended = raw.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in cells.items())
    return Corrected(
        mended, READINGS.frame(list(_readings(raw, ids, first, changed))), FINDINGS.frame(refused)
    )


def _fault(
    line: dict[str, Any],
    cells: dict[str, list[str | None]],
    places: list[int],
    contexts: Mapping[str, Context],
) -> str | None:
    name = line["column"]
    if not places:
        return "submission"
    if name not in contexts or name not in cells or name == "submission_id":
        return "column"
    texts = [line["expected"], line["value"], *(cells[name][index] for index in places)]
    read = read_columns(pl.DataFrame({name: texts}, schema={name: pl.String}), {name: contexts[name]})[name]
    values, rules = read.values.to_list(), read.rules.to_list()
    same = all(
        _same(texts[0], text, values[0], value, rules[0])
        for text, value in zip(texts[2:], values[2:], strict=True)
    )
    if not same:
        return "expected"
    return "value" if rules[1] in NOTHING else None


def _same(
    expected: str | None, text: str | None, expected_value: object, value: object, rule: str | None
) -> bool:
    """Whether a cell holds what is expected: the same text, or the same value where the expected one can be
    understood.
    """
    if (expected or "").strip() == (text or "").strip():
        return True
    return (
        rule not in NOTHING
        and expected_value == value
        and (expected_value is not None or not (text or "").strip())
    )


def _finding(line: dict[str, Any], fault: str) -> dict[str, object]:
    return {
        "table": "corrections", "expectation": "correction_applies", "severity": "warn", "row_key": line["submission_id"],
        "column": line["column"], "message": f"Row {line['row']}: {_REFUSED[fault]}",
    }  # fmt: skip


def _readings(
    raw: pl.DataFrame,
    ids: list[str | None],
    first: dict[str, list[str | None]],
    changed: dict[tuple[int, str], str | None],
) -> Iterator[dict[str, object]]:
    rows = raw["row"].to_list()
    for (index, name), value in changed.items():
        yield {
            "table": "submissions", "row": rows[index], "row_key": ids[index], "column": name, "before": first[name][index], "after": value,
            "rule": "correction",
        }  # fmt: skip
