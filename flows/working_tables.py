"""The working tables behind a version: why each application has its points and each twinning its value. Kept
beside the restricted files.

Belongs here: which of them are kept, and where (`restricted/working/round=…/version=…/NAME.parquet`). Must
stay out: how they come about. They are not part of the snapshot: some speak of single evaluators, and all can
be made again (`replay`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl

from flows.context import AppContext
from flows.procedure import Result
from flows.round_inputs import RoundInputs
from flows.summary import earlier
from warehouse.dictionary import WORKING_TABLES

SCORED = (
    "form_evidence",
    "calibrated",
    "ranking_compared",
    "severities",
    "rank_intervals",
    "close_pairs",
    "explanations",
)
MATCHED = ("twinning_reasons", "twinning_sensitivity", "balance")


def keep_working(
    context: AppContext, round_id: str, version: int, round_inputs: RoundInputs, result: Result
) -> None:
    """Keep the working tables of a version; what is there already is replaced (the same again)."""
    for name, frame in working_tables(round_inputs, result).items():
        buffer = io.BytesIO()
        WORKING_TABLES[name].conform(frame).write_parquet(buffer)
        context.storage.write(_path(round_id, version, name), buffer.getvalue(), private=True)


def read_working(context: AppContext, round_id: str, version: int, name: str) -> pl.DataFrame:
    """One working table of a version; of no rows where it was not kept (a version of an older program, or a
    restored snapshot).
    """
    try:
        return pl.read_parquet(context.storage.read(_path(round_id, version, name)))
    except FileNotFoundError:
        return WORKING_TABLES[name].empty()


def working_tables(round_inputs: RoundInputs, result: Result) -> Mapping[str, pl.DataFrame]:
    """The tables that are kept, by name."""
    tables = {name: getattr(result.scored, name) for name in SCORED} | {
        name: getattr(result.matched, name) for name in MATCHED
    }
    linked = result.assessed.linked
    tables |= {
        "preferences": linked.preferences,
        "cooperations": linked.cooperations,
        "readings": result.assessed.inputs.readings,
    }
    before = WORKING_TABLES["earlier_applications"]
    return {**tables, "earlier_applications": before.frame(earlier(round_inputs, result.assessed))}


def _path(round_id: str, version: int, name: str) -> str:
    return f"restricted/working/round={round_id}/version={version:04d}/{name}.parquet"
