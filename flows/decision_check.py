"""What a round knows when somebody decides: its ids, and which of them a decision names.

Belongs here: gathering the ids from the latest version, the ledger and the earlier rounds. Must stay out:
checking a decision against them (`tasks/decisions/known.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.settling import cities_of
from programme.problems import Problem, ProblemsError
from programme.rounds import Round
from tasks.decisions.known import KnownNames, nearest_names
from tasks.ingest.step import SourceFile
from tasks.ingest.step import read_table as read_file
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import read_input
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import latest_version, list_versions, read_package, read_table, read_tables

Tables = Mapping[str, pl.DataFrame]


def known_names(context: AppContext, round_: Round, tables: Tables | None) -> KnownNames:
    """The ids that a round knows; `tables` are those of its latest version (None before the first)."""
    read = context.ledger.submission_names(round_.id)
    decisions = context.ledger.decisions(round_.id).select("decision_id", "kind", "subject").iter_rows()
    recorded = {name: f"{kind} {subject}" for name, kind, subject in decisions}
    earlier = {
        name: words
        for item in context.rounds.before(round_.id)
        if (version := latest_version(context.storage, item.id)) is not None
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


def unknown_register_row(context: AppContext, round_: Round, row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `link` to a row that no register of the round has, with the nearest that one has.

    Looked in are the register of the latest version and the one that lies among the inputs now, which may be
    newer. Where neither can be read, nothing is known and nothing is wrong.
    """
    if row["kind"] != "link":
        return []
    register, wanted = str(row["object"]), str(row["value"])
    ids: set[str] = set()
    for source in (_kept_register(context, round_.id, register), _new_register(context, round_.id, register)):
        if source is not None and wanted not in ids:
            ids |= _ids_of(context, round_, source)
    if not ids or wanted in ids:
        return []
    nearest = " or ".join(nearest_names(wanted, dict.fromkeys(ids, "")))
    remedy = f"Did you mean {nearest}?" if nearest else "Look it up: city2city link NAME COUNTRY."
    return [Problem(f"row {wanted!r}", f"the id of a row of {register}", f"round {round_.id}", remedy)]


def _kept_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The register's file that the latest version was made from."""
    version = latest_version(context.storage, round_id)
    if version is None:
        return None
    sha256 = read_package(context.storage, round_id, version)["inputs"].get(register)
    names = {item["sha256"]: item["name"] for item in context.ledger.inputs(round_id)}
    try:
        return SourceFile(register, names.get(sha256, register), read_input(context.storage, sha256))
    except ProblemsError:
        return None


def _new_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The register's file among the inputs of the data folder."""
    storage, folder = context.inputs(None)
    try:
        found = find_inputs(storage, round_id, folder)
    except ProblemsError:
        return None
    return next((SourceFile(one.table, one.name, one.data) for one in found if one.table == register), None)


def _ids_of(context: AppContext, round_: Round, source: SourceFile) -> set[str]:
    try:
        read = read_file(source, context.programme, round_, open_binary=open_in_sandbox)
    except ProblemsError:
        return set()
    return set(read.frame[{"cohort": "utm_id"}.get(source.table, "gcom_id")])


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
        earlier = read_table(context.storage, round_id, version, "twinnings")
        found |= dict(earlier.select("twinning_id", "topic").iter_rows())
    return {name: words for name, words in found.items() if name not in there}


def _versions(context: AppContext, round_id: str) -> dict[str, str]:
    return {
        f"{round_id}:{version}": str(read_package(context.storage, round_id, version)["content"])
        for version in list_versions(context.storage, round_id)
    }
