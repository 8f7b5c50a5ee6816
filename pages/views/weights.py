"""How much the weights matter: one small chart each, and what is said of it.

Belongs here: the table `weights` as charts of one scale. Must stay out: moving weights
(`tasks/matchmaking/explain/weights.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pages.views.cities import City
from pages.views.words import ASPECT_NAMES, BALANCE_NAMES
from programme.counts import counted, listed
from programme.matchmaking import WeightRules
from programme.selection_vocabulary import WEIGHT_KINDS, WeightKind

KIND_NAMES: dict[WeightKind, str] = {
    "aspect": "Aspects of a twinning",
    "criterion": "Criteria of the score",
    "balance": "Balance of the selection",
}


@dataclass(frozen=True)
class WeightChart:
    """One weight: `points` are percents and the share of places kept there (0-1), in order of percents.

    `changes` say at which percents the selection becomes another one, and how; `marks` are these percents.
    """

    name: str
    points: tuple[tuple[int, float], ...]
    marks: tuple[int, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class WeightGroup:
    """The weights of one kind."""

    title: str
    charts: tuple[WeightChart, ...]


@dataclass(frozen=True)
class Weights:
    """All charts, of one scale that starts at `least`, and sentences about what hardly matters."""

    groups: tuple[WeightGroup, ...]
    least: float
    sentences: tuple[str, ...]


def weights(
    moved: pl.DataFrame,
    pairs: pl.DataFrame,
    known: Mapping[str, City],
    criteria: Mapping[str, str],
    rules: WeightRules,
) -> Weights | None:
    """The weights (dictionary WEIGHTS and WEIGHT_PAIRS); None where they were not worked out.

    `known` are cities by application, `criteria` the titles of criteria by id.
    """
    if moved.is_empty():
        return None
    titles = {str(name): title for name, title in (*ASPECT_NAMES.items(), *BALANCE_NAMES.items())} | dict(
        criteria
    )
    groups = []
    for kind in WEIGHT_KINDS:
        of_kind = moved.filter(kind=kind).group_by("weight", maintain_order=True)
        charts = tuple(_chart(titles[str(name)], rows, known) for (name,), rows in of_kind)
        groups += [WeightGroup(KIND_NAMES[kind], charts)] if charts else []
    least = float(str(moved["kept"].min()))
    return Weights(tuple(groups), int(least * 10) / 10, _sentences(moved, pairs, titles, rules))


def _chart(title: str, rows: pl.DataFrame, known: Mapping[str, City]) -> WeightChart:
    ordered = rows.sort("percent").to_dicts()
    points = sorted([*((row["percent"], row["kept"]) for row in ordered), (0, 1.0)])
    nearest = [row for row in ordered if row["is_nearest_change"]]
    told = tuple(_change(row, known) for row in nearest) or (
        "Nothing changes, from nothing to twice as much.",
    )
    return WeightChart(title, tuple(points), tuple(row["percent"] for row in nearest), told)


def _change(row: Mapping[str, Any], known: Mapping[str, City]) -> str:
    amount = f"{abs(row['percent'])}% {'more' if row['percent'] > 0 else 'less'}"
    joins, leaves = (
        listed(known[one].name for one in row[side].split(", ") if one) for side in ("joins", "leaves")
    )
    who = [f"{joins} in"] if joins else []
    who += [f"{leaves} out"] if leaves else []
    return f"{amount}: {', '.join(who) or 'the same cities in other twinnings'}"


def _sentences(
    moved: pl.DataFrame, pairs: pl.DataFrame, titles: Mapping[str, str], rules: WeightRules
) -> tuple[str, ...]:
    least = moved.group_by("weight", maintain_order=True).agg(pl.col("kept").min())
    few = [titles[name] for name in least.filter(pl.col("kept") >= 1 - rules.hardly)["weight"]]
    told = [
        f"Without one of these, or with twice as much of it, {_share(rules.hardly)} of the places change: "
    ]
    told = [f"{told[0]}{', '.join(few)}."] if few else []
    trades = pairs.filter("hardly_matters")
    told.append(
        f"With {rules.traded:.0%} less of one weight and as much more of another, {_share(rules.hardly)} of "
        f"the places change for {trades.height} of {counted(pairs.height, 'pair')}."
    )
    rest = pairs.filter(~pl.col("hardly_matters")).sort("kept", "one", "other").rows(named=True)
    told += [
        f"{titles[row['one']]} against {titles[row['other']]}: {1 - row['kept']:.0%} of the places change."
        for row in rest
    ]
    return tuple(told)


def _share(part: float) -> str:
    return f"at most {part:.0%}"
