"""What a table and a column are; polars schemas, the datapackage and the generated page follow from them.

Belongs here: the shape of a description and what can be derived from it. Must stay out: any particular table
(`inputs.py`, `working.py`, `published.py`) and how a frame is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

DataType = pl.DataType | type[pl.DataType]

MOMENT = pl.Datetime("us", "UTC")
"""Every moment is kept in UTC to the microsecond; the round's time zone is applied where a rule needs it."""


@dataclass(frozen=True)
class Length:
    """How many letters a text of an input may have, and why that is enough."""

    letters: int
    why: str


@dataclass(frozen=True)
class Column:
    """One column: its name, type and meaning, and what any value of it must satisfy.

    `unit` is a unit of measure or "" where none applies; `nullable` says whether the value may be absent;
    `personal` marks data about a person, which never leaves the restricted area; `values` lists the only
    values allowed (empty: any); `minimum`/`maximum` bound numbers, inclusive; `longest` bounds the text of a
    cell of an input (None: what is made of the cell bounds it).
    """

    name: str
    dtype: DataType
    meaning: str
    unit: str = ""
    nullable: bool = True
    personal: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    longest: Length | None = None


@dataclass(frozen=True)
class Table:
    """One table: what a row of it is (`grain`), its primary key, and its columns in order.

    `in_order` says that the order of the rows means something, so that it is kept.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    in_order: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})
        if unknown := set(self.key) - set(self._by_name):
            raise ValueError(f"table {self.name}: key columns {sorted(unknown)} are not columns of it")

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(self._by_name)

    @property
    def schema(self) -> pl.Schema:
        """The polars schema, in column order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """A frame of no rows with the table's schema."""
        return pl.DataFrame(schema=self.schema)

    def among(self, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """This table among some of one version; without rows where an older program made them without it."""
        found = tables.get(self.name)
        return self.empty() if found is None else found

    def frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """A conforming frame from plain rows; a column no row names is null."""
        return self.conform(pl.DataFrame(rows, schema=self.schema, orient="row")) if rows else self.empty()

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly this table's columns and types, in one chunk, sorted by its key.

        A table whose rows are in order already keeps that order.

        So the same rows give the same bytes. Raises `ValueError` naming every column that is missing, and
        polars' own error where a value does not fit the type.
        """
        if missing := [name for name in self.names if name not in frame.columns]:
            raise ValueError(f"table {self.name}: missing columns {missing}; found {frame.columns}")
        typed = frame.select(pl.col(c.name).cast(c.dtype) for c in self.columns)
        if not self.in_order:
            typed = typed.sort(self.key, nulls_last=True, maintain_order=True)
        return typed.rechunk()
