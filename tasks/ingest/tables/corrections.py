"""Corrections as records: a cell of a form is mended by a line that says what, why and by whom.

Belongs here: applying the lines of the corrections file to the raw cells of the submissions, each only while
the cell still holds what the line expects. Must stay out: correcting in code, and decisions about rules
(`tasks/decisions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_reading import UNREADABLE_RULES
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.cells.comparison import clean_line
from tasks.ingest.tables.matched_ids import with_matched_ids
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.working import READINGS

CORRECTION = "correction"
"""The rule named where a cell was corrected."""
_REFUSED = {
    "submission": "A correction names a submission that is not in the file; it was not applied.",
    "column": "A correction names a column that cannot be corrected; it was not applied.",
    "expected": "A correction expects another value than the form holds now; it was not applied. "
    "Look whether it is still needed.",
    "value": "A correction would put a value that cannot be understood; it was not applied.",
}
"""What is wrong with a correction, and the message that says so."""
Cells = dict[str, list[str | None]]
"""Column to its raw cells, in order of the rows."""


@dataclass(frozen=True)
class CorrectedColumns:
    """Raw columns after the corrections.

    `raw`: the columns. `readings`: one row per cell changed, by the rule `correction`. `findings`: one per
    correction refused.
    """

    raw: pl.DataFrame
    readings: pl.DataFrame
    findings: tuple[Finding, ...]


def uncorrected(raw: pl.DataFrame) -> CorrectedColumns:
    """Raw columns without any correction."""
    return CorrectedColumns(raw, READINGS.empty(), ())


def apply_corrections(
    raw: pl.DataFrame, corrections: pl.DataFrame, contexts: Mapping[str, ColumnContext]
) -> CorrectedColumns:
    """Apply corrections (dictionary table CORRECTIONS) in order of time.

    A correction applies where the cell, as read or as written, is what it expects (nothing: a blank cell) and
    its value can be read; otherwise it is refused with a finding. A row that would be set aside for a faulty
    cell can be rescued so.
    """
    ids = raw.select(clean_line(pl.col("submission_id"))).to_series().to_list()
    cells: Cells = {name: raw[name].to_list() for name in raw.columns if name != "row"}
    before = {name: list(values) for name, values in cells.items()}
    refused: list[Finding] = []
    changed: dict[tuple[int, str], str | None] = {}
    corrections, matched = with_matched_ids("corrections", corrections, filter(None, ids))
    refused.extend(matched)
    for line in corrections.sort("decided_at", "row").iter_rows(named=True):
        places = [index for index, key in enumerate(ids) if key == line["submission_id"]]
        if fault := _fault(line, cells, places, contexts):
            refused.append(_refusal(line, fault))
            continue
        for index in places:
            cells[line["column"]][index] = line["value"]
            changed[index, line["column"]] = line["value"]
    corrected = raw.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in cells.items())
    readings = READINGS.frame(list(_readings(raw, ids, before, changed)))
    return CorrectedColumns(corrected, readings, tuple(refused))


def _fault(
    line: dict[str, Any], cells: Cells, places: list[int], contexts: Mapping[str, ColumnContext]
) -> str | None:
    """What is wrong with a correction (a key of `_REFUSED`); `places`: indices of its submission's rows."""
    name = line["column"]
    if not places:
        return "submission"
    if name not in contexts or name not in cells or name == "submission_id":
        return "column"
    texts = [line["expected"], line["value"], *(cells[name][index] for index in places)]
    column = pl.DataFrame({name: texts}, schema={name: pl.String})
    reading = read_columns(column, {name: contexts[name]})[name]
    values, rules = reading.values.to_list(), reading.rules.to_list()
    holds = all(
        _is_same(texts[0], text, values[0], value, rules[0])
        for text, value in zip(texts[2:], values[2:], strict=True)
    )
    if not holds:
        return "expected"
    return "value" if rules[1] in UNREADABLE_RULES else None


def _is_same(
    expected: str | None, text: str | None, expected_value: object, value: object, rule: str | None
) -> bool:
    """Whether a cell holds what is expected: the same text, or the same value where the expected one is read.

    `rule`: the rule by which the expected text was read.
    """
    if (expected or "").strip() == (text or "").strip():
        return True
    if rule in UNREADABLE_RULES or expected_value != value:
        return False
    return expected_value is not None or not (text or "").strip()


def _refusal(line: dict[str, Any], fault: str) -> Finding:
    return Finding(
        "corrections",
        "correction_applies",
        f"Row {line['row']}: {_REFUSED[fault]}",
        row_key=line["submission_id"],
        column=line["column"],
    )


def _readings(
    raw: pl.DataFrame,
    ids: list[str | None],
    before: Cells,
    changed: Mapping[tuple[int, str], str | None],
) -> Iterator[dict[str, object]]:
    """One row of the dictionary table READINGS per cell changed."""
    rows = raw["row"].to_list()
    for (index, name), value in changed.items():
        yield {
            "table": "submissions",
            "row": rows[index],
            "row_key": ids[index],
            "column": name,
            "before": before[name][index],
            "after": value,
            "rule": CORRECTION,
        }
