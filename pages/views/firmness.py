"""How firmly a place stands: what would have been enough, near-equal plans, what happens if a city leaves.

Belongs here: the rows of tables that are made when asked for, as lines. Must stay out: making them
(`flows/near_selection.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.counts import counted


@dataclass(frozen=True)
class Firmness:
    """What is known of one application; each is empty where it was not worked out, or says nothing of it.

    `enough` are reasons for the office, `plans` says in which share of near-equal plans it has a place,
    `leaves` what happens if it leaves. `missing` are the commands that work out the rest.
    """

    enough: tuple[str, ...]
    plans: str
    leaves: str
    missing: tuple[str, ...]


SURE = {0: "No near-equal plan gives it a place.", 1: "Every near-equal plan gives it a place."}
"""What is said of a share that is proven."""


def firmness_of(
    application_id: str,
    alternatives: pl.DataFrame,
    sufficient: pl.DataFrame,
    repairs: pl.DataFrame,
    *,
    placed: bool,
) -> Firmness:
    """What the tables tell of one application, which has a place or not."""
    missing = [] if alternatives.height else ["alternatives"]
    if placed and repairs.is_empty():
        missing.append("replace")
    return Firmness(
        () if placed else enough(sufficient, application_id),
        in_plans(alternatives, application_id),
        if_it_leaves(repairs, application_id),
        tuple(missing),
    )


def enough(sufficient: pl.DataFrame, application_id: str) -> tuple[str, ...]:
    """What would have been enough for an application without a place, for the office."""
    return tuple(sufficient.filter(application_id=application_id)["reason"])


def if_it_leaves(repairs: pl.DataFrame, application_id: str) -> str:
    """What happens if an application leaves its twinning; empty where that is not known."""
    rows = repairs.filter(application_id=application_id).rows(named=True)
    if not rows:
        return ""
    unproven = "" if rows[0]["proven"] else " That no better change exists is not proven."
    return f"{rows[0]['words']}{unproven}"


def in_plans(alternatives: pl.DataFrame, application_id: str) -> str:
    """In how many near-equal plans an application has a place; empty where that is not known."""
    rows = alternatives.filter(kind="application", subject=application_id, plan=0).rows(named=True)
    if not rows:
        return ""
    one = rows[0]
    if one["share"] in SURE and one["proven"]:
        return SURE[one["share"]]
    kind = "near-equal plan" if one["every_plan"] else "sampled near-equal plan"
    return f"It has a place in {_share(one['share'])} of {counted(one['plans'], kind)}."


def _share(share: float) -> str:
    """A share in words that never rounds to none or all of them."""
    if share in (0, 1):
        return "all" if share else "none"
    return "less than 1%" if share < 0.01 else "more than 99%" if share > 0.99 else f"{share:.0%}"
