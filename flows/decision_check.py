"""What a round knows when somebody decides: its ids, and which of them a decision names.

Belongs here: gathering the ids from the latest version, the ledger and the earlier rounds. Must stay out:
checking a decision against them (`tasks/decisions/known.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import polars as pl

from flows.context import AppContext
from flows.settling import cities_of
from programme.rounds import Round
from tasks.decisions.known import KnownNames
from warehouse.snapshots import (
    DamagedVersionError,
    latest_version,
    list_versions,
    newest_whole,
    read_package,
    read_table,
    read_tables,
)

Tables = Mapping[str, pl.DataFrame]


def known_names(context: AppContext, round_: Round, tables: Tables | None) -> KnownNames:
    """The ids that a round knows; `tables` are those of its latest version (None before the first)."""
    read = context.ledger.submission_names(round_.id)
    decisions = context.ledger.decisions(round_.id).select("decision_id", "kind", "subject").iter_rows()
    recorded = {name: f"{kind} {subject}" for name, kind, subject in decisions}
    earlier = {
        name: words
        for item in context.rounds.before(round_.id)
        if (version := newest_whole(context.storage, item.id)) is not None
        for name, words in _applications(
            read_table(context.storage, item.id, version, "applications")
        ).items()
    }
    if tables is None:
        return KnownNames(applications=read, earlier=earlier, decisions=recorded)
    cities = tables["applications"].drop_nulls("city_id")
    return KnownNames(
        applications={**read, **_applications(tables["applications"])},
        members=_members(tables["crosscheck"]),
        cities=dict(zip(cities["city_id"], _words(cities), strict=True)),
        twinnings=cities_of(tables),
        gone=_gone(context, round_.id, tables),
        earlier=earlier,
        versions=_versions(context, round_.id),
        decisions=recorded,
    )


def latest_tables(context: AppContext, round_id: str) -> Tables | None:
    """The tables of the latest version; None before the first."""
    version = latest_version(context.storage, round_id)
    return None if version is None else read_tables(context.storage, round_id, version)


def _applications(applications: pl.DataFrame) -> dict[str, str]:
    return dict(zip(applications["application_id"], _words(applications), strict=True))


def _words(applications: pl.DataFrame) -> list[str]:
    """City and country of each row; empty where the city is not known."""
    return [
        f"{name} ({country})" if country else name or ""
        for name, country in applications.select("city_name", "country_iso3").iter_rows()
    ]


def _members(crosscheck: pl.DataFrame) -> dict[str, str]:
    rows = crosscheck.select("application_id", "member_name").drop_nulls().iter_rows()
    return {f"{application}:{member}": member for application, member in rows}


def _gone(context: AppContext, round_id: str, tables: Tables) -> dict[str, str]:
    """Twinnings that an earlier version had and the latest has not, with their topic."""
    there = set(tables["twinnings"]["twinning_id"])
    found: dict[str, str] = {}
    for version in list_versions(context.storage, round_id):
        try:
            earlier = read_table(context.storage, round_id, version, "twinnings")
        except DamagedVersionError:
            continue  # whoever looks at that version is told
        found |= dict(earlier.select("twinning_id", "topic").iter_rows())
    return {name: words for name, words in found.items() if name not in there}


def _versions(context: AppContext, round_id: str) -> dict[str, str]:
    found = {}
    for version in list_versions(context.storage, round_id):
        with suppress(DamagedVersionError):
            package = read_package(context.storage, round_id, version)
            found[f"{round_id}:{version}"] = str(package["content"])
    return found
