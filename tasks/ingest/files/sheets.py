"""How workbooks and Parquet files are opened: by a function that the caller of the step passes.

Belongs here: what that function takes and gives, so that the step can be typed without knowing it. Must stay
out: any such function. The one in use, `open_in_sandbox` of `warehouse/sandbox`, starts a process, which the
steps never do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

BinaryKind = Literal["xlsx", "parquet"]
"""The formats that are opened by the function passed in."""


class Sheet(Protocol):
    """One sheet of a workbook, or the one table of a Parquet file.

    `rows` holds the cells from the first row and column on: text, or for Parquet also lists and records. A
    sheet may also have `date_1904` (whether its workbook counts days from 1904) and `notes` (what a person
    should know of how it was read, as pairs of expectation and sentence).
    """

    @property
    def name(self) -> str:
        """The sheet's title; empty for Parquet."""

    @property
    def visible(self) -> bool:
        """Whether a person who opens the workbook sees the sheet."""

    @property
    def rows(self) -> list[list[Any]]:
        """The cells, row by row; rows may be of uneven length."""


class OpenBinary(Protocol):
    """Opens the content of a workbook or Parquet file."""

    def __call__(self, kind: BinaryKind, content: bytes, *, max_cells: int) -> Sequence[Sheet]:
        """Every sheet of the content, each spanning at most `max_cells`; raises `UnreadableError`."""
