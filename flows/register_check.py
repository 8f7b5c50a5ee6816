"""Whether a decision `link` names a row that a register has.

Belongs here: reading the registers of a round for it, the one of the latest version and the one that lies
among the inputs now. Must stay out: the other names of a decision (`decision_check.py`), and recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.context import AppContext
from programme.problems import Problem, ProblemsError
from programme.rounds import Round
from tasks.decisions.known import nearest_names
from tasks.ingest.step import SourceFile, read_table
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import read_input
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import latest_version, read_package


def unknown_register_row(context: AppContext, round_: Round, row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a `link` to a row that no register of the round has, with the nearest that one has.

    Looked in are the register of the latest version and the one that lies among the inputs now, which may be
    newer. Where neither can be read, nothing is known and nothing is wrong.
    """
    if row["kind"] != "link":
        return []
    register, wanted = str(row["object"]), str(row["value"])
    ids: set[str] = set()
    for source in (_kept_register(context, round_.id, register), _new_register(context, round_.id, register)):
        if source is not None and wanted not in ids:
            ids |= _ids_of(context, round_, source)
    if not ids or wanted in ids:
        return []
    nearest = " or ".join(nearest_names(wanted, dict.fromkeys(ids, "")))
    remedy = f"Did you mean {nearest}?" if nearest else "Look it up: city2city link NAME COUNTRY."
    return [Problem(f"row {wanted!r}", f"the id of a row of {register}", f"round {round_.id}", remedy)]


def _kept_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The register's file that the latest version was made from."""
    version = latest_version(context.storage, round_id)
    if version is None:
        return None
    sha256 = read_package(context.storage, round_id, version)["inputs"].get(register)
    names = {item["sha256"]: item["name"] for item in context.ledger.inputs(round_id)}
    try:
        return SourceFile(register, names.get(sha256, register), read_input(context.storage, sha256))
    except ProblemsError:
        return None


def _new_register(context: AppContext, round_id: str, register: str) -> SourceFile | None:
    """The register's file among the inputs of the data folder."""
    storage, folder = context.inputs(None)
    try:
        found = find_inputs(storage, round_id, folder)
    except ProblemsError:
        return None
    return next((SourceFile(one.table, one.name, one.data) for one in found if one.table == register), None)


def _ids_of(context: AppContext, round_: Round, source: SourceFile) -> set[str]:
    try:
        read = read_table(source, context.programme, round_, open_binary=open_in_sandbox)
    except ProblemsError:
        return set()
    return set(read.frame[{"cohort": "utm_id"}.get(source.table, "gcom_id")])
