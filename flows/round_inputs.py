"""What a round is made from, gathered in one place: the files, the decisions, the earlier rounds, the version
before.

Belongs here: everything that is read before the first rule is applied, and its passports (`origin`): the
sha256 under which each part is kept so that the version can be made again. Must stay out: reading a file's
content and any judgement (`flows/procedure.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from flows.context import AppContext, program_version
from programme.programme import Programme
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions
from tasks.eligibility.earlier_rounds import own_gcom_ids
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.working import EARLIER
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import has_input, keep_input, read_input
from warehouse.snapshots import latest_version, read_package, read_tables

DECISIONS_INPUT = "decisions"
EARLIER_INPUT = "earlier_rounds"
FRAME_INPUTS = {DECISIONS_INPUT: DECISIONS, EARLIER_INPUT: EARLIER}
"""Inputs that are no file of the round's folder but gathered by us; kept as JSON lines."""


@dataclass(frozen=True)
class Parent:
    """A published version: its number, tables and descriptor."""

    version: int
    tables: Mapping[str, pl.DataFrame]
    package: Mapping[str, Any]


@dataclass(frozen=True)
class RoundInputs:
    """Everything one run of a round works on. Two runs on equal round_inputs make equal tables.

    `recorded` are all decisions of the ledger for this round up to `as_of`; `earlier` the cities of confirmed
    twinnings of earlier rounds; `before` the latest version of each earlier round, to show a city's earlier
    application (no result rests on it).
    """

    round: Round
    programme: Programme
    sources: tuple[SourceFile, ...]
    recorded: pl.DataFrame
    earlier: pl.DataFrame
    as_of: datetime | None = None
    before: Mapping[str, Parent] = field(default_factory=dict, repr=False)

    def decisions(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions that stand: the ledger's and the file's together, the same line twice being one
        decision.
        """
        together = pl.concat([self.recorded, from_file]).unique(
            "decision_id", keep="first", maintain_order=True
        )
        if self.as_of is not None:
            together = together.filter(pl.col("decided_at") <= self.as_of)
        return effective_decisions(together)

    def origin(self, standing_decisions: pl.DataFrame) -> Origin:
        """What the tables come from, for the datapackage and for tracing changes."""
        inputs = {
            source.table: hashlib.sha256(source.content).hexdigest()
            for source in self.sources
            if source.table != DECISIONS_INPUT
        }
        for name, frame in ((DECISIONS_INPUT, standing_decisions), (EARLIER_INPUT, self.earlier)):
            if not frame.is_empty():
                inputs[name] = hashlib.sha256(frame_bytes(frame)).hexdigest()
        return Origin(
            dict(sorted(inputs.items())), self.programme.fingerprint, program_version(), standing_decisions
        )


def gather(context: AppContext, round_id: str, inputs: str | None, as_of: datetime | None) -> RoundInputs:
    """Read what is there for a round; raises `ProblemsError` with everything that is missing or unreadable at
    once.
    """
    round_ = context.round(round_id)
    storage, folder = context.inputs(inputs)
    sources = tuple(
        SourceFile(item.table, item.name, item.data) for item in find_inputs(storage, round_id, folder)
    )
    before = {
        item.id: read_parent(context, item.id, latest_version(context.storage, item.id))
        for item in context.rounds.before(round_id)
    }
    processed = {item: parent for item, parent in before.items() if parent is not None}
    return RoundInputs(
        round_,
        context.programme,
        sources,
        context.ledger.decisions(round_id, as_of),
        confirmed_cities(context, processed),
        as_of,
        processed,
    )


def confirmed_cities(context: AppContext, before: Mapping[str, Parent]) -> pl.DataFrame:
    """Cities in confirmed twinnings of earlier rounds (dictionary EARLIER): those confirmed in the round's
    latest version or by a decision since.
    """
    frames = []
    for round_id, parent in before.items():
        tables = parent.tables
        decided = effective_decisions(context.ledger.decisions(round_id, None))
        confirmed = set(tables["twinnings"].filter(pl.col("state") == "confirmed")["twinning_id"])
        confirmed |= set(decided.filter(pl.col("kind") == "confirm")["subject"])
        confirmed -= set(decided.filter(pl.col("kind") == "release")["subject"])
        frames.append(_members(tables, round_id, confirmed))
    return EARLIER.conform(pl.concat(frames)) if frames else EARLIER.empty()


def _members(tables: Mapping[str, pl.DataFrame], round_id: str, confirmed: set[str]) -> pl.DataFrame:
    return (
        tables["twinning_members"]
        .filter(pl.col("twinning_id").is_in(list(confirmed)))
        .join(
            tables["applications"].select("application_id", "city_name", "country_iso3"), on="application_id"
        )
        .join(own_gcom_ids(tables["crosscheck"]), on="application_id", how="left")
        .with_columns(pl.lit(round_id).alias("round"))
        .select(EARLIER.names)
    )


def read_parent(context: AppContext, round_id: str, version: int | None) -> Parent | None:
    """A published version with its tables; None where `version` is."""
    return None if version is None else published(context, round_id, version)


def published(context: AppContext, round_id: str, version: int) -> Parent:
    """A published version with its tables; raises `ProblemsError` where there is none of that number or it is
    damaged.
    """
    return Parent(
        version,
        read_tables(context.storage, round_id, version),
        read_package(context.storage, round_id, version),
    )


def parent_origin(context: AppContext, parent: Parent) -> Origin:
    """What a published version was made from, its decisions read back from where they are kept (none, where
    they were erased since).
    """
    inputs = dict(parent.package["inputs"])
    kept = inputs.get(DECISIONS_INPUT)
    decisions = (
        frame_from(read_input(context.storage, kept), DECISIONS_INPUT)
        if kept and has_input(context.storage, kept)
        else DECISIONS.empty()
    )
    return Origin(inputs, str(parent.package["rules"]), str(parent.package["program"]), decisions)


def same_origin(one: Origin, other: Origin) -> bool:
    """Whether two versions come from the same inputs, rules and program."""
    return (dict(one.inputs), one.rules, one.program) == (dict(other.inputs), other.rules, other.program)


def keep(context: AppContext, round_inputs: RoundInputs, standing_decisions: pl.DataFrame) -> None:
    """Keep every part of the round_inputs under its hash (restricted), so that the version can be made again."""
    for source in round_inputs.sources:
        keep_input(context.storage, source.content)
    for frame in (standing_decisions, round_inputs.earlier):
        if not frame.is_empty():
            keep_input(context.storage, frame_bytes(frame))


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as JSON lines, the same bytes for the same rows."""
    return "".join(
        json.dumps(row, sort_keys=True, ensure_ascii=False, default=str) + "\n"
        for row in frame.iter_rows(named=True)
    ).encode()


def frame_from(data: bytes, name: str) -> pl.DataFrame:
    """Back from `frame_bytes`; `name` is a key of `FRAME_INPUTS`."""
    table = FRAME_INPUTS[name]
    rows = [json.loads(line) for line in data.decode().splitlines()]
    for row in rows:
        if "decided_at" in row:
            row["decided_at"] = datetime.fromisoformat(row["decided_at"])
    return table.frame(rows)


def empty_tables() -> dict[str, pl.DataFrame]:
    """Published tables of no rows: what there was before the first version."""
    return {name: table.empty() for name, table in PUBLISHED_TABLES.items()}
