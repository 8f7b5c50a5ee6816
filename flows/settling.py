"""Twinnings that wait for a person: which are only proposed, and confirming them.

Belongs here: what the office does with the twinnings of a round once its committee has met. Must stay out:
what a confirmation does to the matching (`tasks/matchmaking`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

import polars as pl

from flows.context import AppContext
from flows.ledger import record_decisions
from flows.published_versions import PublishedVersion, read_latest
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions
from tasks.decisions.kinds import make_decision
from tasks.publish.gates import Unsettled
from warehouse.dictionary.inputs import DECISIONS


def unsettled_twinnings(
    context: AppContext, versions: Mapping[str, PublishedVersion]
) -> tuple[Unsettled, ...]:
    """Twinnings of the latest versions of rounds that nobody confirmed or released."""
    found = []
    for round_id, published in versions.items():
        tables = published.tables
        settled = effective_decisions(context.ledger.decisions(round_id)).filter(
            pl.col("kind").is_in(["confirm", "release"])
        )
        open_ = tables["twinnings"].filter(
            (pl.col("state") == "proposed") & ~pl.col("twinning_id").is_in(settled["subject"].to_list())
        )
        names = cities_of(tables)
        found += [Unsettled(round_id, name, names[name]) for name in open_["twinning_id"].sort()]
    return tuple(found)


def cities_of(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Twinning to the names of its cities."""
    cities = tables["applications"].select("application_id", "city_name")
    named = tables["twinning_members"].join(cities, on="application_id").sort("application_id")
    return dict(named.group_by("twinning_id").agg(pl.col("city_name").str.join(", ")).iter_rows())


def confirm_proposed(context: AppContext, round_: Round, reason: str, by: str) -> int:
    """Confirm every twinning of a round's latest version that is only proposed; returns how many.

    The moment is noon of the day on which results are due, so that the same round gives the same decisions.
    """
    latest = read_latest(context, round_.id)
    waiting = unsettled_twinnings(context, {round_.id: latest} if latest else {})
    at = datetime.combine(context.rounds.results_due(round_), time(12), round_.zone)
    rows = [
        make_decision(kind="confirm", subject=one.twinning_id, reason=reason, decided_by=by, decided_at=at)
        for one in waiting
    ]
    return record_decisions(context, round_, DECISIONS.frame(rows), "cli", datetime.now(UTC))
