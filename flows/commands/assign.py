"""`city2city assign`: gives the applications to evaluators, and takes their scores back in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.console import print_json, print_table, progress, say

if TYPE_CHECKING:
    from flows.evaluation import HandedOut, Place
    from tasks.scoring.workbooks.returned import Collected


def assign(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")],
    inputs: Annotated[
        str | None,
        typer.Option(
            "--inputs",
            metavar="DIR",
            help="Folder that holds the round's folder [default: inputs of the data folder].",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the workbooks [default: in the restricted area]."
        ),
    ] = None,
    per_application: Annotated[
        int | None,
        typer.Option(
            "--per-application",
            metavar="N",
            min=1,
            max=20,
            help="Evaluators each application is given to [default: rubric].",
        ),
    ] = None,
    max_difference: Annotated[
        int | None,
        typer.Option(
            "--max-difference",
            metavar="N",
            min=1,
            help="Most minus fewest applications of an evaluator [default: rubric].",
        ),
    ] = None,
    collect: Annotated[
        str | None,
        typer.Option(
            "--collect",
            metavar="DIR",
            help="Read the workbooks returned in DIR into the round's evaluations.csv instead.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace workbooks, or evaluations, of other content.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Give each application to evaluators without a conflict, one workbook each; later, read the workbooks
    back with --collect.
    """
    from flows import evaluation  # noqa: PLC0415  (polars)
    from flows.context import open_context  # noqa: PLC0415

    context = open_context()
    context.round(round_id)
    place = evaluation.place_of(context, round_id, out)
    with progress(quiet=as_json):
        if collect is None:
            handed = evaluation.hand_out(
                context, round_id, inputs, place, per_application, max_difference, replace_files=replace
            )
        else:
            taken = evaluation.take_in(context, round_id, inputs, place, collect, replace_files=replace)
    if collect is None:
        _tell_handed(handed, place, as_json=as_json)
    else:
        _tell_taken(taken, round_id, place, as_json=as_json)


def _tell_handed(handed: HandedOut, place: Place, *, as_json: bool) -> None:
    rows = handed.loads.rows(named=True)
    if as_json:
        print_json(
            {
                "folder": str(place),
                "files": handed.files,
                "loads": rows,
                "assignment": handed.assignment.rows(named=True),
            }
        )
        return
    print_table(rows, title="Evaluators")
    standing = int((~handed.conflicts["dismissed"]).sum())
    say(
        f"{handed.assignment['application_id'].n_unique()} applications, {handed.assignment.height} reviews, {standing} conflict(s) kept apart."
    )
    say(f"Workbooks, one per evaluator and one for the chair: {place}")


def _tell_taken(taken: Collected, round_id: str, place: Place, *, as_json: bool) -> None:
    rows, findings = (
        taken.progress.rows(named=True),
        taken.findings.select("row_key", "message").rows(named=True),
    )
    if as_json:
        print_json({"progress": rows, "scores": taken.evaluations.height, "findings": findings})
        return
    print_table(rows, title="Evaluators")
    if findings:
        print_table([{"not counted": row["message"]} for row in findings])
    say(
        f"{taken.evaluations.height} scores are in the round's evaluations.csv; the chair's workbook in {place} says what is missing or disputed."
    )
    say(f"They count with: city2city run {round_id}")
