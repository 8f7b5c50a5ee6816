"""What is noted once a version stands: in `latest.json`, beside it, in the cache and in the ledger.

Belongs here: the order of these notes, and what becomes of a run that cannot write one of them: the version
stands all the same, and the next run of the round makes its record good. Must stay out: publishing itself
(`publishing.py`), and how each note is written (`working_tables.py`, `kept_problem.py`, `warehouse/`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flows.context import AppContext
from flows.kept_problem import keep_problem
from flows.matching_inputs import matching_problem
from flows.published_versions import PublishedVersion
from flows.publishing import Publication
from flows.round_inputs import RoundInputs
from flows.round_results import RoundResult
from flows.run_record import RunRecord, told_as_fault
from flows.working_tables import copy_working_tables, keep_working_tables
from warehouse.kept_packages import keep_packages
from warehouse.snapshots import DamagedVersionError, list_versions, point_to_latest, read_package

Step = tuple[str, Callable[[], None]]
"""What is noted, in words, and noting it."""


def record_publication(
    context: AppContext,
    record: RunRecord,
    round_inputs: RoundInputs,
    result: RoundResult,
    publication: Publication,
) -> None:
    """Note a version where people and programs look for it; what fails goes to `record.faults`.

    The files of the version are the truth; the ledger lets `status` answer without opening them, the working
    tables answer `explain`, and the kept problem answers `what-if`. The ledger comes last, so that a version
    it knows has all the rest.
    """
    round_id, version = round_inputs.round.id, publication.version
    record.outcome, record.version = ("published" if publication.new else "unchanged"), version
    beside = (
        ("its working tables", lambda: keep_working_tables(context, version, round_inputs, result)),
        ("its kept matching problem", lambda: _keep_problem(context, version, round_inputs, result)),
    )
    _record(context, record, round_id, publication, beside)


def record_copy(
    context: AppContext, record: RunRecord, round_id: str, publication: Publication, older: int
) -> None:
    """Note a version that has the content of an older one: as `record_publication` does."""
    version = publication.version
    record.outcome, record.version = ("published" if publication.new else "unchanged"), version
    copy = ("its working tables", lambda: copy_working_tables(context, round_id, older, version))
    _record(context, record, round_id, publication, (copy,))


def _record(
    context: AppContext, record: RunRecord, round_id: str, publication: Publication, beside: tuple[Step, ...]
) -> None:
    steps: tuple[Step, ...] = (
        ("latest.json", lambda: point_to_latest(context.storage, round_id)),
        ("the copy of its datapackage.json", lambda: keep_packages(context.storage, round_id)),
        *beside,
        ("its row in the ledger", lambda: _note_in_ledger(context, round_id, publication, record.id)),
    )
    for name, step in steps:
        with told_as_fault(record, name):
            step()


def _keep_problem(context: AppContext, version: int, round_inputs: RoundInputs, result: RoundResult) -> None:
    round_id = round_inputs.round.id
    package = read_package(context.storage, round_id, version)
    published = PublishedVersion(version, result.tables, package)
    keep_problem(
        context,
        round_id,
        version,
        matching_problem(round_inputs, result.assessed, result.pool, published),
    )


def _note_in_ledger(context: AppContext, round_id: str, publication: Publication, run_id: str) -> None:
    """Note the version, and those that earlier runs of this database published and could not note.

    A run announces its version before it publishes it, and once it is published nobody else announces it. So
    the newest run that announced a version is the one that published it.
    """
    noted = {row["version"]: row["run_id"] for row in context.ledger.versions(round_id)}
    runs = [run for run in context.ledger.runs(round_id) if run["id"] != run_id]
    for number in list_versions(context.storage, round_id):
        stands = number == publication.version
        announced = next((run["id"] for run in runs if run["version"] == number), None)
        by = run_id if stands and publication.new else noted.get(number, announced)
        if number not in noted and (stands or by is not None):
            with suppress(DamagedVersionError):
                package = read_package(context.storage, round_id, number)
                now = datetime.now(UTC)
                context.ledger.record_version(round_id, number, package, published_at=now, run_id=by)
        _correct_outcome(context, runs, by, number)


def _correct_outcome(
    context: AppContext, runs: list[dict[str, Any]], run_id: str | None, version: int
) -> None:
    """Note that a run published its version, where it was taken for failed because it could not say so."""
    run = next((run for run in runs if run["id"] == run_id), None)
    if run is not None and (run["kind"], run["outcome"]) == ("process", "failed"):
        context.ledger.finish_run(run["id"], "published", ended_at=run["ended_at"], version=version)
