"""The feedback of rounds, read, understood, and held to its expectations. Nothing of it is stored.

Belongs here: where it comes from. Must stay out: what it teaches (`tasks/feedback`) and how that is printed
(`commands/feedback.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from expectations.check import check, not_told_yet
from expectations.limits import RoundLimits
from flows.context import AppContext
from programme.problems import problem
from programme.rounds import Round
from tasks.feedback.answers import answers_of
from tasks.feedback.learned import RoundAnswers
from tasks.ingest.personal.masking import masked_table
from tasks.ingest.personal.named_people import people_of_tables
from tasks.ingest.step import SourceFile, read_table
from warehouse.dictionary.published import FINDINGS
from warehouse.inputs.find import find_feedback
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import read_tables
from warehouse.snapshots.approved import read_approved
from warehouse.storage import Storage


@dataclass(frozen=True)
class RoundFeedback:
    """The feedback on one round: rows that came in and were set aside, the answers, and findings."""

    round_id: str
    version: int
    rows: int
    set_aside: int
    answers: RoundAnswers
    findings: pl.DataFrame


def rounds_of(context: AppContext, named: list[str]) -> list[Round]:
    """The rounds of some years and ids, each once; raises `ProblemsError` for one that is neither."""
    rounds = context.rounds.rounds
    found: list[Round] = []
    for name in named:
        of_year = [one for one in rounds if one.id.partition("-")[0] == name]
        found += of_year or [context.round(name)]
    return list(dict.fromkeys(found))


def feedback_of(context: AppContext, round_: Round, inputs: str | None) -> RoundFeedback | None:
    """The feedback on a round; None where none came in.

    It is about the approved version, else the latest one. Raises `ProblemsError` for a file that cannot be
    read, and for feedback on a round that has no version.
    """
    files = context.programme.expectations.files
    found = find_feedback(*_where(context, round_, inputs), limits=files)
    if found is None:
        return None
    approved = read_approved(context.storage, round_.id)
    version = approved.version if approved else context.latest_version(round_.id)
    tables = read_tables(context.storage, round_.id, version)
    source = SourceFile(found.table, found.name, found.data)
    read = read_table(source, context.programme, round_, open_binary=open_in_sandbox)
    read = masked_table(read, people_of_tables([read], context.programme))
    answers = answers_of(read.frame, tables["twinning_members"], tables["applications"])
    limits = RoundLimits.of(context.programme, round_.id, round_.processed_at)
    said = check("feedback", {**tables, "feedback": read.frame, "feedback_answers": answers}, limits)
    findings = FINDINGS.conform(pl.concat([read.findings, not_told_yet(said, read.findings)]))
    return RoundFeedback(
        round_.id,
        version,
        read.passport.n_rows,
        read.set_aside["row"].n_unique(),
        RoundAnswers(round_.id, answers, tables["twinnings"]),
        findings,
    )


def _where(context: AppContext, round_: Round, inputs: str | None) -> tuple[Storage, str, str]:
    storage, folder = context.inputs(inputs)
    return storage, round_.id, folder


def none_came(named: list[str]) -> Exception:
    """That no round of those named has feedback."""
    return problem(
        found="no feedback",
        expected="a file feedback.* (csv, tsv, txt, xlsx, json, parquet)",
        where=f"the folders of {', '.join(named)}",
        remedy="Put what the cities answered there; docs/feedback.md names the columns.",
    )
