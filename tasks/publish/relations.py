"""What belongs together in two versions: the forms of one city, a twinning and its members.

Belongs here: looking up whose decision may have moved a fact. Must stay out: which decision did
(`causes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

Groups = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Relations:
    """Both versions taken together: an application's cities; the forms of a city, and those that gave way to
    a form or to which it gave way; a twinning's members; an application's twinnings; the applications that
    are in both.
    """

    cities: Groups
    forms: Groups
    members: Groups
    twinnings: Groups
    lasting: frozenset[str]

    @classmethod
    def of(cls, before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> Relations:
        """From the published tables of two versions."""
        both = (before, after)
        cities = pl.concat([tables["applications"].select("application_id", "city_id") for tables in both])
        merges = pl.concat(
            [tables["applications"].select("application_id", "superseded_by") for tables in both]
        )
        together = pl.concat(
            [tables["twinning_members"].select("application_id", "twinning_id") for tables in both]
        )
        return cls(
            cities=_groups(cities, "application_id", "city_id"),
            forms=_joined(
                _groups(cities, "city_id", "application_id"),
                _groups(merges, "application_id", "superseded_by"),
                _groups(merges, "superseded_by", "application_id"),
            ),
            members=_groups(together, "twinning_id", "application_id"),
            twinnings=_groups(together, "application_id", "twinning_id"),
            lasting=frozenset(before["applications"]["application_id"])
            & frozenset(after["applications"]["application_id"]),
        )

    def same_city(self, application: str) -> frozenset[str]:
        """The application and every other form that was or is of its city, or gave way to it, or it to that
        one.
        """
        keys = {application, *self.cities.get(application, ())}
        return frozenset({application}).union(*(self.forms.get(key, frozenset()) for key in keys))

    def selected_with(self, subject: str) -> frozenset[str]:
        """Everything a decision on twinnings could name to move this one or this application: twinnings,
        their members, the members' cities.
        """
        twinnings = {subject, *self.twinnings.get(subject, ())}
        applications = {subject}.union(*(self.members.get(twinning, frozenset()) for twinning in twinnings))
        return frozenset(twinnings | applications).union(
            *(self.cities.get(application, frozenset()) for application in applications)
        )


def _groups(pairs: pl.DataFrame, key: str, value: str) -> dict[str, frozenset[str]]:
    grouped = pairs.drop_nulls().group_by(key).agg(pl.col(value).unique())
    return {row[0]: frozenset(row[1]) for row in grouped.iter_rows()}


def _joined(*groups: Groups) -> Groups:
    keys = {key for group in groups for key in group}
    return {key: frozenset().union(*(group.get(key, frozenset()) for group in groups)) for key in keys}
