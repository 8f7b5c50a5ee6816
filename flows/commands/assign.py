"""`city2city assign`: gives the applications to evaluators, and takes their scores back in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import AsJson, InputsFolder, RoundId, ShowAll
from flows.console import print_json, print_table, print_text, progress
from flows.context import open_context
from flows.evaluation.collect import collect_scores
from flows.evaluation.folder import EvaluationFolder, evaluation_folder
from flows.evaluation.hand_out import HandedOut, hand_out
from flows.ledger import keep_assigned
from programme.counts import counted
from tasks.scoring.workbooks.returned import Collected

OutFolder = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder for the workbooks.", show_default="in the restricted area"
    ),
]
PerApplication = Annotated[
    int | None,
    typer.Option(
        "--per-application",
        metavar="N",
        min=1,
        max=20,
        help="Evaluators each application is given to.",
        show_default="rubric",
    ),
]
MaxDifference = Annotated[
    int | None,
    typer.Option(
        "--max-difference",
        metavar="N",
        min=1,
        help="Most minus fewest applications of an evaluator.",
        show_default="rubric",
    ),
]
CollectFolder = Annotated[
    str | None,
    typer.Option(
        "--collect",
        metavar="DIR",
        help="Read the workbooks returned in DIR into the round's evaluations.csv instead.",
    ),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Replace workbooks, or evaluations, of other content.")
]


def assign(
    round_id: RoundId,
    inputs: InputsFolder = None,
    out: OutFolder = None,
    per_application: PerApplication = None,
    max_difference: MaxDifference = None,
    collect: CollectFolder = None,
    replace: Replace = False,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Give applications to evaluators, or read their scores back.

    Each application goes to evaluators without a conflict, one workbook each; later, --collect reads the
    workbooks back.
    """
    context = open_context()
    context.round(round_id)
    folder = evaluation_folder(context, round_id, out)
    if collect is None:
        with progress(quiet=as_json):
            handed_out = hand_out(
                context, round_id, inputs, folder, per_application, max_difference, replace_files=replace
            )
        keep_assigned(context, round_id, handed_out.assignment.height, datetime.now(UTC))
        _print_handed_out(handed_out, folder, show_all=show_all, as_json=as_json)
    else:
        with progress(quiet=as_json):
            collected = collect_scores(context, round_id, inputs, folder, collect, replace_files=replace)
        _print_collected(collected, round_id, folder, show_all=show_all, as_json=as_json)


def _print_handed_out(
    handed_out: HandedOut, folder: EvaluationFolder, *, show_all: bool, as_json: bool
) -> None:
    loads, assignment = handed_out.loads.rows(named=True), handed_out.assignment
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "files": handed_out.files,
                "loads": loads,
                "assignment": assignment.rows(named=True),
            }
        )
        return
    print_table(loads, title="Evaluators", show_all=show_all)
    conflicts = int((~handed_out.conflicts["dismissed"]).sum())
    print_text(
        f"{counted(assignment['application_id'].n_unique(), 'application')}, "
        f"{counted(assignment.height, 'review')}, "
        f"{counted(conflicts, 'conflict')} kept apart."
    )
    print_text(f"Workbooks, one per evaluator and one for the chair: {folder}")


def _print_collected(
    collected: Collected, round_id: str, folder: EvaluationFolder, *, show_all: bool, as_json: bool
) -> None:
    scores = collected.evaluations["score"].count()
    progress_rows = collected.progress.rows(named=True)
    findings = collected.findings.select("row_key", "message").rows(named=True)
    if as_json:
        print_json(
            {
                "progress": progress_rows,
                "scores": scores,
                "conflicts": collected.conflicts.height,
                "findings": findings,
            }
        )
        return
    print_table(progress_rows, title="Evaluators", show_all=show_all)
    if findings:
        print_table([{"not counted": row["message"]} for row in findings], show_all=show_all)
    print_text(
        f"In the round's evaluations.csv: {counted(scores, 'score')} and "
        f"{counted(collected.conflicts.height, 'declared conflict')} of interest. The chair's workbook in "
        f"{folder} says what is missing or disputed."
    )
    print_text(f"They count with: city2city run {round_id}")
