"""What is approved in a round, whether that still holds, and what speaks against approving a version.

Belongs here: reading. Must stay out: recording an approval and what follows from it (`approving.py`), and
counting people (`tasks/decisions/approvals.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import polars as pl

from flows.context import AppContext
from flows.pinning import pin_in_force
from flows.published_versions import (
    APPROVED_INPUT,
    CREDITS_INPUT,
    DECISIONS_INPUT,
    EARLIER_INPUT,
    frame_bytes,
    origin_of,
    read_version,
)
from flows.round_inputs import confirmed_cities, latest_of_others
from programme.counts import counted
from programme.problems import Problem, ProblemsError
from programme.rounds import Round
from programme.vocabulary import OpenPointKind
from tasks.decisions.approvals import NOT_IN_A_VERSION, involved_people
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.effective import released_twinnings, shared_contacts
from tasks.publish.open_points import open_points
from warehouse.inputs.find import find_inputs
from warehouse.snapshots import Approved, latest_version, read_package, read_tables
from warehouse.snapshots.verify import verify_version

ALWAYS_BLOCKING: OpenPointKind = "conflict"
SHOWN = 8
"""How many open points or decisions are named before the rest is counted."""
GATHERED = (APPROVED_INPUT, DECISIONS_INPUT, EARLIER_INPUT, CREDITS_INPUT, "carried_over")
"""Inputs that are no file."""


def objections(context: AppContext, round_: Round, version: int, *, older: bool) -> list[Problem]:
    """Everything that speaks against approving a version, but the people who approve it."""
    where = f"round {round_.id}, version {version}"
    damage = verify_version(context.storage, round_.id, version)
    if damage:
        more = f" and {len(damage) - SHOWN} more" if len(damage) > SHOWN else ""
        found = f"a version that does not verify: {'; '.join(damage[:SHOWN])}{more}"
        remedy = f"See: city2city verify {round_.id} {version}. Restore its files, or run the round again."
        return [Problem(found, "a version as it was published", where, remedy)]
    problems = []
    latest = latest_version(context.storage, round_.id)
    if latest != version and not older:
        found, expected = f"version {version}", f"version {latest}, the latest"
        remedy = "Approve the latest one, or insist with --older."
        problems.append(Problem(found, expected, where, remedy))
    return [*problems, *_blocking_points(context, round_, version, where)]


def _blocking_points(context: AppContext, round_: Round, version: int, where: str) -> Iterator[Problem]:
    in_force = decisions_in_force(context.ledger.decisions(round_.id))
    tables = read_tables(context.storage, round_.id, version)
    points = open_points(tables, released_twinnings(in_force), shared=shared_contacts(in_force))
    for kind in dict.fromkeys([ALWAYS_BLOCKING, *context.rounds.blocking]):
        rows = points.filter(pl.col("kind") == kind).rows(named=True)
        if not rows:
            continue
        named = [f"{row['subject']} ({row['evidence'] or row['about']})" for row in rows[:SHOWN]]
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        yield Problem(
            f"{counted(len(rows), 'open point')} of kind {kind}: {'; '.join(named)}{more}",
            f"none of kind {kind}, which blocks an approval",
            where,
            f"Answer them (city2city review {round_.id} says how), then run the round again. "
            "Which kinds block stands in programme/rounds.toml (blocking).",
        )


def involved_in(context: AppContext, round_id: str, version: int) -> tuple[str, ...]:
    """Who started the run that published a version, or decided something that is in force in it."""
    runs = [run for run in context.ledger.runs(round_id) if run["version"] == version]
    first = min(runs, key=lambda run: run["started_at"], default=None)
    started = [first["started_by"]] if first and first["started_by"] else []
    decided = origin_of(context, read_version(context, round_id, version)).decisions
    return involved_people(decided, started)


def stale_reasons(context: AppContext, approved: Approved) -> list[str]:
    """Why an approval does not fit what there is now, in sentences; nothing where it still does.

    Compared are the inputs, the rules and the decisions in force with those that the version was made from.
    """
    round_id, version = approved.round_id, approved.version
    in_force = decisions_in_force(context.ledger.decisions(round_id))
    made_from = origin_of(context, read_version(context, round_id, version))
    if (pin := pin_in_force(context, in_force, round_id)) is not None:
        pinned = read_package(context.storage, round_id, pin.version)
        inputs, rules = dict(pinned["inputs"]), pinned["rules"]
    else:
        inputs, rules = _inputs_now(context, round_id), context.programme.fingerprint
    reasons = [
        f"The input {name} changed since."
        for name in sorted(inputs)
        if name not in (APPROVED_INPUT, DECISIONS_INPUT) and inputs[name] != made_from.inputs.get(name)
    ]
    if DECISIONS_INPUT in inputs and pin is None:
        known = {item["sha256"] for item in context.ledger.inputs(round_id)}
        if inputs[DECISIONS_INPUT] not in known:
            reasons.append("The decisions file changed since; no run has read it yet.")
    if rules != made_from.rules:
        reasons.append("The rules changed since.")
    return [*reasons, *_changed_decisions(in_force, made_from.decisions)]


def _changed_decisions(now: pl.DataFrame, then: pl.DataFrame) -> Iterator[str]:
    ids = [
        frame.filter(~pl.col("kind").is_in(NOT_IN_A_VERSION))["decision_id"].to_list()
        for frame in (now, then)
    ]
    for names, words in ((ids[0], "made since"), (ids[1], "not counting any more")):
        others = set(ids[1] if names is ids[0] else ids[0])
        if gone := [name for name in names if name not in others]:
            more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
            yield f"{counted(len(gone), 'decision')} {words}: {', '.join(gone[:SHOWN])}{more}."


def _inputs_now(context: AppContext, round_id: str) -> dict[str, str]:
    """The inputs that a run would read now, by name, with their sha256.

    These are the files of the data folder. Where there are none, they are those that a run or a scan read
    last, because the files may lie in a folder that only the run knows.
    """
    storage, folder = context.inputs(None)
    try:
        found = find_inputs(storage, round_id, folder, limits=context.programme.expectations.files)
        now = {item.table: hashlib.sha256(item.data).hexdigest() for item in found}
    except ProblemsError:
        now = {}
        for item in context.ledger.inputs(round_id):  # the last read come first
            now.setdefault(item["table"], item["sha256"])
    latest, _ = latest_of_others(context, round_id)
    held = confirmed_cities(context, latest)
    if not held.is_empty():
        now[EARLIER_INPUT] = hashlib.sha256(frame_bytes(held)).hexdigest()
    return now
