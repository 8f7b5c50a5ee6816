"""How much data each source is expected to bring and what is still plausible, from `expectations.toml`.

Belongs here: bounds the programme office may change. Must stay out: what a table must satisfy whatever the
round (`expectations/suites`), and the types, value sets and ranges of columns (`warehouse/dictionary`).
"""

from __future__ import annotations

from pydantic import Field, model_validator

from programme.rules import Rules
from programme.vocabulary import Severity


class Bound(Rules):
    """A bound that carries what happens beyond it, and why it is where it is."""

    severity: Severity
    why: str = Field(min_length=10)


class ExpectedCount(Bound):
    """Rows a source brings, inclusive."""

    minimum: int = Field(ge=0, description="rows")
    maximum: int = Field(ge=0, description="rows")

    @model_validator(mode="after")
    def _in_order(self) -> ExpectedCount:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum <= maximum; found {self.minimum} and {self.maximum}")
        return self


class ExpectedShare(Bound):
    """Least share of rows, 0-1."""

    minimum: float = Field(ge=0, le=1)


class LargestShare(Bound):
    """Largest share of rows, 0-1, before a person must look; fewer rows than `rows` say nothing, unless they
    are all.
    """

    maximum: float = Field(ge=0, le=1)
    rows: int = Field(ge=1, description="rows")

    def is_exceeded(self, n_rows: int, n_all: int) -> bool:
        """Whether `n_rows` of `n_all` rows are more than this share."""
        if not n_all or n_rows <= self.maximum * n_all:
            return False
        return n_rows >= self.rows or n_rows == n_all


class ExpectedMaximum(Bound):
    """Largest plausible number."""

    maximum: int = Field(ge=1)


class ExpectedLatest(Bound):
    """How long after the start of the round's twinnings a date of its data can be."""

    months_after_start: int = Field(ge=0, description="months")


class FileLimits(Rules):
    """How large a file may be to be read at all: of its bytes, and of the rows and columns it lays out.

    No result rests on them.
    """

    megabytes: int = Field(default=100, ge=1, le=4_000, description="megabytes of 2**20 bytes")
    cells: int = Field(default=10_000_000, ge=1, le=2_000_000_000, description="cells")
    columns: int = Field(default=4_096, ge=1, le=100_000, description="columns")

    @property
    def bytes(self) -> int:
        """The size in bytes up to which a file is read."""
        return self.megabytes * 2**20

    @staticmethod
    def remedy(key: str) -> str:
        """What to do where a limit stops a file."""
        return f"If it is, raise `{key}` under [files] in programme/expectations.toml."


class ExpectedCounts(Rules):
    """What `expectations/` expects of the sources: one entry per source, and bounds that hold for several."""

    submissions: ExpectedCount
    cohort: ExpectedCount
    gcom: ExpectedCount
    evaluations: ExpectedCount
    collaborations: ExpectedCount
    decisions: ExpectedCount
    corrections: ExpectedCount
    evaluators: ExpectedCount
    feedback: ExpectedCount = ExpectedCount(
        minimum=0, maximum=5000, severity="warn", why="rules from before there was feedback"
    )
    recognised_countries: ExpectedShare
    share_set_aside: LargestShare
    share_superseded: LargestShare
    unreadable_times: LargestShare
    population: ExpectedMaximum
    latest_date: ExpectedLatest
    files: FileLimits = FileLimits()
