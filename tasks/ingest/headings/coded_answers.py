"""Answers that were exported as codes (A1, 3) instead of as the texts of the choices.

Belongs here: recognising them, and the problem that says so. Must stay out: single answers that are on no
list (`tasks/ingest/tables`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from programme.problems import Problem
from tasks.ingest.cells.column_context import ColumnContext

_CODE = re.compile(r"^(?:[A-Za-z]{1,3}0*\d{1,3}|\d{1,3})$")
_LEAST_COLUMNS = 2
"""Columns that must hold nothing but codes; one alone may be a question of its own."""


def coded_answers(raw: pl.DataFrame, contexts: Mapping[str, ColumnContext], where: str) -> list[Problem]:
    """One problem where the questions of one choice hold codes that mean nothing to the programme."""
    coded = [
        name
        for name, context in contexts.items()
        if name in raw.columns and context.form.kind in ("choice", "topic") and _is_coded(raw[name], context)
    ]
    n_choice = sum(context.form.kind in ("choice", "topic") for context in contexts.values())
    if len(coded) < _LEAST_COLUMNS or len(coded) * 2 < n_choice:
        return []
    headings = ", ".join(contexts[name].heading or name for name in coded[:3])
    found = f"codes instead of answers in {len(coded)} columns ({headings}, ...)"
    remedy = "Export the answers again with full answers (answer texts) in place of answer codes."
    return [Problem(found, "the texts of the choices", where, remedy)]


def _is_coded(cells: pl.Series, context: ColumnContext) -> bool:
    texts = cells.drop_nulls().str.strip_chars().unique().to_list()
    filled = [text for text in texts if text]
    listed = context.topics if context.form.kind == "topic" else context.listed
    return bool(filled) and all(_CODE.match(text) and not listed.find(text)[0] for text in filled)
