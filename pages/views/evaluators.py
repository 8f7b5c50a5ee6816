"""How the evaluators scored: how severe each is, whose scores are far apart, and who cannot be told apart.

Belongs here: what the committee is told about scoring. Must stay out: the scoring (`tasks/scoring`), and the
public edition, which says none of it. An evaluator is named by a code; an id that could be a name or an
address is replaced by a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pages.views.cities import City, cities
from pages.views.words import in_words

Tables = Mapping[str, pl.DataFrame]
_CODE = re.compile(r"[A-Za-z]{0,8}[-_ ]?[A-Za-z]{0,3}[-_]?\d{1,6}")
"""An id that names nobody: letters, a sign, digits."""


@dataclass(frozen=True)
class Severity:
    """One evaluator: how many steps of 0-5 they score below the average (negative: above), give or take."""

    name: str
    applications: int
    severity: float
    low: float
    high: float
    corrected: bool

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.low > 0:
            return "stricter"
        return "more lenient" if self.high < 0 else "like the others"


@dataclass(frozen=True)
class Disputed:
    """An application whose evaluators are far apart: on which criteria, and by how much (0-5)."""

    city: City
    rank: int
    total: float
    criteria: str


@dataclass(frozen=True)
class ClosePair:
    """Two applications on either side of the cut-off that cannot be told apart."""

    above: City
    below: City
    apart: float
    reversed: float


def severities(working: Tables) -> list[Severity]:
    """The evaluators, the strictest first; low and high are two standard errors away."""
    rows = working["severities"].sort("severity", "evaluator_id", descending=[True, False])
    ids = sorted(row for row in rows["evaluator_id"])
    return [
        Severity(
            _code(row["evaluator_id"], ids),
            row["n_applications"],
            row["severity"],
            row["severity"] - 2 * row["standard_error"],
            row["severity"] + 2 * row["standard_error"],
            row["corrected"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _code(evaluator_id: str, ids: list[str]) -> str:
    return evaluator_id if _CODE.fullmatch(evaluator_id) else f"Evaluator {ids.index(evaluator_id) + 1}"


def disputed(tables: Tables, limit: float) -> list[Disputed]:
    """The disputed applications by rank; `limit` is the spread above which a criterion is disputed."""
    known = cities(tables)
    far = tables["scores"].filter(pl.col("spread") > limit)
    found = []
    for row in tables["ranking"].filter("disputed").sort("rank", "application_id").iter_rows(named=True):
        of_it = far.filter(pl.col("application_id") == row["application_id"]).sort("criterion")
        each = [f"{in_words(c)} {s:.1f}" for c, s in of_it.select("criterion", "spread").iter_rows()]
        found.append(Disputed(known[row["application_id"]], row["rank"], row["total"], ", ".join(each)))
    return found


def close_pairs(tables: Tables, working: Tables) -> list[ClosePair]:
    """The pairs around the cut-off, those that are hardest to tell apart first."""
    known = cities(tables)
    rows = working["close_pairs"].sort("share_reversed", "above", "below", descending=[True, False, False])
    return [
        ClosePair(known[row["above"]], known[row["below"]], row["points_apart"], row["share_reversed"])
        for row in rows.iter_rows(named=True)
        if row["above"] in known and row["below"] in known
    ]
