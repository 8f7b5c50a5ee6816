"""How a form without an id of its own is named: by its round, its row, and the input it was first read from.

In the tables of one version `row-0007` is enough. Other rounds and other exports have a row of that number
too, with another person in it, so whoever erases or discloses a form needs the whole name.

Belongs here: making and reading such names. Must stay out: who bears one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTERS = 12
_NAME = re.compile(rf"(?P<round>[^:]+):row-(?P<row>\d{{4,}}):(?P<source>[0-9a-f]{{{_LETTERS}}})")
_NUMBER = re.compile(r"row-(\d{4,})")


@dataclass(frozen=True)
class RowName:
    """A form without an id; `source` begins the sha256 of the input that it was first read from."""

    round_id: str
    row: int
    source: str

    def __str__(self) -> str:
        return f"{self.round_id}:{self.row_key}:{self.source}"

    @property
    def row_key(self) -> str:
        """How the tables of one version name it."""
        return f"row-{self.row:04}"


def row_name(round_id: str, row: int, sha256: str) -> RowName:
    """The name of a row of an input, by the hash with which the input was first read."""
    return RowName(round_id, row, sha256[:_LETTERS])


def read_row_name(text: str) -> RowName | None:
    """The name that a text is; None where it is an id."""
    found = _NAME.fullmatch(text)
    return found and RowName(found["round"], int(found["row"]), found["source"])


def row_number(text: str) -> int | None:
    """The number of the row where a text names no more than that (`row-0007`); None elsewhere."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None
