"""Looking at a round from outside: its version, its runs, its inputs, who holds it.

Belongs here: looking; Prefect and SQLAlchemy are not loaded, so a watch is cheap. Must stay out: what is
expected (`expected.py`).
"""

from __future__ import annotations

from datetime import datetime

from flows.context import AppContext
from flows.operations.asking import answer_of
from flows.operations.expected import InputsSeen, RoundSeen, RunSeen
from flows.operations.line import NoAnswer
from flows.run_notes import read_note
from flows.run_record import holder_of
from programme.problems import ProblemsError
from programme.rounds import Round
from warehouse.database.last_run import runs_of
from warehouse.inputs.find import check_inputs, input_table
from warehouse.snapshots import latest_version, version_path
from warehouse.storage import StoredFile


def round_seen(context: AppContext, round_: Round) -> RoundSeen:
    """A round as it is found; what cannot be asked is `NoAnswer`.

    Raises `ProblemsError` or `OSError` where the storage does not answer.
    """
    version = latest_version(context.storage, round_.id)
    held = answer_of(lambda: holder_of(context, round_.id))
    holder = None if isinstance(held, NoAnswer) else held
    return RoundSeen(
        version,
        None if version is None else _written_at(context, round_.id, version),
        answer_of(lambda: runs_seen(context, round_.id, holder)),
        answer_of(lambda: inputs_seen(context, round_)),
        holder,
    )


def runs_seen(context: AppContext, round_id: str, holder: str | None) -> tuple[RunSeen, ...]:
    """The processings of a round, the newest first; one that is noted as running and holds nothing was
    killed.
    """
    seen = []
    for row in runs_of(context.settings.database_url, round_id):
        if row.kind == "process":
            outcome = row.outcome_now(held=holder is not None)
            why = (
                "" if row.version or outcome == "unchanged" else read_note(context.storage, round_id, row.id)
            )
            seen.append(RunSeen(row.started_at, outcome, why))
    return tuple(seen)


def inputs_seen(context: AppContext, round_: Round) -> InputsSeen:
    """The files of a round by their table, and what is wrong with its folder; none is read."""
    storage, folder = context.inputs(None)
    _, files = storage.entries(f"{folder}/{round_.id}")
    tables = {table: _moment(item) for item in files if (table := input_table(item.path))}
    try:
        check_inputs(storage, round_.id, folder, limits=context.programme.expectations.files)
    except ProblemsError as error:
        return InputsSeen(tables, tuple(f"{item.where}: {item.found}" for item in error.problems))
    return InputsSeen(tables)


def _written_at(context: AppContext, round_id: str, version: int) -> datetime | None:
    """When the descriptor of a version was written, by the storage's own word."""
    _, files = context.storage.entries(version_path(round_id, version))
    moments = (_moment(item) for item in files if item.path.endswith("datapackage.json"))
    return next(moments, None)


def _moment(item: StoredFile) -> datetime | None:
    return item.modified_at
