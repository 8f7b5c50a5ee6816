"""What is told of returned workbooks: the findings, and the list of what came back.

Belongs here: the sentences, and the commands that a person answers with. Must stay out: deciding (`whose.py`)
and reading scores (`returned.py`). It names evaluators by their pseudonyms and is never published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import polars as pl

from programme.counts import counted
from programme.vocabulary import WorkbookStanding
from tasks.scoring.workbooks.whose import Judged
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.judging import RETURNED_WORKBOOKS

_WHY = "--reason TEXT --by WHO"
_TOLD: Mapping[WorkbookStanding, tuple[str, str]] = {
    "unusable": ("own_workbook", "{why}; nothing of it counts"),
    "unproven": (
        "proven_workbook",
        "{why}; nothing of it counts until a person who knows whose it is chooses it: "
        "city2city decide {round} choose EVALUATOR {sha256} " + _WHY,
    ),
    "waits": (
        "one_workbook_each",
        "another workbook of evaluator {evaluator} says something else; neither counts until a person "
        "chooses one. For this one: city2city decide {round} choose {evaluator} {sha256} " + _WHY,
    ),
    "not_chosen": (
        "chosen_workbook",
        "a person chose another workbook of its evaluator; this one does not count",
    ),
}
"""What becomes of a file, to the expectation and the message."""


def line_finding(name: str, row: int | None, expectation: str, message: str) -> Finding:
    """A finding about a file, or one row of it; it names nothing else that was typed."""
    key = name if row is None else f"{name}, row {row}"
    return Finding("evaluations", expectation, f"{key}: {message}", row_key=key)


def about_file(one: Judged, round_id: str) -> Iterator[Finding]:
    """What a person should know of a file; nothing where it counts without a doubt or says nothing new."""
    if one.standing in _TOLD:
        expectation, message = _TOLD[one.standing]
        words = {"why": one.why, "round": round_id, "sha256": one.file.sha256, "evaluator": one.evaluator_id}
        yield line_finding(one.file.shown, None, expectation, message.format(**words))
    elif one.why:
        yield line_finding(one.file.shown, None, "named_as_proven", one.why)


def about_layout(one: Judged, asked: Iterable[str]) -> Iterator[Finding]:
    """What of a file that counts is not read: columns that are gone or stand there twice, other sheets.

    `asked` are the headings under which an evaluator fills something in.
    """
    if one.sheet is None:
        return
    gone = [heading for heading in asked if heading not in one.sheet.at]
    twice = [heading for heading in asked if heading in one.sheet.twice]
    if gone:
        message = (
            f"no column is headed {', '.join(gone)}, so nothing is read of it. Write the heading as it was "
            "handed out, and collect again"
        )
        yield line_finding(one.file.shown, None, "own_headings", message)
    if twice:
        message = f"several columns are headed {', '.join(twice)}; the first one counts. Remove the others"
        yield line_finding(one.file.shown, None, "own_headings", message)
    if one.sheet.others:
        message = (
            f"it has {counted(one.sheet.others, 'sheet')} that we did not write; nothing of them is read. If "
            "scores stand there, copy them into the sheet of scores, and collect again"
        )
        yield line_finding(one.file.shown, None, "own_sheets", message)


def about_unread(names: Iterable[str]) -> Iterator[Finding]:
    """Files of the folder of which nothing is read."""
    for name in names:
        message = "it is not read. Save it as an XLSX file in the folder itself, and collect again"
        yield line_finding(name, None, "own_workbook", message)


def about_missing(choices: Mapping[str, str], round_id: str) -> Iterator[Finding]:
    """The choices of files that are not in the folder: of these evaluators nothing counts."""
    for evaluator, sha256 in choices.items():
        message = (
            f"the workbook that a person chose for evaluator {evaluator} is not among the files; none of "
            f"theirs counts. Put it back, or choose another one: city2city decide {round_id} choose "
            f"{evaluator} SHA256 {_WHY}"
        )
        yield line_finding(f"workbook {sha256[:12]}", None, "chosen_workbook", message)


def about_strangers(evaluators: Iterable[str]) -> Iterator[Finding]:
    """The choices for evaluators who were given nothing: they have no effect."""
    for evaluator in sorted(evaluators):
        message = "a workbook was chosen for this evaluator, who was given no applications of this round"
        yield line_finding(f"evaluator {evaluator}", None, "chosen_workbook", message)


def returned_table(judged: Iterable[Judged]) -> pl.DataFrame:
    """What came back, as a person chooses from it (dictionary table RETURNED_WORKBOOKS)."""
    return RETURNED_WORKBOOKS.frame(
        [
            {
                "sha256": one.file.sha256,
                "files": one.file.shown,
                "evaluator_id": one.evaluator_id,
                "standing": one.standing,
                "sent_at": _moment(one.file.sent_at),
                "differences": "; ".join(one.differences) or None,
                "why": one.why or None,
            }
            for one in judged
        ]
    ).sort("evaluator_id", "sha256", nulls_last=True)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
