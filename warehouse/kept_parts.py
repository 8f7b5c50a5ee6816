"""Where each part of what is kept of a submission lies: rows of the database, kept inputs, restricted files.

Whoever forgets or discloses a submission goes through this list. It is made by looking, not by remembering:
every restricted file is opened, so a file that some later step writes is found too.

Belongs here: the search. Must stay out: emptying, removing or showing what was found.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from warehouse.database.ledger import Ledger
from warehouse.escapes import file_name
from warehouse.inputs.kept import FOLDER
from warehouse.storage import Storage

RESTRICTED = "restricted"
_MOST_UNPACKED = 300 * 2**20
"""Bytes that one workbook may unpack to; a larger one is named as it is, since it cannot be looked into."""


@dataclass(frozen=True)
class KeptPart:
    """One place that holds something of a submission.

    `where`: a table of the database, a kept input, or another restricted file. `path`: the table's name, or
    the path in the storage. `rows`: which rows there (the `id` of a table's rows, numbers of rows of an input
    or of a Parquet file from 0, numbers of lines); empty for the rows of a table without `id` and for a whole
    file.
    """

    where: Literal["database", "input", "file"]
    path: str
    rows: tuple[int, ...] = ()


def parts_of_submission(storage: Storage, ledger: Ledger, submission_id: str) -> tuple[KeptPart, ...]:
    """Every part that is kept of a submission, in order of place and path.

    An id that was masked is looked for as it is masked; the kept inputs are found by the rows read from them.
    """
    rows = ledger.rows_of_submission(submission_id)
    parts = [KeptPart("database", table, _numbers(found)) for table, found in rows.items()]
    of_inputs: dict[str, set[int]] = {}
    for row in (*rows.get("submission", ()), *rows.get("set_aside_row", ())):
        of_inputs.setdefault(row["source_sha256"], set()).add(row["row"])
    for sha256, numbers in of_inputs.items():
        if storage.exists(f"{FOLDER}/{sha256}"):
            parts.append(KeptPart("input", f"{FOLDER}/{sha256}", tuple(sorted(numbers))))
    parts += [
        KeptPart("file", path)
        for row in rows.get("letter", ())
        if storage.exists(path := f"{RESTRICTED}/letters/{row['round']}/outbox/{row['letter_id']}.eml")
    ]
    known = {part.path for part in parts}
    files = (item.path for item in (*storage.list(RESTRICTED), *storage.leftovers(RESTRICTED)))
    parts += _of_files(storage, (path for path in files if path not in known), submission_id)
    return tuple(sorted(parts, key=lambda part: (part.where, part.path)))


def _numbers(rows: Iterable[dict[str, object]]) -> tuple[int, ...]:
    """The rows' ids where the table counts them; a table without such an id is named as a whole."""
    return tuple(sorted(number for row in rows if isinstance(number := row.get("id"), int)))


def _of_files(storage: Storage, paths: Iterable[str], submission_id: str) -> Iterator[KeptPart]:
    named = re.compile(rf"(?<![\w-]){re.escape(submission_id)}(?![\w-])")
    own_name = re.compile(rf"\.?{re.escape(file_name(submission_id, ''))}(?:-[0-9a-f]{{8}})?\.")
    for path in paths:
        content = storage.read(path)
        where: Literal["input", "file"] = "input" if path.startswith(FOLDER) else "file"
        if content.startswith(b"PAR1"):
            rows = tuple(_parquet_rows(content, named))
        elif path.endswith((".jsonl", ".csv")):
            rows = tuple(_line_numbers(content.decode(errors="replace"), named))
        else:
            rows = ()
            if own_name.match(path.rsplit("/", 1)[-1]) or any(
                named.search(text) for text in _texts(content, path)
            ):
                yield KeptPart(where, path)
        if rows:
            yield KeptPart(where, path, rows)


def _parquet_rows(content: bytes, named: re.Pattern[str]) -> Iterator[int]:
    for number, row in enumerate(pl.read_parquet(io.BytesIO(content)).iter_rows()):
        if any(named.search(str(cell)) for cell in row if cell is not None):
            yield number


def _line_numbers(text: str, named: re.Pattern[str]) -> Iterator[int]:
    return (number for number, line in enumerate(text.split("\n"), 1) if named.search(line))


def _texts(content: bytes, path: str) -> Iterator[str]:
    """What stands in a file: in its parts where it is packed, decoded where it is mail."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) <= _MOST_UNPACKED:
                yield from (archive.read(item).decode(errors="replace") for item in archive.infolist())
    elif ".eml" in path:
        message = email.message_from_bytes(content, policy=email.policy.default)
        yield str(message.items())
        parts = (part for part in message.walk() if part.get_content_maintype() == "text")
        yield from (str(part.get_content()) for part in parts)
    else:
        yield content.decode(errors="replace")
