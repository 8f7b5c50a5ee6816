"""A round that was rolled back: its inputs and rules are those of the older version until it is unpinned.

Belongs here: which version a round is pinned to, its inputs and rules, and ending that. Must stay out: going
back itself (`rolling_back.py`), and the steps (`procedure.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.context import AppContext
from flows.kept_inputs import kept_round_inputs
from flows.known_twinnings import KnownTwinnings
from flows.ledger import record_decisions
from flows.published_versions import origin_of, read_version
from flows.round_inputs import RoundInputs, latest_of_others
from flows.version import program_identity
from programme.problems import Problem, ProblemsError
from programme.rounds import Round
from tasks.decisions.approvals import pin_text, pinned_version
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_rules import lost_rules, read_rules_files, rules_address, rules_are_there
from warehouse.snapshots import latest_version


@dataclass(frozen=True)
class Pin:
    """What a round is pinned to: the version whose inputs and rules it has."""

    round_id: str
    version: int

    def __str__(self) -> str:
        return pin_text(self.round_id, self.version)


def pin_in_force(context: AppContext, in_force: pl.DataFrame, round_id: str) -> Pin | None:
    """The pin among the decisions in force (dictionary table DECISIONS): the last rollback."""
    if in_force.filter(pl.col("kind") == "rollback").is_empty():
        return None
    version = pinned_version(in_force, round_id, latest_version(context.storage, round_id))
    return None if version is None else Pin(round_id, version)


def pin_of(context: AppContext, round_id: str) -> Pin | None:
    """What the round is pinned to now; None where it is not."""
    return pin_in_force(context, decisions_in_force(context.ledger.decisions(round_id)), round_id)


def unpin(context: AppContext, round_: Round, *, reason: str, by: str, now: datetime) -> list[str]:
    """Take every rollback in force back, and return the ids of those decisions."""
    in_force = decisions_in_force(context.ledger.decisions(round_.id))
    ids = in_force.filter(pl.col("kind") == "rollback")["decision_id"].to_list()
    rows = [
        make_decision(kind="undo", subject=name, reason=reason, decided_by=by, decided_at=now) for name in ids
    ]
    if rows:
        record_decisions(context, round_, DECISIONS.frame(rows), "cli", now)
    return ids


def with_rules_of(context: AppContext, fingerprint: str) -> AppContext:
    """The same warehouse under other rules: those that were kept when a version was made.

    Raises `ProblemsError` where they are not kept, or this program cannot read them.
    """
    under = under_its_rules(context, fingerprint)
    if under is None:
        raise lost_rules(context.storage, fingerprint)
    return under


def under_its_rules(context: AppContext, fingerprint: str) -> AppContext | None:
    """The same warehouse under the rules with that fingerprint; None where none were kept.

    Raises `ProblemsError` where they are damaged, and where this program cannot read them: it names each file
    and key.
    """
    with suppress(ProblemsError):
        # Rules of today that are at fault are no reason not to read the kept ones.
        if context.programme.fingerprint == fingerprint:
            return context
    files = read_rules_files(context.storage, fingerprint)
    if files is None:
        if rules_are_there(context.storage, fingerprint):
            raise lost_rules(context.storage, fingerprint)
        return None
    try:
        return with_rules_files(context, files)
    except ProblemsError as error:
        kept = rules_address(context.storage, fingerprint)
        raise ProblemsError(_unreadable(one, kept) for one in error.problems) from error


def _unreadable(one: Problem, kept: str) -> Problem:
    """What this program cannot read in rules that another one kept: nobody may correct them."""
    return Problem(
        one.found,
        f"rules that program {program_identity()} can read: {one.expected}",
        f"{one.where}, in the kept rules {kept}",
        "Do not edit them. The program that the version's datapackage.json names can read them. Or use the "
        "rules of today: city2city replay ROUND VERSION --todays-rules; for a round that was rolled back "
        "city2city run ROUND --unpin.",
    )


def its_rules_or_todays(context: AppContext, fingerprint: str) -> AppContext:
    """The same warehouse under the rules with that fingerprint; under today's where that cannot be."""
    with suppress(ProblemsError):
        return under_its_rules(context, fingerprint) or context
    return context


def with_rules_files(context: AppContext, files: Mapping[str, str]) -> AppContext:
    """The same warehouse under rules that are given as the texts of their files."""
    with tempfile.TemporaryDirectory(prefix="city2city-rules-") as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        pinned = AppContext(replace(context.settings, programme=Path(folder)))
        # Read now: the folder is gone when this returns.
        _ = (pinned.programme, pinned.rounds, pinned.rules_files)
    return pinned


def pinned_inputs(context: AppContext, pin: Pin, as_of: datetime | None) -> RoundInputs:
    """What the pinned version was made from, with the decisions that are recorded now.

    No file of the round's folder is read, a decisions file neither. Raises `ProblemsError` where an input is
    no longer kept.
    """
    published = read_version(context, pin.round_id, pin.version)
    kept = kept_round_inputs(context, origin_of(context, published), pin.round_id)
    latest, earlier = latest_of_others(context, pin.round_id)
    return replace(
        kept,
        decided=None,
        recorded_decisions=context.ledger.decisions(pin.round_id, as_of),
        recorded_ids=frozenset(context.ledger.decisions(pin.round_id)["decision_id"]),
        as_of=as_of,
        read_at=datetime.now(UTC),
        earlier_versions=earlier,
        other_versions=latest,
        find_twinning=KnownTwinnings(context, pin.round_id).find,
        pinned=True,
    )
