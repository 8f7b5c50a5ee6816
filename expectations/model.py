"""What an expectation and a suite are, and the limits they measure against.

Belongs here: the frozen shapes, and the checks that make a wrong suite impossible to build (a personal column
in a message, two expectations of one name). Must stay out: any particular expectation (`suites/`), how rows
are judged (`adapter.py`) and worded (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

import polars as pl

from programme.expectations import ExpectedCounts
from programme.programme import Programme
from programme.rounds import add_months
from programme.vocabulary import Severity
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES, Table

Tables = Mapping[str, pl.DataFrame]
ALL_TABLES: dict[str, Table] = {**INPUT_TABLES, **WORKING_TABLES, **PUBLISHED_TABLES}
EVERY_TABLE = "*"
"""`Suite.table` of a suite over several tables: each row says which in its column `table`."""


@dataclass(frozen=True)
class Limits:
    """What the suites measure against, beside the tables themselves.

    `max_twinnings` and `max_cities` are what this round may still give out (the round's capacity less what
    earlier rounds confirmed); `opens_at` is zone-aware; `latest` is the last day any date of the round's data
    can be; `topics` and `regions` are the known ids.
    """

    counts: ExpectedCounts
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    opens_at: datetime
    latest: date
    max_twinnings: int
    max_cities: int

    @classmethod
    def of(
        cls,
        programme: Programme,
        round_id: str,
        as_of: datetime,
        max_twinnings: int | None = None,
        max_cities: int | None = None,
    ) -> Limits:
        """The limits of one round, judged from the moment `as_of` (zone-aware); a capacity that is not given
        is the round's own.
        """
        round_ = programme.rounds.get(round_id)
        over = add_months(round_.twinnings_start, programme.expectations.latest_date.months_after_start)
        return cls(
            counts=programme.expectations,
            topics=programme.topics.ids,
            regions=tuple(programme.regions.regions),
            opens_at=round_.opens_at,
            latest=max(over, as_of.astimezone(round_.zone).date()),
            max_twinnings=round_.max_twinnings if max_twinnings is None else max_twinnings,
            max_cities=round_.max_cities if max_cities is None else max_cities,
        )


@dataclass(frozen=True)
class Verdict:
    """One yes or no per row, and what a no means for which column.

    `holds` must answer every row: a null counts as no, so that a rule which forgot about absent values shows
    up instead of passing. `message` may name columns of the suite's frame in braces; they are shown cleaned
    and cut, and never if they are personal.
    """

    column: str | None
    holds: pl.Expr
    message: str


@dataclass(frozen=True)
class RowRule:
    """Every row must satisfy every verdict; each failing row becomes a finding."""

    name: str
    severity: Severity
    why: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class ShareRule:
    """At least this share of the rows must satisfy `holds`; one finding for the table. A table of no rows has
    no share and passes.
    """

    name: str
    severity: Severity
    why: str
    column: str | None
    holds: pl.Expr
    at_least: float
    message: str


@dataclass(frozen=True)
class CountRule:
    """The frame must have between `minimum` and `maximum` rows (None: no bound); one finding for the
    table.
    """

    name: str
    severity: Severity
    why: str
    minimum: int | None
    maximum: int | None
    message: str


Rule = RowRule | ShareRule | CountRule


@dataclass(frozen=True)
class Suite:
    """Everything expected of one table.

    `table` is the table the findings speak of (the cell of the column `table` where it is `EVERY_TABLE`);
    `frame` computes what the rules look at from the stage's tables (one row of it = one row a finding can
    name by `row_key`); `needs` are the tables it cannot do without. An `optional` suite is left out where its
    own table is absent.
    """

    name: str
    table: str
    needs: tuple[str, ...]
    frame: Callable[[Tables], pl.DataFrame]
    row_key: tuple[str, ...]
    rules: tuple[Rule, ...]
    optional: bool = False

    @property
    def personal(self) -> frozenset[str]:
        """Columns of the frame whose cells no message may show: those that are personal in any table the
        frame is made from.
        """
        sources = {self.table, *self.needs} - {EVERY_TABLE}
        return frozenset(
            column.name for name in sources for column in ALL_TABLES[name].columns if column.personal
        )

    def __post_init__(self) -> None:
        names = [rule.name for rule in self.rules]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"suite {self.name}: two expectations of one name: {sorted(repeated)}")
        shown = set(self.row_key).union(
            *(_fields(message) for rule in self.rules for message in _messages(rule))
        )
        if personal := shown & self.personal:
            raise ValueError(
                f"suite {self.name}: a message or row key shows personal columns {sorted(personal)}"
            )


def _messages(rule: Rule) -> tuple[str, ...]:
    return (
        tuple(verdict.message for verdict in rule.verdicts) if isinstance(rule, RowRule) else (rule.message,)
    )


def _fields(message: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(message) if field}
