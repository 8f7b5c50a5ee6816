"""A damaged version made good: rebuilt from what is kept, proved the same, and put in its place.

Belongs here: the order of what is done. Must stay out: what a version is rebuilt from (`repair_sources.py`),
and what is wrong with one (`warehouse/snapshots/damage.py`).

Everything is made before anything is written. Damaged bytes go aside, never away. The descriptor comes last,
so that a crash leaves a version that is damaged as before, and can be repaired again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from flows.approving import settle
from flows.console import report_step
from flows.context import AppContext
from flows.pinning import pin_of
from flows.repair_sources import make_tables, sealed_descriptor
from flows.run_record import hold_round
from flows.signing import sign_approved
from programme.problems import Problem, ProblemsError, problem
from programme.rounds import Round
from warehouse.aside import put_aside
from warehouse.kept_packages import keep_packages
from warehouse.lock import LockTakenError
from warehouse.signing.statement import attestation_path
from warehouse.snapshots import (
    damaged_files,
    latest_version,
    list_versions,
    point_to_latest,
    round_path,
    version_path,
)
from warehouse.snapshots.approved import approved_path
from warehouse.snapshots.damage import damaged_tables, found_instead, read_or_none
from warehouse.snapshots.descriptor import PACKAGE_FILE, encode_package
from warehouse.snapshots.numbers import LATEST_FILE

TABLE = ".parquet"


@dataclass(frozen=True)
class Repaired:
    """What a repair did.

    `damaged`: each file that was not as it was published, with what was found; `aside`: where the damaged
    bytes are now.
    """

    round: str
    version: int
    damaged: dict[str, str]
    aside: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one sentence."""
        files = ", ".join(f"{name} ({found})" for name, found in self.damaged.items())
        place = f" The damaged bytes are kept in {', '.join(self.aside)}." if self.aside else ""
        return (
            f"Version {self.version} of round {self.round} was rebuilt, with the same hashes: {files}.{place}"
        )


def repair(context: AppContext, round_: Round, version: int) -> Repaired:
    """Make a version good; whoever calls holds the round.

    Raises `ProblemsError` where a file cannot be rebuilt with the hash that was published: then nothing is
    changed.
    """
    storage, folder = context.storage, version_path(round_.id, version)
    if version not in list_versions(storage, round_.id):
        raise _no_such_version(context, round_, version)
    package = sealed_descriptor(context, round_.id, version)
    raw, files = encode_package(package), damaged_tables(storage, round_.id, version, package)
    made = make_tables(context, round_.id, version, package, [name.removesuffix(TABLE) for name in files])
    if made.why_not:
        raise ProblemsError(_cannot(round_.id, version, name, why) for name, why in made.why_not.items())
    good = {f"{name}{TABLE}": data for name, data in made.data.items()}
    if (there := read_or_none(storage, f"{folder}/{PACKAGE_FILE}")) != raw:
        files, good = {**files, PACKAGE_FILE: found_instead(there)}, {**good, PACKAGE_FILE: raw}
    foreign = _foreign(context, folder, {*files, *(str(item["path"]) for item in package["resources"])})
    aside = [put_aside(storage, f"{folder}/{name}") for name in [*foreign, *files]]
    for name, data in good.items():
        storage.write(f"{folder}/{name}", data)
    files |= dict.fromkeys(foreign, "a file that belongs to no version")
    return Repaired(round_.id, version, files, tuple(where for where in aside if where))


def repair_beside(context: AppContext, round_: Round) -> list[str]:
    """Make good what lies beside the versions of a round, and return what was not as it was written.

    It is made from the versions and the decisions; what was damaged is kept aside.
    """
    notes = [f"{round_path(round_.id)}/{LATEST_FILE}", approved_path(round_.id)]
    notes += [attestation_path(round_.id, one) for one in list_versions(context.storage, round_.id)]
    before = {path: read_or_none(context.storage, path) for path in notes}
    point_to_latest(context.storage, round_.id)
    if (approved := settle(context, round_)) is not None:
        sign_approved(context, round_, approved)
    keep_packages(context.storage, round_.id)
    return [path for path in notes if read_or_none(context.storage, path) != before[path]]


def make_good_for_run(context: AppContext, round_id: str) -> None:
    """Make good the versions that a run reads: the latest, the pinned one, the latest of other rounds.

    Whoever calls holds the round; another round is left alone while somebody holds it. What cannot be rebuilt
    is told, and the run goes on from the newest version that is whole.
    """
    _make_good(context, round_id, latest_version(context.storage, round_id))
    if (pin := pin_of(context, round_id)) is not None:
        _make_good(context, round_id, pin.version)
    for other in context.rounds.rounds:
        latest = None if other.id == round_id else latest_version(context.storage, other.id)
        if latest is not None and damaged_files(context.storage, other.id, latest):
            with suppress(LockTakenError), hold_round(context, other.id, f"repair for the run of {round_id}"):
                _make_good(context, other.id, latest)


def _make_good(context: AppContext, round_id: str, version: int | None) -> None:
    """Make a version good, if it is damaged, and say so; one that cannot be rebuilt is told and left."""
    if version is None or not damaged_files(context.storage, round_id, version):
        return
    try:
        report_step(str(repair(context, context.round(round_id), version)))
    except ProblemsError as error:
        why = " ".join(str(one) for one in error.problems)
        report_step(f"Version {version} of round {round_id} is damaged and could not be rebuilt. {why}")


def _foreign(context: AppContext, folder: str, expected: set[str]) -> list[str]:
    """The files of a version's folder that belong to no version."""
    names = [item.path.removeprefix(f"{folder}/") for item in context.storage.list(folder)]
    return [name for name in names if name != PACKAGE_FILE and name.split("/", 1)[0] not in expected]


def _cannot(round_id: str, version: int, name: str, why: str) -> Problem:
    return Problem(
        f"{name}{TABLE}, which cannot be rebuilt: {why.rstrip('.')}",
        "the bytes that were published",
        f"round {round_id}, version {version}",
        "Nothing was changed. Restore its file from a backup.",
    )


def _no_such_version(context: AppContext, round_: Round, version: int) -> ProblemsError:
    there = ", ".join(str(one) for one in list_versions(context.storage, round_.id)) or "none yet"
    return problem(
        found=f"no version {version} of round {round_.id}",
        expected=f"a version that was published (there are: {there})",
        where=f"{context.storage.address}/{round_path(round_.id)}",
        remedy="Name one of those.",
    )
