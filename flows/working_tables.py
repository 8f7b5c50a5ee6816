"""The working tables behind a version: why each application has its points and each twinning its value.

Belongs here: which of them are kept, and where (`restricted/working/round=…/version=…/NAME.parquet`, each
with its digest). Must stay out: how they are computed. They are not part of the snapshot: some speak of
single evaluators, and all can be made again (`replay.py`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping

import polars as pl

from flows.context import AppContext
from flows.round_inputs import RoundInputs
from flows.round_results import RoundResult
from flows.summary import applied_before
from warehouse.dictionary import WORKING_TABLES

SCORING_TABLES = (
    "form_evidence",
    "calibrated",
    "ranking_compared",
    "severities",
    "rank_intervals",
    "close_pairs",
    "explanations",
)
DIGEST = ".sha256"
"""What the name of a table's file ends in, where its digest is kept."""
MATCHING_TABLES = ("twinning_reasons", "twinning_sensitivity", "balance")


def keep_working_tables(
    context: AppContext, version: int, round_inputs: RoundInputs, result: RoundResult
) -> None:
    """Keep the working tables of a version; those that are there already are replaced."""
    for name, frame in working_tables(round_inputs, result).items():
        keep_working_table(context, round_inputs.round.id, version, name, frame)


def keep_working_table(
    context: AppContext, round_id: str, version: int, name: str, frame: pl.DataFrame
) -> None:
    """Keep one working table of a version, with its digest."""
    buffer = io.BytesIO()
    WORKING_TABLES[name].conform(frame).write_parquet(buffer)
    path, data = _path(round_id, version, name), buffer.getvalue()
    context.storage.write(path, data, private=True)
    context.storage.write(path + DIGEST, hashlib.sha256(data).hexdigest().encode(), private=True)


def copy_working_tables(context: AppContext, round_id: str, older: int, newer: int) -> None:
    """Keep the working tables of a version for a newer one that has the same content, and lacks them."""
    for name in WORKING_TABLES:
        if kept_working_table(context, round_id, newer, name) is None:
            kept = kept_working_table(context, round_id, older, name)
            if kept is not None:
                keep_working_table(context, round_id, newer, name, kept)


def read_working_table(context: AppContext, round_id: str, version: int, name: str) -> pl.DataFrame:
    """One working table of a version.

    It has no rows where it was not kept (a version of an older program, or a restored snapshot), or where its
    bytes are not those that were kept: a damaged table is as good as none.
    """
    kept = kept_working_table(context, round_id, version, name)
    return WORKING_TABLES[name].empty() if kept is None else kept


def kept_working_table(context: AppContext, round_id: str, version: int, name: str) -> pl.DataFrame | None:
    """One working table of a version as it was kept; None where it was not, or is damaged."""
    path = _path(round_id, version, name)
    try:
        data = context.storage.read(path)
        digest = context.storage.read(path + DIGEST).decode(errors="replace")
    except FileNotFoundError:
        return None
    return pl.read_parquet(data) if hashlib.sha256(data).hexdigest() == digest else None


def working_tables(round_inputs: RoundInputs, result: RoundResult) -> Mapping[str, pl.DataFrame]:
    """The tables that are kept, by name."""
    tables = {name: getattr(result.scored, name) for name in SCORING_TABLES} | {
        name: getattr(result.matched, name) for name in MATCHING_TABLES
    }
    linked = result.assessed.linked
    tables |= {
        "named_partners": linked.preferences,
        "cooperations": linked.cooperations,
        "readings": result.assessed.inputs.readings,
    }
    tables["without_effect"] = result.without_effect
    earlier = WORKING_TABLES["earlier_applications"]
    return {**tables, "earlier_applications": earlier.frame(applied_before(round_inputs, result.assessed))}


def _path(round_id: str, version: int, name: str) -> str:
    return f"restricted/working/round={round_id}/version={version:04d}/{name}.parquet"
