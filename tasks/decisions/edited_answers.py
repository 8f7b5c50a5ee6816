"""Decisions about answers that were edited since: they follow the answer to its new id.

Some form tools give a response no id, so that one is made of its city, its sender and the moment
(`tasks/ingest/tables/made_ids.py`). Where the response is edited, the tool puts a new moment in place of the
old one, and the last part of the id changes. Belongs here: bringing decisions about the old id to the new
one. Must stay out: which decisions are in force (`effective.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from tasks.decisions.effective import effective_decisions
from warehouse.dictionary.findings import Finding

_MADE_ID = re.compile(r"^([0-9a-f]{8}-[0-9a-f]{2})-[0-9a-f]{6}$")
"""An id that was made: city and sender, then the moment."""


def follow_edits(decisions: pl.DataFrame, known: Collection[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """The decisions with the ids of edited answers brought up to date.

    `decisions` are those in force (dictionary table DECISIONS), `known` the ids of the round's forms. A
    decision about a form that is not there goes to the one form of the same city and sender; a person is
    told, because the answers may be other ones now. Where several forms could be meant, it stays as it is.
    """
    by_sender: dict[str, list[str]] = {}
    for key in sorted(known):
        if made := _MADE_ID.match(key):
            by_sender.setdefault(made[1], []).append(key)
    findings: list[Finding] = []
    moved: dict[str, list[str | None]] = {"subject": [], "object": []}
    for row in decisions.iter_rows(named=True):
        for column, values in moved.items():
            new, open_ = _followed(row[column], known, by_sender)
            values.append(new)
            if open_ or new != row[column]:
                findings.append(_finding(row["decision_id"], column, moved=new != row[column]))
    if not findings:
        return decisions, []
    columns = [pl.Series(column, values, dtype=pl.String) for column, values in moved.items()]
    return effective_decisions(decisions.with_columns(columns)), findings


def _followed(
    text: str | None, known: Collection[str], by_sender: dict[str, list[str]]
) -> tuple[str | None, bool]:
    """The id of the edited answer that a subject means, and whether several could be meant."""
    key, mark, member = (text or "").partition(":")
    made = _MADE_ID.match(key)
    if not made or key in known:
        return text, False
    candidates = by_sender.get(made[1], [])
    return (candidates[0] + mark + member, False) if len(candidates) == 1 else (text, len(candidates) > 1)


def _finding(decision_id: str, column: str, *, moved: bool) -> Finding:
    if moved:
        message = (
            "The answer that this decision is about was edited since; the decision was taken over for the "
            "answer of the same city and sender. Look whether it still holds."
        )
    else:
        message = (
            "The answer that this decision is about is no longer there, and the same city and sender has "
            "several; the decision has no effect. Record it anew for the answer it is about."
        )
    return Finding.about_decision(decision_id, message, expectation="answer_unchanged", column=column)
