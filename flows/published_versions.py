"""Versions that were published before: reading them, and which of them a run relates to.

Belongs here: a version with its tables, what it was made from (its origin), and the baseline of a run. Must
stay out: how versions are kept (`warehouse/snapshots`) and writing a new one (`publishing.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from tasks.publish.changes import Origin
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.working import EARLIER
from warehouse.inputs.kept import has_input, read_input
from warehouse.snapshots import latest_version, read_package, read_tables

DECISIONS_INPUT = "decisions"
EARLIER_INPUT = "earlier_rounds"
FRAME_INPUTS = {DECISIONS_INPUT: DECISIONS, EARLIER_INPUT: EARLIER}
"""Inputs that are no file of the round's folder but gathered by the program; kept as JSON lines."""


@dataclass(frozen=True)
class PublishedVersion:
    """A published version: its number, its tables by name and its `datapackage.json`."""

    version: int
    tables: Mapping[str, pl.DataFrame]
    package: Mapping[str, Any]


@dataclass(frozen=True)
class Baseline:
    """The versions a run relates to.

    `latest` is the version that the new one is compared with; `basis` is the one whose twinnings are to stay
    where they can. They differ only when a run repeats the latest version's origin: it must then start from
    where that version started, and so comes out the same.
    """

    latest: PublishedVersion | None
    basis: PublishedVersion | None


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


def read_parent(context: AppContext, round_id: str, child: PublishedVersion) -> PublishedVersion | None:
    """The version that `child` was compared with; None for the first version."""
    parent = child.package["parent"]
    return None if parent is None else read_version(context, round_id, parent)


def baseline_of(context: AppContext, round_id: str, origin: Origin) -> Baseline:
    """The versions before a run that works on `origin`."""
    latest = read_latest(context, round_id)
    if latest is None or not same_origin(origin, origin_of(context, latest)):
        return Baseline(latest, latest)
    return Baseline(latest, read_parent(context, round_id, latest))


def origin_of(context: AppContext, published: PublishedVersion) -> Origin:
    """What a published version was made from.

    Its decisions are read back from where they are kept; there are none where they were erased since.
    """
    inputs = dict(published.package["inputs"])
    kept = inputs.get(DECISIONS_INPUT)
    decisions = (
        frame_from(read_input(context.storage, kept), DECISIONS_INPUT)
        if kept and has_input(context.storage, kept)
        else DECISIONS.empty()
    )
    return Origin(inputs, str(published.package["rules"]), str(published.package["program"]), decisions)


def same_origin(one: Origin, other: Origin) -> bool:
    """Whether two versions come from the same inputs, rules and program."""
    return (dict(one.inputs), one.rules, one.program) == (dict(other.inputs), other.rules, other.program)


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as JSON lines, the same bytes for the same rows."""
    return "".join(
        json.dumps(row, sort_keys=True, ensure_ascii=False, default=str) + "\n"
        for row in frame.iter_rows(named=True)
    ).encode()


def frame_from(data: bytes, name: str) -> pl.DataFrame:
    """The frame that `frame_bytes` wrote; `name` is a key of `FRAME_INPUTS`."""
    rows = [json.loads(line) for line in data.decode().splitlines()]
    for row in rows:
        if "decided_at" in row:
            row["decided_at"] = datetime.fromisoformat(row["decided_at"])
    return FRAME_INPUTS[name].frame(rows)


def empty_tables() -> dict[str, pl.DataFrame]:
    """Published tables of no rows: what there was before the first version."""
    return {name: table.empty() for name, table in PUBLISHED_TABLES.items()}
