"""How much of the programme is given out, and what keeps cities out where there is room.

Belongs here: counting twinnings and cities of both rounds together, and saying it in a line. Must stay out:
how much a round may give out (`candidate_pool.py`), and why a single city was not placed (`explain/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class GivenOut:
    """Twinnings and cities that are confirmed, and those that are proposed."""

    confirmed_twinnings: int = 0
    confirmed_cities: int = 0
    proposed_twinnings: int = 0
    proposed_cities: int = 0

    def __add__(self, other: GivenOut) -> GivenOut:
        return GivenOut(
            self.confirmed_twinnings + other.confirmed_twinnings,
            self.confirmed_cities + other.confirmed_cities,
            self.proposed_twinnings + other.proposed_twinnings,
            self.proposed_cities + other.proposed_cities,
        )


def given_out(twinnings: pl.DataFrame) -> GivenOut:
    """What the twinnings of one version (dictionary TWINNINGS) give out."""
    confirmed = twinnings.filter(pl.col("state") == "confirmed")["n_cities"]
    proposed = twinnings.filter(pl.col("state") == "proposed")["n_cities"]
    return GivenOut(len(confirmed), int(confirmed.sum()), len(proposed), int(proposed.sum()))


def given_out_elsewhere(held: pl.DataFrame, twinnings: pl.DataFrame) -> GivenOut:
    """What other rounds give out: the cities they hold (EARLIER), and the proposed among their twinnings."""
    settled = held["twinning_id"].implode()
    proposed = twinnings.filter((pl.col("state") == "proposed") & ~pl.col("twinning_id").is_in(settled))
    return GivenOut(held["twinning_id"].n_unique(), held.height) + given_out(proposed)


def capacity_line(max_twinnings: int, max_cities: int, given: GivenOut) -> str:
    """The programme's capacity, both rounds together, in one line."""
    twinnings = max_twinnings - given.confirmed_twinnings - given.proposed_twinnings
    cities = max_cities - given.confirmed_cities - given.proposed_cities
    return (
        f"{max_twinnings} twinnings, {max_cities} cities: "
        f"{given.confirmed_twinnings} confirmed ({_counted(given.confirmed_cities)}), "
        f"{given.proposed_twinnings} proposed ({_counted(given.proposed_cities)}), "
        f"{twinnings} left ({_counted(cities)})."
    )


def what_keeps_out(
    tables: Mapping[str, pl.DataFrame], max_twinnings: int, max_cities: int, taken: int
) -> list[str]:
    """What keeps the rest out, in sentences; none where everybody who could be selected has a place.

    `max_twinnings` and `max_cities` are what the round may give out, its own confirmed ones included; `taken`
    are applications of cities that are confirmed in another round.
    """
    unplaced = tables["unplaced"]
    waiting = unplaced.height - taken
    reviews = tables["eligibility"].filter(pl.col("status") == "needs_review").height
    twinnings = max_twinnings - tables["twinnings"].height
    cities = max_cities - tables["twinning_members"].height
    if waiting + reviews == 0:
        return []
    if twinnings < 1 or cities < 2:
        if not waiting:
            return []
        return [
            f"{_counted(waiting)} could be selected and {_are(waiting)} not placed: the round gives out all "
            f"it may ({max_twinnings} twinnings, {max_cities} cities)."
        ]
    room = f"There is room for {_twinnings(twinnings)} and {_counted(cities)} more in this round."
    return [room, *_kept_out(unplaced, waiting), *_waiting(reviews)]


def _kept_out(unplaced: pl.DataFrame, waiting: int) -> Iterator[str]:
    """What keeps cities out although there is room; `waiting` counts those without a place."""
    costly = unplaced.filter(pl.col("regret").is_not_null()).height
    poor = unplaced.filter(pl.col("kind") == "below_minimum_worth").height
    alone = waiting - costly - poor
    if alone:
        yield (
            f"{_counted(alone)} could be selected and {_has(alone)} no partner under the hard rules and the "
            "decisions."
        )
    if poor:
        yield (
            f"{_counted(poor)} could be selected, but every twinning that is possible for "
            f"{'it' if poor == 1 else 'them'} is below the minimum worth, so the place stays open."
        )
    if costly:
        yield (
            f"{_counted(costly)} could be placed only at a loss: a better twinning would have to give way, "
            "or the balance would suffer."
        )


def _waiting(reviews: int) -> Iterator[str]:
    if reviews:
        yield f"{reviews} application{'s' * (reviews != 1)} wait{'s' * (reviews == 1)} for a person."


def _counted(cities: int) -> str:
    return f"{cities} {'city' if cities == 1 else 'cities'}"


def _twinnings(count: int) -> str:
    return f"{count} twinning{'s' * (count != 1)}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
