"""The balance of the programme so far: who has how many places, against what is aimed at.

Belongs here: the classes with their targets. Must stay out: what a target is (`programme/matchmaking.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pages.views.words import BALANCE_NAMES
from programme.vocabulary import BALANCE_SUBJECTS


@dataclass(frozen=True)
class BalanceClass:
    """One class: how many are selected, at least and at most aimed at, all rounds together; `scale` is what
    the longest bar of its group stands for.
    """

    name: str
    least: int
    most: int
    selected: int
    cost: float
    scale: int

    @property
    def verdict(self) -> str:
        """Where it stands against its targets."""
        if self.selected < self.least:
            return f"{self.least - self.selected} too few"
        if self.selected > self.most:
            return f"{self.selected - self.most} too many"
        return "as aimed at"


@dataclass(frozen=True)
class BalanceGroup:
    """The classes of one subject; `unit` is what is counted."""

    title: str
    unit: str
    classes: tuple[BalanceClass, ...]


def balance(frame: pl.DataFrame, labels: Mapping[str, str]) -> list[BalanceGroup]:
    """The balance (dictionary table BALANCE) by subject; `labels` are topics by id."""
    groups = []
    for subject in BALANCE_SUBJECTS:
        rows = frame.filter(pl.col("subject") == subject).rows(named=True)
        scale = max((max(row["most"], row["selected"]) for row in rows), default=0) or 1
        classes = tuple(
            BalanceClass(
                labels.get(row["class"], row["class"]),
                row["least"],
                row["most"],
                row["selected"],
                row["cost"],
                scale,
            )
            for row in rows
        )
        if classes:
            unit = "twinnings" if subject == "topic" else "cities"
            groups.append(BalanceGroup(BALANCE_NAMES[subject], unit, classes))
    return groups
