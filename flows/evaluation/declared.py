"""The conflicts of interest that evaluators declared in a round, kept for good.

A declaration is not lost with the workbook or the file it came in: once an application was taken from an
evaluator, their next workbook has no row for it. Belongs here: the list, which only grows. Must stay out:
what a declaration does to scores (`tasks/scoring/reviews`) and to assigning (`tasks/scoring/assignment`).
"""

from __future__ import annotations

import io

import polars as pl

from flows.context import AppContext
from flows.evaluation.folder import read_list
from programme.rounds import Round
from tasks.ingest.inputs import SourceFile
from tasks.ingest.personal.masking import without_addresses_in
from tasks.ingest.step import read_table
from tasks.scoring.reviews.conflicts import declared_conflicts
from warehouse.dictionary.judging import CONFLICTS
from warehouse.sandbox import open_in_sandbox

CONFLICTS_FILE = "conflicts.csv"


def keep_declared(context: AppContext, round_id: str, declared: pl.DataFrame) -> pl.DataFrame:
    """Add declared conflicts to the round's list and return all of it (dictionary table CONFLICTS).

    The list is in the restricted area, wherever the workbooks are. Raises `ProblemsError` where it cannot be
    read: without it an application could go back to somebody who declared a conflict.
    """
    path = f"restricted/evaluation/{round_id}/{CONFLICTS_FILE}"
    before = read_list(context.storage, path, CONFLICTS)
    known = CONFLICTS.conform(pl.concat([before, CONFLICTS.conform(declared)]).unique())
    if known.height > before.height:
        content = io.BytesIO()
        known.write_csv(content)
        context.storage.write(path, content.getvalue(), private=True)
    return known


def declared_in_file(context: AppContext, round_: Round, name: str, content: bytes) -> pl.DataFrame:
    """The conflicts declared in a file of evaluations.

    Raises `ProblemsError` where it cannot be read: what it declares would be lost.
    """
    source = SourceFile("evaluations", name, content)
    read = read_table(source, context.programme, round_, open_binary=open_in_sandbox)
    return declared_conflicts(without_addresses_in(read).frame)
