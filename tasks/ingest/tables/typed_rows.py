"""From raw columns to a table of the dictionary: typed rows, rows set aside, readings, findings.

Belongs here: applying the readers to every column, and the row rule (a row that lacks a required value is set
aside and counted, never dropped). Must stay out: files and headings, and the rules of single cells
(`tasks/ingest/cells`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from programme.programme import Programme
from tasks.decisions.file_rows import decision_ids, invalid_rows
from tasks.ingest.cells import countries
from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_reading import UNREADABLE_RULES, ColumnReading
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.tables.cell_findings import cell_findings
from tasks.ingest.tables.duplicate_rows import superseded_rows
from tasks.ingest.tables.other_senders import apart_by_sender
from tasks.ingest.tables.row_identity import own_ids, rounded_ids
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.inputs import INPUT_TABLES
from warehouse.dictionary.model import Table
from warehouse.dictionary.working import READINGS, SET_ASIDE

_ID = {
    "submissions": "submission_id",
    "cohort": "utm_id",
    "gcom": "gcom_id",
    "evaluations": "submission_id",
}
"""The column whose value names a row to a person."""
KEPT_UNREADABLE = frozenset({("submissions", "submitted_at")})
"""Required columns (table, column) whose cell may hold nothing understood without costing the row.

A time stamp is for a person to judge. (A country nobody knows is kept as typed, so its cell has a value.)
"""
_CODE = "_iso3"
"""What the name of a column of country codes ends in; before it stands the column of the countries."""
_OF_A_SCORE = ("criterion", "score")
"""Columns of `evaluations` that a declared conflict of interest does not need: it is no score."""

Readings = Mapping[str, ColumnReading]


@dataclass(frozen=True)
class TypedRows:
    """One table, read.

    `frame`: the rows used (dictionary schema of the table); `unused`: the rows set aside, as far as they
    could be read, by the same schema. `set_aside`, `readings`: dictionary tables. `n_superseded`: how many of
    those set aside gave way to a later row of the same id.
    """

    frame: pl.DataFrame
    unused: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: tuple[Finding, ...]
    n_superseded: int


def typed_rows(
    table: str,
    raw: pl.DataFrame,
    contexts: Mapping[str, ColumnContext],
    refused: pl.DataFrame,
    programme: Programme,
) -> TypedRows:
    """Read the rows of one input.

    `raw`: column `row` and one String column per canonical column found. `contexts`: what is known of each.
    `refused`: rows already refused (dictionary table SET_ASIDE). Every row of `raw` is in `frame` or in
    `set_aside`, once.
    """
    schema = INPUT_TABLES[table]
    readings = read_columns(raw, contexts)
    keys = row_keys(table, raw["row"], readings)
    typed = _typed(schema, raw["row"], readings)
    faulty = [refused, _lacking(table, typed, readings, keys, contexts)]
    if table == "decisions":
        faulty.append(invalid_rows(typed, keys))
    aside = pl.concat(faulty).unique("row", keep="first", maintain_order=True)
    usable, about_ids = own_ids(table, _without(typed, aside), contexts)
    if table == "submissions":
        usable, about_senders = apart_by_sender(usable, programme)
        about_ids += about_senders
    keys = _keys_of(table, usable, typed["row"], keys)
    superseded = superseded_rows(table, usable, keys.filter(typed["row"].is_in(usable["row"].to_list())))
    used = _without(usable, superseded)
    return TypedRows(
        schema.conform(used),
        schema.conform(typed.join(used, on="row", how="anti")),
        SET_ASIDE.conform(pl.concat([aside, superseded])),
        READINGS.conform(_reading_rows(table, raw, readings, typed, keys)),
        (
            *rounded_ids(table, readings, contexts),
            *about_ids,
            *cell_findings(table, readings, keys, contexts, typed["row"], used["row"]),
        ),
        superseded.height,
    )


def _without(typed: pl.DataFrame, aside: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not set aside."""
    return typed.filter(~pl.col("row").is_in(aside["row"].to_list()))


def _keys_of(table: str, usable: pl.DataFrame, rows: pl.Series, keys: pl.Series) -> pl.Series:
    """The keys of all rows, with the ids that usable rows of one id were given."""
    if table not in _ID:
        return keys
    given = usable.select("row", pl.col(_ID[table]).alias("id"))
    joined = pl.DataFrame({"row": rows, "key": keys}).join(given, on="row", how="left", maintain_order="left")
    return joined.select(pl.coalesce("id", "key").alias("row_key")).to_series()


def row_keys(table: str, rows: pl.Series, readings: Readings) -> pl.Series:
    """How each row is named to a person: its id, else `row-NNNN`."""
    numbered = "row-" + rows.cast(pl.String).str.zfill(4)
    if _ID.get(table) not in readings:
        return numbered.alias("row_key")
    return pl.select(pl.coalesce(readings[_ID[table]].values, numbered)).to_series().alias("row_key")


def _typed(table: Table, rows: pl.Series, readings: Readings) -> pl.DataFrame:
    """The values of every column of the dictionary; null (or what blank means) where it is not there."""
    columns = {"row": rows} | {name: reading.values for name, reading in readings.items()}
    for name in table.names:
        if name.endswith(_CODE) and name.removesuffix(_CODE) in columns:
            columns[name] = countries.to_iso3_series(columns[name.removesuffix(_CODE)])
    if "conflict" in readings:
        # Neither yes nor no: somebody said something about a conflict, so nothing is scored on it unasked.
        unclear = readings["conflict"].rules.is_in(UNREADABLE_RULES).fill_null(value=False)
        said = readings["conflict"].values
        columns["conflict"] = pl.select(pl.when(unclear).then(pl.lit(value=True)).otherwise(said)).to_series()
    if table.name == "decisions":
        columns["decision_id"] = decision_ids(columns, len(rows))
    if table.name == "gcom" and "status" not in columns:
        columns["status"] = pl.Series(["active"]).new_from_index(0, len(rows))
    for column in table.columns:
        columns.setdefault(column.name, pl.Series([None]).cast(column.dtype).new_from_index(0, len(rows)))
    return pl.DataFrame({"row": rows} | {name: columns[name].cast(table[name].dtype) for name in table.names})


def _lacking(
    table: str,
    typed: pl.DataFrame,
    readings: Readings,
    keys: pl.Series,
    contexts: Mapping[str, ColumnContext],
) -> pl.DataFrame:
    """Rows without a usable value in a required column, one row a fault, in order of the form."""
    parts = [SET_ASIDE.empty().lazy()]
    for column, context in contexts.items():
        if context.form.required and typed[column].null_count():
            cells = {"row": typed["row"], "row_key": keys, "value": typed[column]}
            frame = pl.DataFrame(cells | {"rule": readings[column].rules})
            if table == "evaluations" and column in _OF_A_SCORE:
                frame = frame.filter(~typed["conflict"].fill_null(value=False))
            parts.append(frame.lazy().filter(pl.col("value").is_null()).pipe(_reasons, table, column))
    return pl.concat(parts).collect()


def _reasons(cells: pl.LazyFrame, table: str, column: str) -> pl.LazyFrame:
    """Why each row whose cell has no value is set aside."""
    is_unreadable = pl.col("rule").is_in(UNREADABLE_RULES).fill_null(value=False)
    if (table, column) in KEPT_UNREADABLE:
        cells = cells.filter(~is_unreadable)
    unreadable, blank = f"{column} holds something that could not be read", f"{column} is blank"
    return cells.select(
        pl.lit(table).alias("table"),
        "row",
        "row_key",
        pl.lit(column).alias("column"),
        pl.when(is_unreadable).then(pl.lit(unreadable)).otherwise(pl.lit(blank)).alias("reason"),
    )


def _reading_rows(
    table: str, raw: pl.DataFrame, readings: Readings, typed: pl.DataFrame, keys: pl.Series
) -> pl.DataFrame:
    """One row of the dictionary table READINGS per cell that was not taken as it stood."""
    parts = [READINGS.empty().lazy()]
    for column, reading in readings.items():
        if reading.rules.null_count() < len(reading.rules):
            after = typed[f"{column}{_CODE}"] if f"{column}{_CODE}" in typed.columns else reading.values
            cells = {"row": raw["row"], "row_key": keys, "before": raw[column], "after": after}
            frame = pl.DataFrame(cells | {"rule": reading.rules})
            parts.append(
                frame.lazy()
                .filter(pl.col("rule").is_not_null())
                .select(
                    pl.lit(table).alias("table"),
                    "row",
                    "row_key",
                    pl.lit(column).alias("column"),
                    "before",
                    _as_text(after.dtype),
                    "rule",
                )
            )
    return pl.concat(parts).collect()


def _as_text(dtype: pl.DataType) -> pl.Expr:
    """A value of the column `after` as a person would write it."""
    after = pl.col("after")
    if isinstance(dtype, pl.Datetime):
        return after.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if dtype == pl.List(pl.String()):
        return after.list.join("; ")
    if isinstance(dtype, pl.List):
        return after.list.eval(pl.element().struct.json_encode()).list.join("; ")
    return after.cast(pl.String)
