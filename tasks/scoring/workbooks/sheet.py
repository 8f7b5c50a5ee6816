"""One returned file: recognising it as a workbook of ours, and reading its cells.

Belongs here: what a file of unknown content holds. Must stay out: whose it is and whether it counts
(`whose.py`), and the scale of the scores (`returned.py`). A workbook is opened by a function that is passed
in, because its maker may have put anything into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from programme.problems import UnreadableError
from tasks.ingest.files.grid import Grid
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.files.sheets import OpenBinary
from tasks.scoring.workbooks.layout import APPLICATION, READ_ME, RUBRIC, SCORES, read_mark

_ROWS_OF_HEAD = 20
"""Rows at the top of the sheet among which the mark and the headings must be."""


@dataclass(frozen=True)
class ReturnedFile:
    """One content that came back, under one or several names (copies).

    `sent_at` is when the oldest of them was saved in the folder; None where that is not known.
    """

    names: tuple[str, ...]
    content: bytes = field(repr=False)
    sent_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """The hash by which a person chooses it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def shown(self) -> str:
        """Its names, as a person is told."""
        return ", ".join(self.names)


@dataclass(frozen=True)
class Sheet:
    """The sheet of scores of a file: what its mark says (blank where there is none), the first row of data in
    `grid`, and the position of each column by heading.

    `twice`: headings that stand over several columns, of which the first is read. `others`: how many sheets
    of the file hold something and are neither this one nor one that we wrote.
    """

    file: ReturnedFile
    round_id: str
    token: str
    named: str
    grid: Grid
    first: int
    at: Mapping[str, int]
    twice: frozenset[str] = frozenset()
    others: int = 0

    def lines(self) -> list[tuple[int, dict[str, str]]]:
        """The number of each filled row, and its cells by heading."""
        body, numbers = self.grid.cells.slice(self.first), self.grid.numbers.slice(self.first)
        return [
            (number, {heading: (row[at] or "").strip() for heading, at in self.at.items()})
            for number, row in zip(numbers, body.iter_rows(), strict=True)
        ]

    def listed(self) -> frozenset[str]:
        """The applications that it has a row for."""
        return frozenset(name for _, cells in self.lines() if (name := cells.get(APPLICATION)))


class UnusableWorkbookError(Exception):
    """A file of which nothing can be used, and why."""


def read_sheet(file: ReturnedFile, open_binary: OpenBinary) -> Sheet:
    """The sheet of scores of a file.

    Raises `UnusableWorkbookError` where it cannot be read, or where neither mark nor headings are ours.
    """
    try:
        grid = read_grid(file.content, file.names[0], open_binary=open_binary, title=SCORES)
    except UnreadableError as error:
        raise UnusableWorkbookError(f"found {error.found}, expected {error.expected}") from error
    texts = [[(cell or "").strip() for cell in row] for row in grid.cells.head(_ROWS_OF_HEAD).rows()]
    mark = next((read for row in texts for cell in row if (read := read_mark(cell))), None)
    head = next((at for at, row in enumerate(texts) if APPLICATION in row), None)
    if mark is None and head is None:
        raise UnusableWorkbookError("it is no workbook of ours")
    if head is None:
        raise UnusableWorkbookError("its row of headings was changed")
    columns = {text: at for at, text in reversed(list(enumerate(texts[head]))) if text}
    twice = frozenset(text for text in columns if texts[head].count(text) > 1)
    others = len(set(grid.other_sheets) - {SCORES, RUBRIC, READ_ME})
    return Sheet(file, *(mark or ("", "", "")), grid, head + 1, columns, twice, others)
