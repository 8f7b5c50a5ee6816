"""Whether a decision names a row that a file of the round has: of a register, or an evaluator.

Belongs here: reading the files for it, those of the latest version and those that lie among the inputs now.
Must stay out: the other names of a decision (`decision_check.py`), and recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.context import AppContext
from flows.evaluation.folder import evaluation_folder, read_assignment
from programme.counts import counted
from programme.problems import Problem, ProblemsError
from programme.rounds import Round
from tasks.decisions.known import KnownNames, nearest_names
from tasks.ingest.personal.masking import without_addresses_in
from tasks.ingest.step import SourceFile, read_table
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import read_input
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import newest_whole, read_package


def unknown_register_row(context: AppContext, round_: Round, row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `link` to a row that no register of the round has, with the nearest that one has.

    Looked in are the register of the latest version and the one that lies among the inputs now, which may be
    newer. Where neither can be read, nothing is known and nothing is wrong.
    """
    if row["kind"] != "link":
        return []
    register, wanted = str(row["object"]), str(row["value"])
    ids: set[str] = set()
    for source in _sources(context, round_.id, register):
        if wanted not in ids:
            ids |= _ids_of(context, round_, source)
    if not ids or wanted in ids:
        return []
    nearest = " or ".join(nearest_names(wanted, dict.fromkeys(ids, "")))
    remedy = f"Did you mean {nearest}?" if nearest else "Look it up: city2city link NAME COUNTRY."
    return [Problem(f"row {wanted!r}", f"the id of a row of {register}", f"round {round_.id}", remedy)]


def unknown_evaluator(
    context: AppContext, round_: Round, row: Mapping[str, Any], known: KnownNames
) -> list[Problem]:
    """What is wrong with a `no_conflict` of an evaluator whom nobody knows, with the nearest who is known.

    Evaluators are known by their list, by scores, and by what was handed out. Where there is none of these,
    nothing is known and nothing is wrong.
    """
    if row["kind"] != "no_conflict":
        return []
    # Earlier decisions name the application first; no application has the id of an evaluator.
    parties = [str(row["subject"]), str(row["object"])]
    others = [name for name in parties if name not in known.applications]
    folder = evaluation_folder(context, round_.id, None)
    ids = set(read_assignment(folder)["evaluator_id"])
    for table in ("evaluators", "evaluations"):
        for source in _sources(context, round_.id, table):
            ids |= _ids_of(context, round_, source)
    if not ids or not others or ids & set(others):
        return []
    nearest = " or ".join(nearest_names(others[0], dict.fromkeys(ids, "")))
    remedy = f"Did you mean {nearest}?" if nearest else f"The round knows {counted(len(ids), 'evaluator')}."
    return [Problem(f"evaluator {others[0]!r}", "the id of an evaluator", f"round {round_.id}", remedy)]


def _sources(context: AppContext, round_id: str, table: str) -> list[SourceFile]:
    """The files of a table: the one of the latest version, and the one that lies among the inputs now."""
    found = (_kept_register(context, round_id, table), _new_register(context, round_id, table))
    return [source for source in found if source is not None]


def _kept_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The file that the latest version was made from."""
    version = newest_whole(context.storage, round_id)
    if version is None:
        return None
    sha256 = read_package(context.storage, round_id, version)["inputs"].get(register)
    if sha256 is None:
        return None
    names = {item["sha256"]: item["name"] for item in context.ledger.inputs(round_id)}
    try:
        return SourceFile(register, names.get(sha256, register), read_input(context.storage, sha256))
    except ProblemsError:
        return None


def _new_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The file among the inputs of the data folder."""
    storage, folder = context.inputs(None)
    try:
        found = find_inputs(storage, round_id, folder, limits=context.programme.expectations.files)
    except ProblemsError:
        return None
    return next((SourceFile(one.table, one.name, one.data) for one in found if one.table == register), None)


def _ids_of(context: AppContext, round_: Round, source: SourceFile) -> set[str]:
    try:
        read = without_addresses_in(
            read_table(source, context.programme, round_, open_binary=open_in_sandbox)
        )
    except ProblemsError:
        return set()
    return set(read.frame[_ID_COLUMNS[source.table]])


_ID_COLUMNS = {
    "cohort": "utm_id",
    "gcom": "gcom_id",
    "evaluators": "evaluator_id",
    "evaluations": "evaluator_id",
}
