"""The tables of a round without what looks personal in their public columns.

Belongs here: which columns are looked at and how, the findings, and the readings that keep the originals.
Must stay out: what is personal (`patterns.py`, `people.py`) and what stands in its place (`masks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from programme.counts import listed
from programme.programme import Programme
from tasks.decisions.file_rows import decision_ids
from tasks.ingest.inputs import ReadTable
from tasks.ingest.personal.masks import Masked, mask_id, mask_link, mask_reference, mask_text
from tasks.ingest.personal.named_people import REGISTERS, ROW_IDS, people_of_tables
from tasks.ingest.personal.people import People
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.dictionary.model import Column
from warehouse.dictionary.published import FINDINGS
from warehouse.dictionary.working import READINGS

RULE = "masked"
"""The reading rule of a cell that was masked."""
EXPECTATION = "no_personal_data"
_IDS = ("submission_id", "evaluator_id", "utm_id", "gcom_id", "column", "kind")
_KEYS = {
    "submissions": "submission_id",
    "cohort": "utm_id",
    "gcom": "gcom_id",
    "evaluations": "submission_id",
}
"""Table to the column that names its rows to a person; other rows are named by their number."""
_REFERENCES = {"decisions": ("subject", "object", "value", "members")}
_LINKS = ("plan_url",)
MANY = 20
"""Findings in one column that are told one by one; of more, the count and the first."""

Mask = Callable[[str], Masked]


def masked_tables(tables: Mapping[str, ReadTable], programme: Programme) -> dict[str, ReadTable]:
    """Every table, masked; the names of persons are those that any of the tables gives."""
    people = people_of_tables(tables.values(), programme)
    masked = {name: masked_table(read, people) for name, read in tables.items()}
    # A finding of one table may quote another: a correction is judged with the form that it corrects.
    originals = [read.readings.filter(rule=RULE).select("before", "after") for read in masked.values()]
    texts = dict(pl.concat(originals).unique().iter_rows())
    return {name: _with_messages(read, texts, people) for name, read in masked.items()}


def _with_messages(read: ReadTable, texts: Mapping[str, str], people: People) -> ReadTable:
    """The table, its findings without what was masked anywhere."""
    messages = _without(read.findings["message"], texts)
    findings = read.findings.with_columns(
        _masked_column(messages, partial(mask_link, people=people)),
        _masked_column(read.findings["column"], partial(mask_id, people=people)),
        _masked_column(read.findings["row_key"], partial(mask_id, people=people)),
    )
    return replace(read, findings=findings)


def masked_table(read: ReadTable, people: People) -> ReadTable:
    """One table, masked: its rows, and every row that names one of them by its id."""
    table = read.passport.table
    frame, changed = _masked_frame(table, read.frame, people)
    unused, aside = _masked_frame(table, read.unused, people)
    key = partial(mask_id, people=people)
    changed = changed.with_columns(_masked_column(changed["row_key"], key))
    every = pl.concat([changed, aside.with_columns(_masked_column(aside["row_key"], key))])
    texts = dict(every.select("before", "after").unique().iter_rows())
    if table == "decisions" and not changed.is_empty():
        frame = _with_own_ids(read.frame, frame)
    findings = read.findings.with_columns(
        _masked_column(read.findings["row_key"], key), _without(read.findings["message"], texts)
    )
    told = findings_frame(_findings(table, changed))
    readings = read.readings.with_columns(_masked_column(read.readings["row_key"], key))
    return replace(
        read,
        frame=INPUT_TABLES[table].conform(frame),
        unused=INPUT_TABLES[table].conform(unused),
        set_aside=read.set_aside.with_columns(_masked_column(read.set_aside["row_key"], key)),
        readings=_with_originals(table, readings, every),
        findings=FINDINGS.conform(pl.concat([findings, told])),
        marks=read.marks.with_columns(_masked_column(read.marks["submission_id"], key)),
    )


def without_addresses_in(read: ReadTable) -> ReadTable:
    """A table that is read alone, where nobody knows the names of persons: without addresses and numbers."""
    return masked_table(read, People())


def _with_own_ids(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Decisions whose ids are those of what they say now; an `undo` in the file names them so too."""
    content = [name for name in after.columns if name != "decision_id"]
    new: dict[str, str] = {}
    for position, old in enumerate(after["decision_id"].to_list()):
        row = after[position]
        if not row.select(content).equals(before[position].select(content)):
            new[old] = decision_ids({name: row[name] for name in content}, 1)[0]
    undo = pl.col("kind") == "undo"
    return after.with_columns(
        pl.col("decision_id").replace(new),
        pl.when(undo).then(pl.col("subject").replace(new)).otherwise("subject").alias("subject"),
    )


_CHANGED = pl.Schema(
    {
        "row": pl.Int64(),
        "row_key": pl.String(),
        "column": pl.String(),
        "before": pl.String(),
        "after": pl.String(),
        "what": pl.String(),
    }
)
"""One row a cell that was masked."""


def _masked_frame(table: str, frame: pl.DataFrame, people: People) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with masks, and the cells that got one (`_CHANGED`)."""
    changed = [pl.DataFrame(schema=_CHANGED)]
    masks: dict[str, pl.Series] = {}
    for column in INPUT_TABLES[table].columns:
        mask = mask_of(table, column, people)
        if mask is None or frame.is_empty():
            continue
        found = _changed_cells(frame[column.name], mask)
        if found:
            masks[column.name] = _replaced(frame[column.name], {at: one for at, (_, one, _) in found.items()})
            changed.append(_changed_rows(frame, table, column.name, found))
    return frame.with_columns(*masks.values()), pl.concat(changed)


def mask_of(table: str, column: Column, people: People) -> Mask | None:
    """How a column is masked; None where it is not published, or can hold nothing but words of a list."""
    is_text = column.dtype == pl.String or isinstance(column.dtype, pl.List)
    if column.personal or column.values or not is_text or column.longest is None:
        return None
    if table in REGISTERS and column.name in ("name", *ROW_IDS):
        people = People()
    if column.name in _IDS:
        return partial(mask_id, people=people)
    if column.name in _REFERENCES.get(table, ()):
        return partial(mask_reference, people=people)
    return partial(mask_link if column.name in _LINKS else mask_text, people=people)


def _changed_cells(cells: pl.Series, mask: Mask) -> dict[int, tuple[Any, Any, str]]:
    """Position to what stood in a cell, what stands there now, and what was masked."""
    found: dict[int, tuple[Any, Any, str]] = {}
    known: dict[str, Masked] = {}

    def masked(text: str) -> Masked:
        if text not in known:
            known[text] = mask(text)
        return known[text]

    for position, cell in enumerate(cells.to_list()):
        if cell:
            after, what = _masked_cell(cell, masked)
            if what:
                found[position] = (cell, after, listed(dict.fromkeys(what)))
    return found


def _masked_cell(cell: Any, mask: Mask) -> tuple[Any, list[str]]:
    """A text, a list of texts or a list of records, masked text by text."""
    if isinstance(cell, str):
        one = mask(cell)
        return one.text, list(one.what)
    if isinstance(cell, dict):
        parts = {name: _masked_cell(value, mask) for name, value in cell.items()}
        return {name: value for name, (value, _) in parts.items()}, [
            w for _, what in parts.values() for w in what
        ]
    if isinstance(cell, list):
        items = [_masked_cell(value, mask) for value in cell]
        return [value for value, _ in items], [w for _, what in items for w in what]
    return cell, []


def _replaced(cells: pl.Series, new: Mapping[int, Any]) -> pl.Series:
    values = cells.to_list()
    for position, value in new.items():
        values[position] = value
    return pl.Series(cells.name, values, dtype=cells.dtype)


def _changed_rows(
    frame: pl.DataFrame, table: str, column: str, found: Mapping[int, tuple[Any, Any, str]]
) -> pl.DataFrame:
    """The cells that were masked; a decision has no number of a row."""
    rows = frame["row"].to_list() if "row" in frame.columns else [None] * frame.height
    keys = frame[_KEYS[table]].to_list() if table in _KEYS else [None] * frame.height
    return pl.DataFrame(
        [
            (rows[at], keys[at] or _numbered(rows[at]), column, _written(before), _written(after), what)
            for at, (before, after, what) in found.items()
        ],
        schema=_CHANGED,
        orient="row",
    )


def _numbered(row: int | None) -> str | None:
    return None if row is None else f"row-{row:04}"


def _written(cell: Any) -> str:
    """A cell as a person would write it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dict):
        return " | ".join(str(value) for value in cell.values() if value is not None)
    return "; ".join(map(_written, cell))


def _masked_column(texts: pl.Series, mask: Mask) -> pl.Series:
    different = texts.unique(maintain_order=True).drop_nulls().to_list()
    new = {text: masked.text for text in different if (masked := mask(text)).what}
    return texts.replace(new) if new else texts


def _without(messages: pl.Series, texts: Mapping[str, str]) -> pl.Series:
    """Messages in which texts that were masked are masked too."""
    if not texts:
        return messages
    longest = sorted(texts, key=len, reverse=True)
    return messages.str.replace_many(longest, [texts[text] for text in longest], leftmost=True)


def _findings(table: str, changed: pl.DataFrame) -> Iterator[Finding]:
    for (column,), cells in changed.partition_by("column", as_dict=True, maintain_order=True).items():
        rows = cells.sort("row").rows(named=True)
        first = rows[0]
        says = "It is masked in everything that is published; the kept input has the original."
        if len(rows) > MANY:
            counted = f"{len(rows)} cells hold what looks personal, the first in row {first['row']}. {says}"
            yield Finding.about_table(table, EXPECTATION, counted, column=str(column))
            continue
        for row in rows:
            where = "A cell" if row["row"] is None else f"Row {row['row']}: the cell"
            message = f"{where} holds what looks like {row['what']}. {says}"
            yield Finding(table, EXPECTATION, message, row_key=row["row_key"], column=str(column))


def _with_originals(table: str, readings: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """The readings with one of each masked cell, which keeps what stood there."""
    changed = changed.drop_nulls("row")
    if changed.is_empty():
        return readings
    written = readings.select("row", "column", "before").rename({"before": "written"})
    own = (
        changed.join(written, on=["row", "column"], how="left")
        .with_columns(
            pl.lit(table).alias("table"),
            pl.coalesce("written", "before").alias("before"),
            pl.lit(RULE).alias("rule"),
        )
        .select(READINGS.names)
    )
    others = readings.join(own, on=["row", "column"], how="anti")
    return READINGS.conform(pl.concat([others.select(READINGS.names), own]))
