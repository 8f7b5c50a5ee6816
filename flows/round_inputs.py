"""What a round is made from: the files, the decisions and the earlier rounds.

Belongs here: everything that is read before the first rule is applied, and its passports (`origin`): the
sha256 under which each part is kept, so that the version can be made again. Must stay out: reading a file's
content and any judgement (`procedure.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.fair_credits import fair_credits
from flows.forgetting.rewriting import without_forgotten
from flows.known_twinnings import KnownTwinnings
from flows.mending import keep_or_mend
from flows.moments import in_utc
from flows.published_versions import (
    APPROVED_INPUT,
    CARRIED_INPUT,
    CREDITS_INPUT,
    DECISIONS_INPUT,
    EARLIER_INPUT,
    PublishedVersion,
    frame_bytes,
    read_newest_whole,
    typed_row,
)
from flows.version import program_identity
from programme.counts import counted
from programme.programme import Programme
from programme.rounds import Round
from tasks.decisions.confirmations import Find, completed, decisions_in_force
from tasks.decisions.file_rows import with_recorded_ids
from tasks.decisions.standing import about_the_future, contradictions, not_decided_yet
from tasks.eligibility.carried_over import can_be_carried, carried_forms
from tasks.eligibility.taken_cities import cities_held
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.other_rounds import APPROVED, CARRIED_OVER, CREDITS, EARLIER
from warehouse.inputs.find import find_inputs


@dataclass(frozen=True)
class RunRequest:
    """What was asked for.

    `inputs` is the folder that holds the round's folder (None: `inputs` of the data folder); decisions made
    after `as_of` are not applied (None: all are). `accept` names gates that may be passed this once, for
    `reason`; `by` says who started the run, and accepts. `unpin` ends what a rollback pinned.
    """

    round_id: str
    reason: str
    inputs: str | None = None
    as_of: datetime | None = None
    accept: tuple[str, ...] = ()
    by: str = "run by hand"
    unpin: bool = False


def _no_version_has_it(_twinning_id: str) -> None:
    """Finds no twinning: for inputs that were kept, whose decisions say what they are about."""


@dataclass(frozen=True)
class RoundInputs:
    """Everything one run of a round works on. Two runs on equal inputs make equal tables.

    `recorded_decisions` are the decisions of the ledger for this round that were made and recorded by
    `as_of`; `recorded_ids` names all of them, and `read_at` is the moment of this run. `confirmed_cities` are
    the cities that other rounds hold by confirmed twinnings (dictionary table EARLIER); `approved` the
    twinnings of the approved version (dictionary table APPROVED); `earlier_versions` the latest version of
    each earlier round, to show a city's earlier application, and `other_versions` that of every other round,
    to count what is given out (no result rests on them); `decided` the decisions in force where they are
    given, as for a version that is made again. `offered_forms` are forms of earlier rounds that could be
    selected there and were not placed (dictionary table CARRIED_OVER). `credits` are what classes of the
    balance that came short in the round before have in this one (dictionary table CREDITS). `find_twinning`
    looks up what a confirmed twinning is, where the decision does not say so. `pinned` says that the inputs
    are those of an older version, on purpose.
    """

    round: Round
    programme: Programme
    sources: tuple[SourceFile, ...]
    recorded_decisions: pl.DataFrame
    confirmed_cities: pl.DataFrame
    as_of: datetime | None = None
    recorded_ids: frozenset[str] = frozenset()
    read_at: datetime | None = None
    approved: pl.DataFrame = field(default_factory=APPROVED.empty)
    decided: pl.DataFrame | None = None
    earlier_versions: Mapping[str, PublishedVersion] = field(default_factory=dict, repr=False)
    offered_forms: pl.DataFrame = field(default_factory=CARRIED_OVER.empty, repr=False)
    credits: pl.DataFrame = field(default_factory=CREDITS.empty)
    other_versions: Mapping[str, PublishedVersion] = field(default_factory=dict, repr=False)
    find_twinning: Find = field(default=_no_version_has_it, repr=False)
    pinned: bool = False

    def decisions_in_force(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions in force, from the ledger and the decisions file together.

        The same line twice is one decision.
        """
        return decisions_in_force(self.all_decisions(from_file)) if self.decided is None else self.decided

    def all_decisions(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions of the ledger and of the decisions file that were known by `as_of`, in force or not.

        They are in the order in which they are recorded: what is new in the file comes last, line by line.
        """
        lines = self.to_record(from_file)
        if self.unknown_by_then(from_file):
            lines = lines.clear()  # what was recorded by then is among the decisions of the ledger
        together = pl.concat([self.recorded_decisions, lines]).unique(
            "decision_id", keep="first", maintain_order=True
        )
        return self.completed(together)

    def to_record(self, from_file: pl.DataFrame) -> pl.DataFrame:
        """The decisions of the file that can be recorded, under the ids that recorded ones have.

        One that claims a moment to come is not among them.
        """
        known = with_recorded_ids(from_file, self.recorded_ids)
        return known if self.read_at is None else known.filter(pl.col("decided_at") <= self.read_at)

    def unknown_by_then(self, from_file: pl.DataFrame) -> int:
        """How many decisions of the file do not count because nobody had recorded them by `as_of`."""
        if self.as_of is None or self.read_at is None or self.as_of >= self.read_at:
            return 0
        by_then = self.recorded_decisions["decision_id"].to_list()
        return self.to_record(from_file).filter(~pl.col("decision_id").is_in(by_then)).height

    def about_decisions(self, from_file: pl.DataFrame) -> list[Finding]:
        """What a person should look at in the record of decisions."""
        found = contradictions(self.all_decisions(from_file))
        if self.read_at is not None:
            found += about_the_future(not_decided_yet(from_file, self.read_at))
        if self.as_of is not None and (lines := self.unknown_by_then(from_file)):
            message = (
                f"This run leaves out {counted(lines, 'decision')} of the file, recorded after "
                f"{self.as_of.isoformat()} (as of). Leave --as-of out if they should count."
            )
            found.append(Finding.about_table("decisions", "decision_known_by_then", message))
        return found

    def completed(self, decisions: pl.DataFrame) -> pl.DataFrame:
        """Decisions with the topic and the members of the twinnings that they are about."""
        return completed(decisions, self.find_twinning)

    def gathered(self, decisions: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """The inputs that are no file, by the name under which a version notes them; those with rows.

        `decisions` are those in force.
        """
        frames = {
            DECISIONS_INPUT: decisions,
            EARLIER_INPUT: self.confirmed_cities,
            APPROVED_INPUT: self.approved,
            CARRIED_INPUT: carried_forms(decisions, self.offered_forms),
            CREDITS_INPUT: self.credits,
        }
        return {name: frame for name, frame in frames.items() if not frame.is_empty()}

    def file_hashes(self) -> dict[str, str]:
        """Table to the sha256 of its file."""
        return {source.table: hashlib.sha256(source.content).hexdigest() for source in self.sources}

    def register_versions(self) -> dict[str, str]:
        """Register to the first eight hex digits of its file's sha256: the version the evidence names."""
        hashes = self.file_hashes()
        return {name: hashes[name][:8] for name in ("cohort", "gcom") if name in hashes}

    def origin(self, decisions: pl.DataFrame) -> Origin:
        """What the tables come from, for the datapackage and for tracing changes.

        `decisions` are those in force.
        """
        inputs = self.file_hashes()
        inputs.pop(DECISIONS_INPUT, None)
        for name, frame in self.gathered(decisions).items():
            inputs[name] = hashlib.sha256(frame_bytes(frame)).hexdigest()
        return Origin(dict(sorted(inputs.items())), self.programme.fingerprint, program_identity(), decisions)


def gather(context: AppContext, round_id: str, inputs: str | None, as_of: datetime | None) -> RoundInputs:
    """Read what is there for a round.

    `inputs` and `as_of` are those of `RunRequest`. Raises `ProblemsError` with everything that is missing or
    unreadable at once, and `EditedDecisionsError` where a recorded decision was changed since.
    """
    round_ = context.round(round_id)
    as_of = as_of and in_utc(as_of, round_.zone)
    storage, folder = context.inputs(inputs)
    found = find_inputs(storage, round_id, folder, limits=context.programme.expectations.files)
    sources = [SourceFile(item.table, item.name, item.data) for item in found]
    latest, earlier_versions = latest_of_others(context, round_id)
    return RoundInputs(
        round=round_,
        programme=context.programme,
        sources=without_forgotten(context, round_, sources),
        recorded_decisions=context.ledger.decisions(round_id, as_of),
        recorded_ids=frozenset(context.ledger.decisions(round_id)["decision_id"]),
        read_at=datetime.now(UTC),
        confirmed_cities=confirmed_cities(context, latest),
        as_of=as_of,
        earlier_versions=earlier_versions,
        offered_forms=offered_forms(context, earlier_versions),
        credits=fair_credits(context, round_id, earlier_versions),
        other_versions=latest,
        find_twinning=KnownTwinnings(context, round_id).find,
    )


def latest_of_others(
    context: AppContext, round_id: str
) -> tuple[dict[str, PublishedVersion], dict[str, PublishedVersion]]:
    """The latest version of each other round, and of each earlier one."""
    others = [item.id for item in context.rounds.rounds if item.id != round_id]
    latest = {item: version for item in others if (version := read_newest_whole(context, item)) is not None}
    earlier = {item.id for item in context.rounds.before(round_id)}
    return latest, {item: version for item, version in latest.items() if item in earlier}


def confirmed_cities(context: AppContext, versions: Mapping[str, PublishedVersion]) -> pl.DataFrame:
    """Cities in confirmed twinnings of other rounds (dictionary table EARLIER), by their latest `versions`.

    A twinning is confirmed in the round's latest version, or by a decision since.
    """
    frames = [
        cities_held(round_id, published.tables, recorded_in(context, round_id))
        for round_id, published in versions.items()
    ]
    return EARLIER.conform(pl.concat(frames)) if frames else EARLIER.empty()


def offered_forms(context: AppContext, versions: Mapping[str, PublishedVersion]) -> pl.DataFrame:
    """Forms of earlier rounds that could be selected there and were not placed (dictionary CARRIED_OVER).

    `versions` are the latest ones of the earlier rounds. A form that was erased is not among them.
    """
    rows: list[dict[str, Any]] = []
    for round_id, published in versions.items():
        wanted = set(can_be_carried(published.tables)["application_id"])
        rows += [
            typed_row({**kept["payload"], "carried_from": round_id}, CARRIED_OVER)
            for kept in context.ledger.submissions(round_id, published.package["inputs"]["submissions"])
            if kept["submission_id"] in wanted and kept["payload"] is not None
        ]
    return CARRIED_OVER.frame(rows).unique("submission_id", keep="first", maintain_order=True)


def recorded_in(context: AppContext, round_id: str) -> pl.DataFrame:
    """All decisions of a round, each confirmation with the topic and the members of its twinning."""
    return completed(context.ledger.decisions(round_id, None), KnownTwinnings(context, round_id).find)


def keep_inputs(context: AppContext, round_inputs: RoundInputs, decisions: pl.DataFrame) -> None:
    """Keep every part of the inputs under its hash (restricted), so that the version can be made again."""
    for source in round_inputs.sources:
        keep_or_mend(context, source.table, source.content)
    for name, frame in round_inputs.gathered(decisions).items():
        keep_or_mend(context, name, frame_bytes(frame))
