"""`city2city review --workbook` and `--collect`: the open points as a file, and the answers of it.

Belongs here: reading and writing the file, and what is printed. Must stay out: the workbook
(`flows/review_workbook.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.console import print_json, print_text
from flows.context import AppContext
from flows.review_workbook import collect_workbook, make_workbook
from programme.counts import counted
from programme.problems import ProblemsError, problem

WorkbookFile = Annotated[
    Path | None,
    typer.Option("--workbook", metavar="FILE", help="Write the open points as XLSX, to be answered there."),
]
CollectFile = Annotated[
    Path | None,
    typer.Option("--collect", metavar="FILE", help="Record the answers of that workbook, for --by."),
]
By = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Who answered the workbook.")]


def write_workbook(context: AppContext, round_id: str, file: Path) -> None:
    """Write the open points into a file."""
    content = make_workbook(context, round_id)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise _no_file(file, "--workbook", error) from error
    print_text(f"The open points of round {round_id} are in {file}.")
    print_text(f"Answers come back with: city2city review {round_id} --collect {file} --by WHO")


def collect_answers(context: AppContext, round_id: str, file: Path, by: str | None, *, as_json: bool) -> None:
    """Record the answers of a file, and say what became of each; raises `ProblemsError` for the rest."""
    if not (by or "").strip():
        raise problem(
            found="nobody who answered",
            expected="who answered the workbook",
            where="--by",
            remedy="Name the person: --by WHO.",
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _no_file(file, "--collect", error) from error
    collected = collect_workbook(context, round_id, content, file.name, str(by))
    if as_json:
        print_json(
            {
                "recorded": [
                    {"subject": row["subject"], "decision_id": one.decision_id}
                    for row, one in collected.recorded
                ],
                "known": collected.known,
                "problems": [str(one) for one in collected.problems],
            }
        )
    else:
        for row, one in collected.recorded:
            print_text(f"{row['city_name'] or row['subject']}: {one.effect} (decision {one.decision_id})")
        known = f", {collected.known} known already" if collected.known else ""
        print_text(f"{counted(len(collected.recorded), 'answer')} recorded{known}.")
        print_text(f"They take effect with: city2city run {round_id}")
    if collected.problems:
        raise ProblemsError(collected.problems)


def _no_file(file: Path, option: str, error: OSError) -> ProblemsError:
    return problem(
        found=error.strerror or str(error),
        expected="a file that can be read and written",
        where=f"{option} {file}",
        remedy="Correct the path or its permissions.",
    )
