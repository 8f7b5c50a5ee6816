"""What a round is made from: the files, the decisions and the earlier rounds.

Belongs here: everything that is read before the first rule is applied, and its passports (`origin`): the
sha256 under which each part is kept, so that the version can be made again. Must stay out: reading a file's
content and any judgement (`procedure.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from flows.context import AppContext
from flows.published_versions import (
    APPROVED_INPUT,
    DECISIONS_INPUT,
    EARLIER_INPUT,
    PublishedVersion,
    frame_bytes,
    read_latest,
)
from flows.version import program_version
from programme.programme import Programme
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions
from tasks.eligibility.earlier_rounds import own_gcom_ids
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin
from warehouse.dictionary.working import APPROVED, EARLIER
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import keep_input


@dataclass(frozen=True)
class RunRequest:
    """What was asked for.

    `inputs` is the folder that holds the round's folder (None: `inputs` of the data folder); decisions made
    after `as_of` are not applied (None: all are). `accept` names gates that may be passed this once, for
    `reason`; `by` says who accepts.
    """

    round_id: str
    reason: str
    inputs: str | None = None
    as_of: datetime | None = None
    accept: tuple[str, ...] = ()
    by: str = "run by hand"


@dataclass(frozen=True)
class RoundInputs:
    """Everything one run of a round works on. Two runs on equal inputs make equal tables.

    `recorded_decisions` are all decisions of the ledger for this round up to `as_of`; `confirmed_cities` the
    cities of confirmed twinnings of earlier rounds (dictionary table EARLIER); `approved` the twinnings of
    the approved version (dictionary table APPROVED); `earlier_versions` the latest version of each earlier
    round, to show a city's earlier application (no result rests on it); `decided` the decisions in force
    where they are given, as for a version that is made again.
    """

    round: Round
    programme: Programme
    sources: tuple[SourceFile, ...]
    recorded_decisions: pl.DataFrame
    confirmed_cities: pl.DataFrame
    as_of: datetime | None = None
    approved: pl.DataFrame = field(default_factory=APPROVED.empty)
    decided: pl.DataFrame | None = None
    earlier_versions: Mapping[str, PublishedVersion] = field(default_factory=dict, repr=False)

    def decisions_in_force(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions in force, from the ledger and the decisions file together.

        The same line twice is one decision.
        """
        return effective_decisions(self.all_decisions(from_file)) if self.decided is None else self.decided

    def all_decisions(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions of the ledger and of the decisions file up to `as_of`, in force or not."""
        together = pl.concat([self.recorded_decisions, from_file]).unique(
            "decision_id", keep="first", maintain_order=True
        )
        return together if self.as_of is None else together.filter(pl.col("decided_at") <= self.as_of)

    def gathered(self, decisions_in_force: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The inputs that are no file, by the name under which a version notes them; those with rows."""
        frames = {
            DECISIONS_INPUT: decisions_in_force,
            EARLIER_INPUT: self.confirmed_cities,
            APPROVED_INPUT: self.approved,
        }
        return {name: frame for name, frame in frames.items() if not frame.is_empty()}

    def file_hashes(self) -> dict[str, str]:
        """Table to the sha256 of its file."""
        return {source.table: hashlib.sha256(source.content).hexdigest() for source in self.sources}

    def register_versions(self) -> dict[str, str]:
        """Register to the first eight hex digits of its file's sha256: the version the evidence names."""
        hashes = self.file_hashes()
        return {name: hashes[name][:8] for name in ("cohort", "gcom") if name in hashes}

    def origin(self, decisions_in_force: pl.DataFrame) -> Origin:
        """What the tables come from, for the datapackage and for tracing changes."""
        inputs = self.file_hashes()
        inputs.pop(DECISIONS_INPUT, None)
        for name, frame in self.gathered(decisions_in_force).items():
            inputs[name] = hashlib.sha256(frame_bytes(frame)).hexdigest()
        return Origin(
            dict(sorted(inputs.items())), self.programme.fingerprint, program_version(), decisions_in_force
        )


def gather(context: AppContext, round_id: str, inputs: str | None, as_of: datetime | None) -> RoundInputs:
    """Read what is there for a round.

    `inputs` and `as_of` are those of `RunRequest`. Raises `ProblemsError` with everything that is missing or
    unreadable at once.
    """
    round_ = context.round(round_id)
    storage, folder = context.inputs(inputs)
    found = find_inputs(storage, round_id, folder)
    latest = {item.id: read_latest(context, item.id) for item in context.rounds.before(round_id)}
    earlier_versions = {item: version for item, version in latest.items() if version is not None}
    return RoundInputs(
        round=round_,
        programme=context.programme,
        sources=tuple(SourceFile(item.table, item.name, item.data) for item in found),
        recorded_decisions=context.ledger.decisions(round_id, as_of),
        confirmed_cities=confirmed_cities(context, earlier_versions),
        as_of=as_of,
        earlier_versions=earlier_versions,
    )


def confirmed_cities(context: AppContext, earlier_versions: Mapping[str, PublishedVersion]) -> pl.DataFrame:
    """Cities in confirmed twinnings of earlier rounds (dictionary table EARLIER).

    A twinning is confirmed in the round's latest version, or by a decision since.
    """
    frames = []
    for round_id, published in earlier_versions.items():
        tables = published.tables
        decisions = effective_decisions(context.ledger.decisions(round_id, None))
        confirmed = set(tables["twinnings"].filter(pl.col("state") == "confirmed")["twinning_id"])
        confirmed |= set(decisions.filter(pl.col("kind") == "confirm")["subject"])
        confirmed -= set(decisions.filter(pl.col("kind") == "release")["subject"])
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


def keep_inputs(context: AppContext, round_inputs: RoundInputs, decisions_in_force: pl.DataFrame) -> None:
    """Keep every part of the inputs under its hash (restricted), so that the version can be made again."""
    for source in round_inputs.sources:
        keep_input(context.storage, source.content)
    for frame in round_inputs.gathered(decisions_in_force).values():
        keep_input(context.storage, frame_bytes(frame))
