"""Ways to break one thing in a valid round, and a case: what is broken, and what must be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

Tables = dict[str, pl.DataFrame]
Change = Callable[[Tables], Tables]


def put(table: str, where: dict[str, object], **cells: object) -> Change:
    """Other cells in the rows that match."""

    def change(tables: Tables) -> Tables:
        frame = tables[table]
        hit = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
        assert frame.filter(hit).height, f"no row of {table} matches {where}"
        new = [
            pl.when(hit).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in cells.items()
        ]
        return tables | {table: frame.with_columns(new)}

    return change


def put_list(table: str, where: dict[str, object], column: str, value: list[object]) -> Change:
    """Another list in the rows that match."""

    def change(tables: Tables) -> Tables:
        rows = tables[table].to_dicts()
        for row in rows:
            if all(row[name] == wanted for name, wanted in where.items()):
                row[column] = value
        return tables | {table: pl.DataFrame(rows, schema=tables[table].schema)}

    return change


def double(table: str, **where: object) -> Change:
    """The matching rows once more."""

    def change(tables: Tables) -> Tables:
        frame = tables[table]
        return tables | {
            table: pl.concat(
                [
                    frame,
                    frame.filter(pl.all_horizontal(pl.col(name) == value for name, value in where.items())),
                ]
            )
        }

    return change


def drop(table: str, **where: object) -> Change:
    """Without the matching rows."""
    return lambda tables: (
        tables
        | {
            table: tables[table].filter(
                ~pl.all_horizontal(pl.col(name) == value for name, value in where.items())
            )
        }
    )


def many(table: str, times: int) -> Change:
    """Every row so many times."""
    return lambda tables: tables | {table: pl.concat([tables[table]] * times)}


def none(table: str) -> Change:
    """No rows."""
    return lambda tables: tables | {table: tables[table].clear()}


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(tables: Tables) -> Tables:
        for each in changes:
            tables = each(tables)
        return tables

    return change


def without(table: str, column: str) -> Change:
    """The table without one of its columns."""
    return lambda tables: tables | {table: tables[table].drop(column)}


@dataclass(frozen=True)
class Case:
    """What is broken, and which expectation must name which rows (None: the table as a whole)."""

    stage: str
    suite: str
    name: str
    change: Change
    keys: tuple[str | None, ...]

    @property
    def id(self) -> str:
        return f"{self.suite}-{self.name}"


def cases(stage: str, suite: str, rows: Iterable[tuple[str, Change, tuple[str | None, ...]]]) -> list[Case]:
    """The cases of one suite."""
    return [Case(stage, suite, *row) for row in rows]
