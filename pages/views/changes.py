"""What changed since the last version, and which input, decision or rule made it change.

Belongs here: the table `changes` with names of cities. Must stay out: finding a cause (`tasks/publish`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pages.views.cities import cities
from pages.views.words import in_words
from programme.counts import listed

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Change:
    """One change: whose (id, and the city or cities), what of it, before, after, and its cause."""

    subject: str
    city: str
    what: str
    before: str
    after: str
    cause: str


def changes_in_words(tables: Tables) -> list[str]:
    """Every change in one sentence: whose, what, from what to what, and because of what."""
    return [
        f"{one.city or one.subject} ({one.subject}): {one.what} was {one.before}, is {one.after}; {one.cause}"
        for one in changes(tables)
    ]


def changes(tables: Tables) -> list[Change]:
    """Every change against the version before, those of twinnings first."""
    names = {key: city.name for key, city in cities(tables).items()}
    members = tables["twinning_members"].sort("twinning_id", "application_id")
    for (key,), rows in members.group_by("twinning_id", maintain_order=True):
        names[str(key)] = listed([names[one] for one in rows["application_id"]])
    twinnings = set(tables["twinnings"]["twinning_id"])
    moved = sorted(tables["changes"].rows(named=True), key=lambda row: row["subject"] not in twinnings)
    return [
        Change(
            row["subject"],
            names.get(row["subject"], ""),
            in_words(row["what"]),
            in_words(row["before"] or "nothing"),
            in_words(row["after"] or "nothing"),
            row["cause"],
        )
        for row in moved
    ]
