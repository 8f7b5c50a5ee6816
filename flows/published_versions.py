"""Versions that were published before: reading them, and which of them a run relates to.

Belongs here: a version with its tables, what it was made from (its origin), and the baseline of a run. Must
stay out: how versions are kept (`warehouse/snapshots`) and writing a new one (`publishing.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from flows.console import report_step
from flows.context import AppContext
from flows.mending import kept_or_remade
from flows.version import identity_of
from programme.counts import listed
from programme.problems import ProblemsError
from tasks.decisions.approvals import approvals
from tasks.publish.changes import Origin
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.model import Table
from warehouse.dictionary.other_rounds import APPROVED, CARRIED_OVER, CREDITS, EARLIER
from warehouse.inputs.kept import has_input, read_damaged
from warehouse.inputs.rewritten import newest
from warehouse.snapshots import (
    DamagedVersionError,
    damaged_files,
    latest_version,
    list_versions,
    read_package,
    read_table,
    read_tables,
)

DECISIONS_INPUT = "decisions"
EARLIER_INPUT = "earlier_rounds"
APPROVED_INPUT = "approved"
CARRIED_INPUT = "carried_over"
CREDITS_INPUT = "credits"
FRAME_INPUTS = {
    DECISIONS_INPUT: DECISIONS,
    EARLIER_INPUT: EARLIER,
    APPROVED_INPUT: APPROVED,
    CARRIED_INPUT: CARRIED_OVER,
    CREDITS_INPUT: CREDITS,
}
"""Inputs that are no file of the round's folder but gathered by the program; kept as JSON lines."""


@dataclass(frozen=True)
class PublishedVersion:
    """A published version: its number, its tables by name and its `datapackage.json`."""

    version: int
    tables: Mapping[str, pl.DataFrame]
    package: Mapping[str, Any]


def read_version(context: AppContext, round_id: str, version: int) -> PublishedVersion:
    """A published version with its tables.

    Raises `ProblemsError` where there is none of that number or it is damaged.
    """
    return PublishedVersion(
        version,
        read_tables(context.storage, round_id, version),
        read_package(context.storage, round_id, version),
    )


def read_latest(context: AppContext, round_id: str) -> PublishedVersion | None:
    """The newest version of a round; None before the first."""
    version = latest_version(context.storage, round_id)
    return None if version is None else read_version(context, round_id, version)


def read_newest_whole(context: AppContext, round_id: str) -> PublishedVersion | None:
    """The newest version of a round that is as it was published; None where there is none.

    A damaged one is passed over, and that is told: what rests on another round goes on without it.
    """
    for version in reversed(list_versions(context.storage, round_id)):
        try:
            return read_version(context, round_id, version)
        except DamagedVersionError as error:
            report_step(" ".join(f"{one} It is passed over." for one in error.problems))
    return None


def whole_versions(context: AppContext, round_id: str) -> tuple[list[int], list[str]]:
    """The versions of a round that are as they were published, ascending; and of each other one, in a
    sentence, that what is told leaves it out.
    """
    whole, left_out = [], []
    for version in list_versions(context.storage, round_id):
        if found := damaged_files(context.storage, round_id, version):
            files = listed(sorted(found))
            left_out.append(
                f"Version {version} of round {round_id} is damaged ({files}), so what is told here leaves it "
                f"out. Rebuild it: city2city repair {round_id} {version}"
            )
        else:
            whole.append(version)
    return whole, left_out


def read_parent(context: AppContext, round_id: str, child: PublishedVersion) -> PublishedVersion | None:
    """The version that `child` was compared with; None for the first version."""
    parent = child.package["parent"]
    return None if parent is None else read_version(context, round_id, parent)


def approved_version(context: AppContext, round_id: str, decisions: pl.DataFrame) -> int | None:
    """The newest version of a round that enough approvals in force name with its content; None if none is.

    `decisions` are those in force (dictionary table DECISIONS).
    """
    needed = max(context.rounds.approvals_needed(context.round(round_id)), 1)
    found = approvals(decisions, round_id)
    return next(
        (
            version
            for version in sorted(found, reverse=True)
            if len(found[version].people) >= needed
            and content_of(context, round_id, version) == found[version].content
        ),
        None,
    )


def content_of(context: AppContext, round_id: str, version: int) -> str | None:
    """The content hash of a version; None where there is no such version."""
    try:
        return str(read_package(context.storage, round_id, version)["content"])
    except ProblemsError:
        return None


def approved_twinnings(context: AppContext, round_id: str, decisions: pl.DataFrame) -> pl.DataFrame:
    """The twinnings of the approved version (dictionary table APPROVED); no rows where none is approved."""
    version = approved_version(context, round_id, decisions)
    if version is None:
        return APPROVED.empty()
    tables = read_version(context, round_id, version).tables
    topics = tables["twinnings"].select("twinning_id", "topic")
    return APPROVED.conform(tables["twinning_members"].join(topics, on="twinning_id"))


def origin_of(context: AppContext, published: PublishedVersion) -> Origin:
    """What a published version was made from, each input as it is kept now.

    Its decisions are read back from where they are kept; there are none where they were erased since. Where
    the kept ones are damaged, the ledger makes them again; where it cannot, those count that can be read.
    """
    named = published.package["inputs"]
    inputs = {table: newest(context.storage, sha256) for table, sha256 in named.items()}
    kept = inputs.get(DECISIONS_INPUT)
    decisions = (
        _kept_decisions(context, published, kept)
        if kept and has_input(context.storage, kept)
        else DECISIONS.empty()
    )
    program = identity_of(str(published.package["program"]), published.package.get("program_source"))
    return Origin(inputs, str(published.package["rules"]), program, decisions)


def _kept_decisions(context: AppContext, published: PublishedVersion, sha256: str) -> pl.DataFrame:
    round_id = str(published.package["round"])

    def recorded() -> pl.DataFrame:
        return context.ledger.decisions(round_id)

    def known() -> list[str]:
        forms = read_table(context.storage, round_id, published.version, "applications")
        return list(forms["application_id"])

    data = kept_or_remade(context, sha256, recorded, known, frame_bytes)
    if data is not None:
        return frame_from(data, DECISIONS_INPUT)
    report_step(
        f"The kept decisions of version {published.version} of round {round_id} are damaged ({sha256[:12]}). "
        "The database does not make them again; those that it still has are used"
    )
    raw = read_damaged(context.storage, sha256).decode(errors="replace")
    return recorded().filter(pl.col("decision_id").is_in(_named_in(raw)))


def _named_in(text: str) -> list[str]:
    return re.findall(r'"decision_id": "([0-9a-f]{12})"', text)


def repeated_version(
    context: AppContext, latest: PublishedVersion | None, origin: Origin
) -> PublishedVersion | None:
    """The latest version, if a run on `origin` makes it again: the same inputs, rules and program."""
    if latest is None:
        return None
    before = origin_of(context, latest)
    same = (dict(before.inputs), before.rules, before.program) == (
        dict(origin.inputs),
        origin.rules,
        origin.program,
    )
    return latest if same else None


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as JSON lines, the same bytes for the same rows."""
    return "".join(
        json.dumps(row, sort_keys=True, ensure_ascii=False, default=str) + "\n"
        for row in frame.iter_rows(named=True)
    ).encode()


def frame_from(data: bytes, name: str) -> pl.DataFrame:
    """The frame that `frame_bytes` wrote; `name` is a key of `FRAME_INPUTS`."""
    rows = [json.loads(line) for line in data.decode().split("\n") if line]
    return FRAME_INPUTS[name].frame([typed_row(row, FRAME_INPUTS[name]) for row in rows])


def typed_row(row: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """A row of JSON with the days and moments that the table's columns hold."""
    readers = {pl.Date: date.fromisoformat, pl.Datetime: datetime.fromisoformat}
    kinds = {column.name: readers.get(column.dtype.base_type()) for column in table.columns}
    return {
        name: reader(value) if value is not None and (reader := kinds.get(name)) else value
        for name, value in row.items()
    }


def empty_tables() -> dict[str, pl.DataFrame]:
    """Published tables of no rows: what there was before the first version."""
    return {name: table.empty() for name, table in PUBLISHED_TABLES.items()}
