"""The workbooks that came back: the files of a folder, and what is kept about them for a person to choose.

Belongs here: reading the folder, and the list of what came back. Must stay out: whose a workbook is
(`tasks/scoring/workbooks`).
"""

from __future__ import annotations

import io
from dataclasses import replace

import polars as pl

from flows.context import AppContext
from flows.evaluation.folder import ASSIGNMENT_FILE, CHAIR_FILE, evaluation_folder, read_assignment, read_list
from programme.vocabulary import DecisionKind
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.effective import of_kinds
from tasks.decisions.known import KnownNames
from tasks.scoring.workbooks.sheet import ReturnedFile
from tasks.scoring.workbooks.whose import same_content_once
from warehouse.dictionary.judging import RETURNED_WORKBOOKS
from warehouse.storage import Storage

RETURNED_FILE = "returned.csv"
_OWN = {ASSIGNMENT_FILE, CHAIR_FILE, RETURNED_FILE}
_SENT = (
    ".xlsx",
    ".xls",
    ".xlsm",
    ".xlsb",
    ".ods",
    ".csv",
    ".numbers",
    ".zip",
    ".eml",
    ".msg",
    ".pdf",
    ".docx",
)
"""How files end in which an evaluator may send scores."""
_CHOOSE: tuple[DecisionKind, ...] = ("choose",)
_LOCK = "~$"
"""How the file begins that a spreadsheet program keeps beside a workbook that is open."""


def returned_files(storage: Storage) -> list[ReturnedFile]:
    """The XLSX files of a folder, copies together; without the chair's own, and locks of open ones."""
    items = {
        item.path: item
        for item in storage.list("")
        if "/" not in item.path and item.path.lower().endswith(".xlsx")
    }
    names = [name for name in items if name.casefold() != CHAIR_FILE and not name.startswith(_LOCK)]
    sent = {name: items[name].modified_at for name in names}
    return same_content_once({name: storage.read(name) for name in names}, sent)


def unread_files(storage: Storage) -> list[str]:
    """The files of a folder that nobody reads though somebody may have sent them: of another kind than XLSX,
    or in a folder of their own. What this program and the system keep there is none.
    """
    paths = [item.path for item in storage.list("")]
    return sorted(
        path for path in paths if _is_sent(path) and ("/" in path or not path.lower().endswith(".xlsx"))
    )


def _is_sent(path: str) -> bool:
    name = path.rpartition("/")[2].casefold()
    return name not in _OWN and not name.startswith((".", _LOCK)) and name.endswith(_SENT)


def chosen_workbooks(context: AppContext, round_id: str) -> dict[str, str]:
    """Evaluator to the hash of the workbook that a person chose, by the decisions in force."""
    in_force = of_kinds(decisions_in_force(context.ledger.decisions(round_id)), _CHOOSE)
    return dict(in_force.select("subject", "object").iter_rows())


def keep_returned(context: AppContext, round_id: str, returned: pl.DataFrame) -> None:
    """Keep what came back last (dictionary table RETURNED_WORKBOOKS), in the restricted area."""
    content = io.BytesIO()
    returned.write_csv(content)
    context.storage.write(_path(round_id), content.getvalue(), private=True)


def kept_returned(context: AppContext, round_id: str) -> pl.DataFrame:
    """What came back last; no rows before anything was collected."""
    return read_list(context.storage, _path(round_id), RETURNED_WORKBOOKS)


def with_workbooks(context: AppContext, round_id: str, known: KnownNames) -> KnownNames:
    """The ids that a round knows with its evaluators and the workbooks that came back last.

    Where the assignment was written elsewhere (`--out`), every evaluator is let pass; collecting tells one
    who was given nothing.
    """
    back = kept_returned(context, round_id)
    given = read_assignment(evaluation_folder(context, round_id, None))["evaluator_id"].to_list()
    return replace(
        known,
        evaluators=None
        if not given
        else dict.fromkeys(sorted({*given, *back["evaluator_id"].drop_nulls()}), ""),
        workbooks=dict(back.select("sha256", "files").iter_rows()),
    )


def _path(round_id: str) -> str:
    return f"restricted/evaluation/{round_id}/{RETURNED_FILE}"
