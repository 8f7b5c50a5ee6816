"""Who of an earlier round could take part in this one: the offers, and the check of a decision about one.

Belongs here: bringing the versions of the rounds together for it. Must stay out: what a carried form does to
the round (`tasks/eligibility/carried_over.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import polars as pl

from flows.confirming import cities_of
from flows.context import AppContext
from flows.published_versions import PublishedVersion, read_newest_whole
from flows.round_inputs import confirmed_cities, recorded_in
from programme.problems import problem
from tasks.decisions.confirmations import decisions_in_force
from tasks.eligibility.carried_over import KINDS, can_be_carried
from tasks.eligibility.earlier_rounds import KNOWN, recognise

RULE = "carry_over"


def carry_over_offers(context: AppContext, round_id: str) -> list[dict[str, Any]]:
    """Applications of earlier rounds that may take part in this one if their city agrees.

    They could be selected and were not placed; their city is confirmed in no round, has no form in this one,
    and was not carried over yet. Rows as open points have them, with `carried_from`.
    """
    context.round(round_id)
    versions = latest_versions(context)
    taken = [confirmed_cities(context, versions)]
    if own := versions.get(round_id):
        taken.append(_own_cities(context, round_id, own))
    known = pl.concat([frame.select(KNOWN) for frame in taken])
    decided = decisions_in_force(recorded_in(context, round_id))
    carried = decided.filter(pl.col("kind").is_in(KINDS))["subject"].to_list()
    rows: list[dict[str, Any]] = []
    for earlier in context.rounds.before(round_id):
        if version := versions.get(earlier.id):
            rows += _offers(context, earlier.id, version, known, carried)
    return rows


def check_carry_over(context: AppContext, round_id: str, subject: str) -> None:
    """Raise `ProblemsError` unless the subject is an application that can be carried over to this round."""
    versions = latest_versions(context)
    ids = [
        name
        for earlier in context.rounds.before(round_id)
        if earlier.id in versions
        for name in can_be_carried(versions[earlier.id].tables)["application_id"]
    ]
    if subject not in ids:
        close = get_close_matches(subject, ids, n=1)
        raise problem(
            found=f"application {subject!r}",
            expected="an application of an earlier round that could be selected and was not placed",
            where=f"round {round_id}",
            remedy=(f"Did you mean {close[0]}? " if close else "")
            + f"city2city review {round_id} lists those that can be carried over.",
        )


def latest_versions(context: AppContext) -> dict[str, PublishedVersion]:
    """The newest version of every round that is whole."""
    found = {item.id: read_newest_whole(context, item.id) for item in context.rounds.rounds}
    return {name: version for name, version in found.items() if version is not None}


def _own_cities(context: AppContext, round_id: str, own: PublishedVersion) -> pl.DataFrame:
    """Cities that have a form of their own in this round (columns `KNOWN`)."""
    states = own.tables["applications"].filter(
        (pl.col("state") == "accepted") & pl.col("carried_from").is_null()
    )
    accepted = cities_of(context, own).join(states, on="application_id", how="semi")
    return accepted.with_columns(round=pl.lit(round_id)).select(KNOWN)


def _offers(
    context: AppContext,
    earlier_id: str,
    version: PublishedVersion,
    known: pl.DataFrame,
    carried: list[str],
) -> list[dict[str, Any]]:
    free = can_be_carried(version.tables).filter(~pl.col("application_id").is_in(carried))
    cities = cities_of(context, version).join(free, on="application_id", how="semi")
    gone = recognise(cities, known, context.programme.linking).pairs["application_id"].to_list()
    ranks = {row["application_id"]: row for row in version.tables["ranking"].iter_rows(named=True)}
    return [
        {
            **{name: row[name] for name in ("application_id", "city_name", "country_iso3")},
            "rule": RULE,
            "evidence": _evidence(earlier_id, ranks.get(row["application_id"], {})),
            "carried_from": earlier_id,
        }
        for row in cities.sort("application_id").iter_rows(named=True)
        if row["application_id"] not in gone
    ]


def _evidence(earlier_id: str, ranked: Mapping[str, Any]) -> str:
    rank = f" (rank {ranked['rank']}, {ranked['total']:.1f} points)" if ranked else ""
    return f"could be selected in round {earlier_id}{rank} and was not placed"
