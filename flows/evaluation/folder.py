"""Where the files of an evaluation are, and writing them.

Belongs here: the names of the files, and when one may be replaced. Must stay out: what is in them
(`tasks/scoring`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from flows.context import AppContext
from programme.counts import counted
from programme.problems import problem
from warehouse.dictionary.judging import ASSIGNMENT
from warehouse.dictionary.model import Table
from warehouse.storage import Storage, open_storage

ASSIGNMENT_FILE, CHAIR_FILE = "assignment.csv", "chair.xlsx"


@dataclass(frozen=True)
class EvaluationFolder:
    """A folder with the files of an evaluation: a storage and a path in it."""

    storage: Storage
    folder: str

    def path(self, name: str) -> str:
        """The path of a file."""
        return f"{self.folder}/{name}" if self.folder else name

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self.storage.exists(self.path(name))

    def read(self, name: str) -> bytes:
        """The content of a file."""
        return self.storage.read(self.path(name))

    def write(self, name: str, content: bytes) -> None:
        """Write a file that its owner alone may read."""
        self.storage.write(self.path(name), content, private=True)

    def __str__(self) -> str:
        return "/".join(part for part in (self.storage.address.rstrip("/"), self.folder) if part)


def evaluation_folder(context: AppContext, round_id: str, out: str | None) -> EvaluationFolder:
    """The folder named `out`, else one in the restricted area of the data folder."""
    if out:
        return EvaluationFolder(open_storage(out, context.settings.storage_options), "")
    return EvaluationFolder(context.storage, f"restricted/evaluation/{round_id}")


def read_assignment(folder: EvaluationFolder) -> pl.DataFrame:
    """The list handed out before (dictionary table ASSIGNMENT); no rows where there is none.

    Raises `ProblemsError` where it cannot be read.
    """
    return read_list(folder.storage, folder.path(ASSIGNMENT_FILE), ASSIGNMENT)


def read_list(storage: Storage, path: str, table: Table) -> pl.DataFrame:
    """A list this program wrote as CSV, as rows of `table`; no rows where there is none.

    Raises `ProblemsError` where it cannot be read.
    """
    if not storage.exists(path):
        return table.empty()
    try:
        texts = pl.read_csv(storage.read(path), infer_schema=False)
        truths = [column.name for column in table.columns if column.dtype == pl.Boolean()]
        return table.conform(
            texts.with_columns(pl.col(truths).replace_strict({"true": True, "false": False}))
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise problem(
            found="a list that cannot be read",
            expected=f"the columns {', '.join(table.names)}",
            where=path,
            remedy="Restore the file from a copy; without it, what was handed out or declared is not known.",
        ) from error


def write_files(folder: EvaluationFolder, files: Mapping[str, bytes], *, replace_files: bool) -> None:
    """Write what is new or changed.

    Raises `ProblemsError` where evaluators' workbooks of other content are there (they may have been sent),
    unless `replace_files`.
    """
    changed = {
        name: content
        for name, content in files.items()
        if not folder.has(name) or folder.read(name) != content
    }
    replaced = [name for name in changed if name not in (ASSIGNMENT_FILE, CHAIR_FILE) and folder.has(name)]
    if replaced and not replace_files:
        raise problem(
            found=f"{counted(len(replaced), 'workbook')} of other content: {', '.join(replaced[:8])}",
            expected="none, or the same",
            where=str(folder),
            remedy="If they may be replaced (their evaluators must then get the new ones), add --replace.",
        )
    for name, content in changed.items():
        folder.write(name, content)
