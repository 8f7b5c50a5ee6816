"""Taking the scores back in: from returned workbooks to the round's `evaluations.csv`.

Belongs here: the order of the parts, and the file that is written. Must stay out: how a workbook is read
(`tasks/scoring/workbooks`), and what counts (`tasks/scoring/reviews`).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from flows.context import AppContext
from flows.evaluation.declared import declared_in_file, keep_declared
from flows.evaluation.folder import (
    ASSIGNMENT_FILE,
    CHAIR_FILE,
    EvaluationFolder,
    read_assignment,
    write_files,
)
from flows.evaluation.hand_out import dossiers_of, given_to
from flows.evaluation.key import workbook_key
from flows.evaluation.returned import chosen_workbooks, keep_returned, returned_files, unread_files
from flows.linking_resources import linking_resources
from flows.procedure import assess, score_applications
from flows.round_inputs import gather
from programme.problems import Problem, ProblemsError, problem
from tasks.scoring.reviews.conflicts import declared_conflicts
from tasks.scoring.workbooks.chair_workbook import (
    assignment_overview,
    chair_workbook,
    disputed_scores,
    provisional_scores,
)
from tasks.scoring.workbooks.returned import Collected, collect
from tasks.scoring.workbooks.sheet import ReturnedFile
from tasks.scoring.workbooks.token import Tokens
from warehouse.escapes import FORMULA_START
from warehouse.inputs.find import input_table
from warehouse.sandbox import open_in_sandbox
from warehouse.storage import open_storage

EVALUATIONS_FILE = "evaluations.csv"


def collect_scores(
    context: AppContext,
    round_id: str,
    inputs: str | None,
    folder: EvaluationFolder,
    returned: str,
    *,
    replace_files: bool,
) -> Collected:
    """Read the workbooks in the folder `returned`, write `evaluations.csv` into the round's inputs, and the
    chair's workbook anew.

    Raises `ProblemsError`: nothing was handed out, no workbook there, or evaluations of other content are in
    the inputs (unless `replace_files`).
    """
    assignment = read_assignment(folder)
    back = open_storage(returned, context.settings.storage_options)
    books = returned_files(back)
    _refuse_nothing(round_id, folder, returned, assignment, books)
    form = context.programme.form
    collected = collect(
        books,
        Tokens(workbook_key(context), round_id, given_to(assignment)),
        context.programme.rubric,
        form.yes,
        no=(*form.no, *form.blank),
        chosen=chosen_workbooks(context, round_id),
        unread=unread_files(back),
        open_binary=open_in_sandbox,
    )
    keep_returned(context, round_id, collected.returned)
    collected = _with_declared_before(context, round_id, inputs, collected)
    _write_evaluations(context, round_id, inputs, collected.evaluations, replace_files=replace_files)
    chair = _chair_workbook(context, round_id, inputs, assignment, collected)
    write_files(folder, {CHAIR_FILE: chair}, replace_files=True)
    return collected


def _refuse_nothing(
    round_id: str,
    folder: EvaluationFolder,
    returned: str,
    assignment: pl.DataFrame,
    books: list[ReturnedFile],
) -> None:
    """Raise `ProblemsError` where nothing was handed out, or nothing came back."""
    problems = []
    if assignment.is_empty():
        remedy = f"Assign first: city2city assign {round_id}"
        problems.append(Problem("no list of who evaluates what", ASSIGNMENT_FILE, str(folder), remedy))
    if not books:
        remedy = "Name the folder they were saved in with --collect."
        problems.append(Problem("no workbook", "the evaluators' XLSX files", returned, remedy))
    if problems:
        raise ProblemsError(problems)


def _with_declared_before(
    context: AppContext, round_id: str, inputs: str | None, collected: Collected
) -> Collected:
    """What was collected, with every conflict declared earlier in the round.

    An evaluator whose application was given to somebody else has no row to repeat the declaration in.
    """
    folder, there = _evaluations_there(context, round_id, inputs)
    declared = [declared_conflicts(collected.evaluations)]
    declared += [
        declared_in_file(context, context.round(round_id), path, folder.storage.read(path)) for path in there
    ]
    kept = keep_declared(context, round_id, pl.concat(declared).unique())
    pairs = kept.select("application_id", "evaluator_id").unique().sort("application_id", "evaluator_id")
    return collected.with_declared(pairs)


def _write_evaluations(
    context: AppContext, round_id: str, inputs: str | None, evaluations: pl.DataFrame, *, replace_files: bool
) -> None:
    folder, others = _evaluations_there(context, round_id, inputs)
    content = _as_csv(evaluations)
    foreign = [path for path in others if path != folder.path(EVALUATIONS_FILE)]
    same = folder.path(EVALUATIONS_FILE) in others and folder.read(EVALUATIONS_FILE) == content
    if foreign or (others and not same and not replace_files):
        raise problem(
            found=f"evaluations already there: {', '.join(others)}",
            expected="none, or the same",
            where=str(folder),
            remedy="Remove it." if foreign else "If the workbooks hold everything it holds, add --replace.",
        )
    if not same:
        folder.write(EVALUATIONS_FILE, content)


def _evaluations_there(
    context: AppContext, round_id: str, inputs: str | None
) -> tuple[EvaluationFolder, list[str]]:
    """The round's folder of inputs, and the files of evaluations in it."""
    storage, parent = context.inputs(inputs)
    folder = EvaluationFolder(storage, f"{parent}/{round_id}" if parent else round_id)
    paths = [item.path for item in storage.list(folder.folder) if input_table(item.path) == "evaluations"]
    return folder, paths


def _as_csv(evaluations: pl.DataFrame) -> bytes:
    """The canonical columns as CSV; a comment that looks like a formula gets an apostrophe first."""
    comment = pl.col("comment")
    safe = pl.when(comment.str.contains(FORMULA_START)).then("'" + comment).otherwise(comment)
    columns = [name for name in evaluations.columns if name not in ("row", "evaluated_at")]
    return evaluations.with_columns(safe.alias("comment")).select(columns).write_csv().encode()


def _chair_workbook(
    context: AppContext, round_id: str, inputs: str | None, assignment: pl.DataFrame, collected: Collected
) -> bytes:
    """The chair's workbook once scores are in.

    It says what is missing, what is disputed, who is severe, and what could not be read.
    """
    rubric = context.programme.rubric
    round_inputs = gather(context=context, round_id=round_id, inputs=inputs, as_of=None)
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(context))
    assessed = replace(assessed, inputs=replace(assessed.inputs, evaluations=collected.evaluations))
    scored = score_applications(round_inputs=round_inputs, assessed=assessed)
    applications = dossiers_of(assessed, context.programme)
    handed_out = scored.scores.join(applications, on="application_id", how="semi")
    tables = {
        "Progress": collected.progress,
        "Disputed": disputed_scores(scored.calibrated, handed_out, scored.counted, rubric),
        "Too few reviews": provisional_scores(handed_out, rubric),
        "Declared conflicts": collected.conflicts,
        "Severity": scored.severities,
        "Raw and corrected": scored.ranking_compared,
        "Not counted": pl.concat([collected.findings, scored.findings]).select("row_key", "message"),
        "Assignment": assignment_overview(assignment, applications),
    }
    return chair_workbook(round_id, tables, rubric)
