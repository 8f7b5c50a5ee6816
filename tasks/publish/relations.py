"""What belongs together in two versions: the forms of one city, a twinning and its members.

Belongs here: looking up which subjects a decision can have changed together. Must stay out: which decision
did (`causes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

Groups = Mapping[str, frozenset[str]]
"""An id to the ids that belong to it."""


@dataclass(frozen=True)
class Relations:
    """What belongs together, in the earlier version, the later one, or both.

    `cities` maps an application to its cities; `forms` a city to its applications, and an application to
    those that gave way to it or to which it gave way; `members` a twinning to its applications; `twinnings`
    an application to its twinnings; `in_both` are the applications of both versions.
    """

    cities: Groups
    forms: Groups
    members: Groups
    twinnings: Groups
    in_both: frozenset[str]

    @classmethod
    def of(cls, before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> Relations:
        """From the published tables of two versions."""
        cities = _pairs(before, after, "applications", "application_id", "city_id")
        replaced = _pairs(before, after, "applications", "application_id", "superseded_by")
        placed = _pairs(before, after, "twinning_members", "application_id", "twinning_id")
        ids = [frozenset(tables["applications"]["application_id"]) for tables in (before, after)]
        return cls(
            cities=_groups(cities, "application_id", "city_id"),
            forms=_united(
                _groups(cities, "city_id", "application_id"),
                _groups(replaced, "application_id", "superseded_by"),
                _groups(replaced, "superseded_by", "application_id"),
            ),
            members=_groups(placed, "twinning_id", "application_id"),
            twinnings=_groups(placed, "application_id", "twinning_id"),
            in_both=ids[0] & ids[1],
        )

    def same_city(self, application: str) -> frozenset[str]:
        """The application, every other form of its city, and the forms that replace it or that it
        replaces.
        """
        keys = {application, *self.cities.get(application, ())}
        return frozenset({application}).union(*(self.forms.get(key, frozenset()) for key in keys))

    def selected_with(self, subject: str) -> frozenset[str]:
        """Everything a decision on twinnings could name to change this twinning or application.

        These are the twinnings concerned, their members, and the members' cities.
        """
        twinnings = {subject, *self.twinnings.get(subject, ())}
        applications = {subject}.union(*(self.members.get(twinning, frozenset()) for twinning in twinnings))
        cities = (self.cities.get(application, frozenset()) for application in applications)
        return frozenset(twinnings | applications).union(*cities)


def _pairs(
    before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame], table: str, *columns: str
) -> pl.DataFrame:
    return pl.concat([before[table].select(columns), after[table].select(columns)])


def _groups(pairs: pl.DataFrame, key: str, value: str) -> dict[str, frozenset[str]]:
    grouped = pairs.drop_nulls().group_by(key).agg(pl.col(value).unique())
    return {row[0]: frozenset(row[1]) for row in grouped.iter_rows()}


def _united(*groups: Groups) -> Groups:
    keys = {key for group in groups for key in group}
    return {key: frozenset().union(*(group.get(key, frozenset()) for group in groups)) for key in keys}
