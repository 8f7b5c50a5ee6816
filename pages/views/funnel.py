"""From forms received to cities placed: the funnel, and the headline above it.

Belongs here: counting a version's tables. Must stay out: why something is as it is (the other views).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pages.views.words import in_words
from programme.counts import counted
from programme.vocabulary import STATUSES


def funnel(tables: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """How many forms came in and what became of them, step by step; the states and statuses each add up to
    the line above.
    """
    applications, eligibility = tables["applications"], tables["eligibility"]
    states = dict(applications.group_by("state").len().iter_rows())
    statuses = dict(eligibility.group_by("status").len().iter_rows())
    rows = [{"step": "forms received", "count": applications.height}]
    rows += [
        {"step": f"- {in_words(state)}", "count": states[state]}
        for state in sorted(states)
        if state != "accepted"
    ]
    rows += [{"step": "accepted", "count": states.get("accepted", 0)}]
    rows += [{"step": f"- {in_words(status)}", "count": statuses.get(status, 0)} for status in STATUSES]
    if "twinnings" in tables:
        rows.append({"step": "cities in twinnings", "count": tables["twinning_members"].height})
        rows.append({"step": "twinnings", "count": tables["twinnings"].height})
        rows.append({"step": "unplaced", "count": tables["unplaced"].height})
    return rows


def headline(tables: Mapping[str, pl.DataFrame], waiting: int) -> str:
    """What the round came to, in one sentence; `waiting` are the points that wait for a person."""
    twinnings, forms = tables["twinnings"], tables["applications"].height
    came = f"From {counted(forms, 'form', 'forms')}"
    if twinnings.is_empty():
        return f"{came} no twinning came about{_waiting(waiting)}."
    cities = counted(tables["twinning_members"].height, "city has", "cities have")
    places = f"{cities} a place in {counted(twinnings.height, 'twinning', 'twinnings')}"
    confirmed = twinnings.filter(pl.col("state") == "confirmed").height
    how = {0: "none of them confirmed yet", twinnings.height: "all of them confirmed"}
    return f"{came}, {places}, {how.get(confirmed, f'{confirmed} of them confirmed')}{_waiting(waiting)}."


def _waiting(count: int) -> str:
    return f"; {counted(count, 'point waits', 'points wait')} for a person" if count else ""
