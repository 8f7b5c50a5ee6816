"""The twinnings: who works with whom, on what, why, and how firm that is.

Belongs here: a twinning as a page shows it, and the short list that the terminal prints. Must stay out: how
it came about (`tasks/matchmaking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pages.views.cities import City, cities
from pages.views.hours import SharedHours, shared_hours
from pages.views.words import ASPECT_NAMES, day
from programme.programme import Programme
from programme.rounds import Round
from programme.vocabulary import ASPECTS
from tasks.eligibility.conditions import conditions

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Member:
    """A city of a twinning, with its need and experience on the topic (0-5, None where it did not say)."""

    city: City
    need: int | None
    experience: int | None


@dataclass(frozen=True)
class AspectPart:
    """What one aspect gives to a twinning's value: points, the part of the largest bar (-1 to 1), and why."""

    name: str
    points: float
    share: float
    reason: str


@dataclass(frozen=True)
class Firmness:
    """How firmly a twinning stands: the share of the scenarios that choose it (0-1), what the selection would
    lose without it in points, and what its cities would do instead.

    `near_equal` says in which of the plans that are nearly as good it is, in words; None where that was not
    worked out.
    """

    robustness: float
    scenarios: int
    margin: float | None
    runner_up: str | None
    near_equal: str | None = None


@dataclass(frozen=True)
class Outstanding:
    """What a tentative city still has to bring, and by which day."""

    city: str
    what: str
    due: str


@dataclass(frozen=True)
class Twinning:
    """One twinning. `number` is its place in the list; maps and tables refer to it by that number."""

    number: int
    id: str
    topic_id: str
    topic: str
    members: tuple[Member, ...]
    value: float
    confirmed: bool
    conditional: bool
    aspects: tuple[AspectPart, ...]
    hours: tuple[SharedHours, ...]
    outstanding: tuple[Outstanding, ...]
    firmness: Firmness | None

    @property
    def per_city(self) -> float:
        """Its value per city, in points."""
        return self.value / max(1, len(self.members))

    @property
    def names(self) -> list[str]:
        """The names of its cities."""
        return [member.city.name for member in self.members]


def twinning_rows(tables: Tables) -> list[dict[str, Any]]:
    """The twinnings with their cities, the most valuable first."""
    named = (
        tables["twinning_members"]
        .join(
            tables["applications"].select("application_id", "city_name", "country_iso3"), on="application_id"
        )
        .sort("application_id")
        .group_by("twinning_id")
        .agg(
            (pl.col("city_name") + " (" + pl.col("country_iso3").fill_null("?") + ")")
            .str.join(", ")
            .alias("cities")
        )
    )
    joined = (
        tables["twinnings"]
        .join(named, on="twinning_id", how="left")
        .sort("value", "twinning_id", descending=[True, False])
    )
    return joined.select(
        "twinning_id",
        "topic",
        "cities",
        "value",
        (pl.col("value") / pl.col("n_cities")).alias("value_per_city"),
        "state",
        "conditional",
    ).rows(named=True)


def twinnings(tables: Tables, working: Tables, programme: Programme, round_: Round) -> list[Twinning]:
    """Every twinning, the most valuable first, numbered from 1.

    `working` are working tables of the version by name; what was not kept has no rows.
    """
    known = cities(tables)
    labels, parts = programme.topics.labels, _aspects(tables, working)
    outstanding, firm = _outstanding(tables, programme, round_, known), _firmness(working)
    found = []
    for number, row in enumerate(twinning_rows(tables), 1):
        key = row["twinning_id"]
        members = _members(tables, key, known)
        found.append(
            Twinning(
                number=number,
                id=key,
                topic_id=row["topic"],
                topic=labels.get(row["topic"], row["topic"]),
                members=members,
                value=row["value"],
                confirmed=row["state"] == "confirmed",
                conditional=row["conditional"],
                aspects=parts.get(key, ()),
                hours=shared_hours(
                    [member.city for member in members], programme.matchmaking.hours, round_.twinnings_start
                ),
                outstanding=tuple(
                    one for member in members for one in outstanding.get(member.city.application_id, ())
                ),
                firmness=firm.get(key),
            )
        )
    return found


def _members(tables: Tables, twinning_id: str, known: Mapping[str, City]) -> tuple[Member, ...]:
    rows = tables["twinning_members"].filter(pl.col("twinning_id") == twinning_id).sort("application_id")
    return tuple(
        Member(known[row["application_id"]], row["need"], row["experience"])
        for row in rows.iter_rows(named=True)
    )


def _aspects(tables: Tables, working: Tables) -> dict[str, tuple[AspectPart, ...]]:
    """The aspects of each twinning in the programme's order, their sentences where they were kept."""
    rows = tables["twinnings"].rows(named=True)
    largest = max((abs(row[f"aspect_{name}"]) for row in rows for name in ASPECTS), default=0) or 1
    said = {
        (row["twinning_id"], row["aspect"]): row["reason"]
        for row in working["twinning_reasons"].iter_rows(named=True)
    }
    return {
        row["twinning_id"]: tuple(
            AspectPart(
                ASPECT_NAMES[name],
                row[f"aspect_{name}"],
                row[f"aspect_{name}"] / largest,
                said.get((row["twinning_id"], name), ""),
            )
            for name in ASPECTS
        )
        for row in rows
    }


def _outstanding(
    tables: Tables, programme: Programme, round_: Round, known: Mapping[str, City]
) -> dict[str, Sequence[Outstanding]]:
    """What is outstanding of each tentative application; what is overdue depends on the day, and is no part
    of a version.
    """
    found: dict[str, list[Outstanding]] = {}
    for one in conditions(tables, round_, programme.eligibility, round_.closes):
        name = known[one.application_id].name
        found.setdefault(one.application_id, []).append(Outstanding(name, one.what, day(one.due)))
    return {key: tuple(several) for key, several in found.items()}


def _firmness(working: Tables) -> dict[str, Firmness]:
    near = _near_equal(working["alternatives"])
    return {
        row["twinning_id"]: Firmness(
            row["robustness"], row["scenarios"], row["margin"], row["runner_up"], near.get(row["twinning_id"])
        )
        for row in working["twinning_sensitivity"].iter_rows(named=True)
        if row["scenarios"]
    }


def _near_equal(plans: pl.DataFrame) -> dict[str, str]:
    """In which near-equal plans each twinning of the selection is, in words."""
    found = {}
    for row in plans.filter(kind="twinning", plan=0, there=True).iter_rows(named=True):
        basis = f"all {row['plans']}" if row["every_plan"] else f"{row['plans']} random ones of the"
        if row["status"] == "fixed":
            surely = "" if row["proven"] else ", as far as they show"
            found[row["subject"]] = f"Fixed: it is in {basis} plans that are nearly as good{surely}."
            continue
        instead = row["words"].partition("; instead ")[2]
        words = f"Replaceable: it is in {row['share']:.0%} of {basis} plans that are nearly as good."
        found[row["subject"]] = f"{words} Instead: {instead}." if instead else words
    return found
