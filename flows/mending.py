"""Kept bytes that are damaged, made good from what else is at hand, and said so.

Belongs here: finding the good bytes of a kept input: among the round's files, or in the ledger. Must stay
out: keeping and checking bytes (`warehouse/inputs/kept.py`), and the kept lines of decisions
(`kept_decisions.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator

import polars as pl

from flows.console import report_step
from flows.context import AppContext
from programme.problems import ProblemsError
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.edited_answers import follow_edits
from warehouse.inputs.find import find_inputs
from warehouse.inputs.kept import keep_input, mend_input, read_input


def keep_or_mend(context: AppContext, name: str, data: bytes) -> str:
    """Keep these bytes and return their sha256; other bytes that lie there are replaced, and that is told."""
    sha256 = hashlib.sha256(data).hexdigest()
    if mend_input(context.storage, data):
        _told(name, sha256, "it is replaced by the good bytes")
    return keep_input(context.storage, data)


def mend_kept(context: AppContext, files: Iterable[tuple[str, bytes]]) -> None:
    """Replace damaged kept copies of these files, by table; a file that is not kept yet is left alone."""
    for name, data in files:
        if mend_input(context.storage, data):
            _told(name, hashlib.sha256(data).hexdigest(), "it is replaced by the good bytes")


def read_kept(context: AppContext, round_id: str, sha256: str) -> bytes:
    """The bytes of that hash, from where they are kept, else from the round's files that lie there now.

    Raises `ProblemsError` saying what is wrong with the kept ones, where neither has them.
    """
    try:
        return read_input(context.storage, sha256)
    except ProblemsError:
        storage, folder = context.inputs(None)
        try:
            found = find_inputs(storage, round_id, folder, limits=context.programme.expectations.files)
        except ProblemsError:
            found = []
        for one in found:
            if hashlib.sha256(one.data).hexdigest() == sha256:
                keep_or_mend(context, one.table, one.data)
                return one.data
        raise


def kept_or_remade(
    context: AppContext,
    sha256: str,
    recorded: Callable[[], pl.DataFrame],
    known: Callable[[], Collection[str]],
    written: Callable[[pl.DataFrame], bytes],
) -> bytes | None:
    """The kept decisions of a version; where they are damaged, as the ledger makes them again.

    `recorded` gives all decisions of the round, `known` the ids of the version's forms, and `written` the
    bytes of decisions. None where the ledger cannot make them again either.
    """
    try:
        return read_input(context.storage, sha256)
    except ProblemsError:
        for frame in _possible_decisions(recorded(), known()):
            data = written(frame)
            if hashlib.sha256(data).hexdigest() == sha256:
                return _put_back(context, data)
        return None


def _put_back(context: AppContext, data: bytes) -> bytes:
    keep_input(context.storage, data)
    _told("decisions", hashlib.sha256(data).hexdigest(), "it is made again from the ledger")
    return data


def _possible_decisions(recorded: pl.DataFrame, known: Collection[str]) -> Iterator[pl.DataFrame]:
    """The decisions in force after each that was recorded, the newest state first.

    Versions of older programs kept them in order of the moment they claim.
    """
    for ordered in (recorded, recorded.sort("decided_at", "decision_id")):
        for length in range(recorded.height, 0, -1):
            yield follow_edits(decisions_in_force(ordered.head(length)), known)[0]


def _told(name: str, sha256: str, what: str) -> None:
    report_step(f"A kept input was damaged ({name}, {sha256[:12]}); {what}")
