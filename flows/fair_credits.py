"""The credits of classes that came short in the round before, from the version of it that stands.

Belongs here: which version that is, and what is said where there is none. Must stay out: which classes came
short and what a credit is (`tasks/matchmaking/value/credits.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from flows.context import AppContext
from flows.published_versions import PublishedVersion
from tasks.matchmaking.value.credits import came_short, credit_rows
from warehouse.dictionary.other_rounds import CREDITS
from warehouse.dictionary.published import MATCHING_FACTS


def fair_credits(context: AppContext, round_id: str, earlier: Mapping[str, PublishedVersion]) -> pl.DataFrame:
    """Dictionary CREDITS for a round; no rows where credits are off, or no round is before it.

    `earlier` is the latest version of each earlier round. Where the round before has none, or one without the
    facts that credits follow from, or was rolled back, a row says so.
    """
    rules = context.programme.matchmaking.fairness
    before = sorted(one.id for one in context.rounds.before(round_id))
    if not rules.enabled or not before:
        return CREDITS.empty()
    source: dict[str, object] = {"round": before[-1], "version": None, "content": None}
    published = earlier.get(before[-1])
    if published is None:
        return _noted(source, f"Round {before[-1]} has no version, so it gives no credit to any class.")
    source |= {"version": published.version, "content": published.package["content"]}
    where = f"Round {before[-1]}, version {published.version}"
    facts = MATCHING_FACTS.among(published.tables)
    if facts.is_empty():
        return _noted(source, f"{where}, has no facts of its matching, so it gives no credit to any class.")
    short = came_short(facts, published.tables["twinnings"], published.tables["twinning_members"])
    given = credit_rows(short, rules, source)
    reason = str(published.package.get("reason") or "")
    if reason.startswith("rollback to version"):
        note = f"{where}, is a {reason.partition(':')[0]}; the credits of classes are those of that version."
        given = CREDITS.conform(pl.concat([given, _noted(source, note)]))
    return given


def _noted(source: dict[str, object], note: str) -> pl.DataFrame:
    return CREDITS.frame([source | {"note": note}])
