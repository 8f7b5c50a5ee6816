"""How an expectation and a suite of Great Expectations are tied to our tables and findings.

Belongs here: the frozen shapes, and the checks that refuse a wrong suite (a personal column in an
expectation, a message or a row key; one name for two things). Must stay out: any particular expectation
(`suites/`), how it is validated (`adapter.py`) and worded (`messages.py`). Great Expectations is not imported
here: its objects are only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any

import polars as pl

from expectations.limits import RoundLimits
from programme.vocabulary import Severity
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES, Table

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation import Expectation

Tables = Mapping[str, pl.DataFrame]
ALL_TABLES: dict[str, Table] = {**INPUT_TABLES, **WORKING_TABLES, **PUBLISHED_TABLES}
EVERY_TABLE = "*"
"""`TableSuite.table` of a suite over several tables: each row says which in its column `table`."""
STOP = "critical"
"""The severity of Great Expectations that means `stop`; every other means `warn`."""


@dataclass(frozen=True)
class Expected:
    """One expectation of Great Expectations with what a finding needs to know about it.

    Several may share a `name`: they are one expectation to a reader of findings, which fails where any of
    them fails. Those that also share `column` and `message` make one finding a row. `message` may name
    columns of the suite's frame in braces (a row of it is filled in), or `{observed}` where the expectation
    is about the table as a whole.
    """

    name: str
    severity: Severity
    why: str
    column: str | None
    message: str
    expectation: Expectation

    @classmethod
    def read(cls, expectation: Expectation) -> Expected:
        """What `suites/common.py` noted in the expectation: its `meta`, `notes` and `severity`."""
        meta: Mapping[str, Any] = expectation.meta or {}
        severity: Severity = "stop" if expectation.severity == STOP else "warn"
        why = str(expectation.notes)
        return cls(meta["name"], severity, why, meta["column"], meta["message"], expectation)

    @property
    def about_rows(self) -> bool:
        """Whether each failing row is a finding; otherwise the table as a whole is one."""
        return bool(columns_of(self.expectation)) and float(getattr(self.expectation, "mostly", 1)) == 1


@dataclass(frozen=True)
class TableSuite:
    """A suite of Great Expectations, and the frame it looks at.

    `table` is the table the findings speak of (the cell of the column `table` where it is `EVERY_TABLE`);
    `needs` are the tables it cannot do without; `frame` makes what the suite looks at from the stage's tables
    (one row of it = one row a finding can name by `row_key`); `build` makes the suite for a round's limits.
    An `optional` suite is left out where its own table is absent.
    """

    name: str
    table: str
    needs: tuple[str, ...]
    frame: Callable[[Tables], pl.DataFrame]
    row_key: tuple[str, ...]
    build: Callable[[RoundLimits], ExpectationSuite]
    optional: bool = False

    @property
    def personal(self) -> frozenset[str]:
        """Columns of the frame that neither Great Expectations nor a message may see: those that are personal
        in any table the frame is made from.
        """
        sources = {self.table, *self.needs} - {EVERY_TABLE}
        return frozenset(
            column.name for name in sources for column in ALL_TABLES[name].columns if column.personal
        )

    def expected(self, limits: RoundLimits) -> tuple[Expected, ...]:
        """The suite's expectations in order. Raises `ValueError` for a suite that must not be used."""
        return self.admit(self.build(limits).expectations)

    def admit(self, expectations: Iterable[Expectation]) -> tuple[Expected, ...]:
        """These expectations, if all may be asked of this table. Raises `ValueError` where one looks at or
        shows a personal column, or has the name of another with a different severity or reason.
        """
        admitted = tuple(Expected.read(expectation) for expectation in expectations)
        named: dict[str, tuple[str, str]] = {}
        for item in admitted:
            if named.setdefault(item.name, (item.severity, item.why)) != (item.severity, item.why):
                raise ValueError(f"suite {self.name}: two expectations of one name: {item.name}")
        seen = {name for item in admitted for name in columns_of(item.expectation)}
        shown = {*self.row_key, *(name for item in admitted for name in fields_of(item.message))}
        for what, names in (("an expectation looks at", seen), ("a message or row key shows", shown)):
            if personal := names & self.personal:
                raise ValueError(f"suite {self.name}: {what} personal columns {sorted(personal)}")
        return admitted


def columns_of(expectation: Expectation) -> tuple[str, ...]:
    """Columns that an expectation looks at, those of its row condition included; none where it is about the
    table as a whole.
    """
    single = [getattr(expectation, name, None) for name in ("column", "column_A", "column_B")]
    several = getattr(expectation, "column_list", None) or ()
    condition = _columns_of_condition(getattr(expectation, "row_condition", None))
    return tuple(dict.fromkeys(str(name) for name in (*single, *several, *condition) if name is not None))


def _columns_of_condition(condition: Any) -> list[str]:
    if condition is None:
        return []
    parts: Iterable[Any] = getattr(condition, "conditions", ())
    return (
        [condition.column.name] if not parts else [n for part in parts for n in _columns_of_condition(part)]
    )


def fields_of(message: str) -> set[str]:
    """Columns that a message names in braces."""
    return {field for _, field, _, _ in Formatter().parse(message) if field}
