"""From raw columns to a table of the dictionary: typed rows, rows set aside, what was understood, what was
noticed.

Belongs here: applying the readers to every column, and the row rule (a row that lacks a required value is set
aside, counted, never dropped). Must stay out: formats and headings (`formats.py`, `headings.py`), and the
rules of single cells (`readers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tasks.decisions.file_rows import decision_ids, invalid_rows
from tasks.ingest.cells import countries
from tasks.ingest.cells.column_readers import Context, read_columns
from tasks.ingest.cells.understood import NOTHING, Understood
from tasks.ingest.tables import reading_findings as findings
from tasks.ingest.tables.repeated import repeated
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES
from warehouse.dictionary.model import Table

SET_ASIDE, READINGS, FINDINGS = (
    WORKING_TABLES["set_aside"],
    WORKING_TABLES["readings"],
    PUBLISHED_TABLES["findings"],
)
_ID = {"submissions": "submission_id", "cohort": "utm_id", "gcom": "gcom_id", "evaluations": "submission_id"}
"""The column whose value names a row to a person."""
KEPT_UNREADABLE = frozenset({("submissions", "submitted_at"), ("submissions", "country"), ("cohort", "country"), ("gcom", "country"),
                             ("collaborations", "country_a"), ("collaborations", "country_b")})  # fmt: skip
"""Required columns whose cell may be unreadable without costing the row: a time stamp is for a person to
judge, a country is kept as typed.
"""


@dataclass(frozen=True)
class TableRead:
    """One table's `frame` (dictionary schema), its `set_aside`, `readings` and `findings`."""

    frame: pl.DataFrame
    set_aside: pl.DataFrame
    readings: pl.DataFrame
    findings: pl.DataFrame


def understand(
    name: str, raw: pl.DataFrame, contexts: Mapping[str, Context], refused: pl.DataFrame
) -> TableRead:
    """Understand the rows of one input.

    `raw`: column `row` and one String column per canonical column found; `contexts`: what is known of each;
    `refused`: rows already refused (dictionary table SET_ASIDE).
    """
    table = INPUT_TABLES[name]
    read = read_columns(raw, contexts)
    keys = row_keys(name, raw["row"], read)
    typed = _typed(table, raw["row"], read)
    invalid = invalid_rows(typed, keys) if name == "decisions" else SET_ASIDE.empty()
    aside = pl.concat([refused, _lacking(name, typed, read, keys, contexts), invalid])
    aside = aside.unique("row", keep="first", maintain_order=True)
    aside = pl.concat([aside, repeated(name, *_without(typed, keys, aside))])
    kept, _ = _without(typed, keys, aside)
    return TableRead(
        table.conform(kept),
        SET_ASIDE.conform(aside),
        READINGS.conform(_readings(name, raw, read, typed, keys)),
        findings.of_cells(name, read, keys, contexts),
    )


def _without(typed: pl.DataFrame, keys: pl.Series, aside: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    stays = ~typed["row"].is_in(aside["row"].to_list())
    return typed.filter(stays), keys.filter(stays)


def row_keys(name: str, rows: pl.Series, read: dict[str, Understood]) -> pl.Series:
    """How each row is named to a person: its id, else `row-NNNN`."""
    numbered = "row-" + rows.cast(pl.String).str.zfill(4)
    if _ID.get(name) not in read:
        return numbered.alias("row_key")
    return pl.select(pl.coalesce(read[_ID[name]].values, numbered)).to_series().alias("row_key")


def _typed(table: Table, rows: pl.Series, read: dict[str, Understood]) -> pl.DataFrame:
    columns = {"row": rows} | {name: item.values for name, item in read.items()}
    for name in table.names:
        if name.endswith("_iso3") and name.removesuffix("_iso3") in columns:
            columns[name] = countries.to_iso3_series(columns[name.removesuffix("_iso3")])
    if table.name == "decisions":
        columns["decision_id"] = decision_ids(columns, len(rows))
    if table.name == "gcom" and "status" not in columns:
        columns["status"] = pl.Series(["active"]).new_from_index(0, len(rows))
    for column in table.columns:
        columns.setdefault(column.name, pl.Series([None]).cast(column.dtype).new_from_index(0, len(rows)))
    return pl.DataFrame({"row": rows} | {name: columns[name].cast(table[name].dtype) for name in table.names})


def _lacking(
    name: str,
    typed: pl.DataFrame,
    read: dict[str, Understood],
    keys: pl.Series,
    contexts: Mapping[str, Context],
) -> pl.DataFrame:
    """Rows without a usable value in a required column, one row a fault, in order of the form."""
    parts = [SET_ASIDE.empty().lazy()]
    for column, context in contexts.items():
        if context.form.required and typed[column].null_count():
            cells = pl.DataFrame(
                {"row": typed["row"], "row_key": keys, "value": typed[column], "rule": read[column].rules}
            ).lazy()
            parts.append(cells.filter(pl.col("value").is_null()).pipe(_reasons, name, column))
    return pl.concat(parts).collect()


def _reasons(cells: pl.LazyFrame, name: str, column: str) -> pl.LazyFrame:
    unreadable = pl.col("rule").is_in(NOTHING).fill_null(value=False)
    if (name, column) in KEPT_UNREADABLE:
        cells = cells.filter(~unreadable)
    said = (
        pl.when(unreadable)
        .then(pl.lit(f"{column} holds something that could not be read"))
        .otherwise(pl.lit(f"{column} is blank"))
    )
    return cells.select(
        pl.lit(name).alias("table"), "row", "row_key", pl.lit(column).alias("column"), said.alias("reason")
    )


def _readings(
    name: str, raw: pl.DataFrame, read: dict[str, Understood], typed: pl.DataFrame, keys: pl.Series
) -> pl.DataFrame:
    parts = [READINGS.empty().lazy()]
    for column, item in read.items():
        if item.rules.null_count() < len(item.rules):
            after = typed[f"{column}_iso3"] if f"{column}_iso3" in typed.columns else item.values
            cells = pl.DataFrame(
                {
                    "row": raw["row"],
                    "row_key": keys,
                    "before": raw[column],
                    "after": after,
                    "rule": item.rules,
                }
            ).lazy()
            parts.append(
                cells.filter(pl.col("rule").is_not_null()).select(
                    pl.lit(name).alias("table"),
                    "row",
                    "row_key",
                    pl.lit(column).alias("column"),
                    "before",
                    _shown(after.dtype),
                    "rule",
                )
            )
    return pl.concat(parts).collect()


def _shown(dtype: pl.DataType) -> pl.Expr:
    """A value as a person would write it."""
    after = pl.col("after")
    if isinstance(dtype, pl.Datetime):
        return after.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if dtype == pl.List(pl.String()):
        return after.list.join("; ")
    if isinstance(dtype, pl.List):
        return after.list.eval(pl.element().struct.json_encode()).list.join("; ")
    return after.cast(pl.String)
