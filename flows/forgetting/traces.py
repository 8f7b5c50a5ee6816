"""Files that were made from the inputs, without what is personal of the forms that are forgotten.

Letters, drafts and pages that can be made again are removed. Of tables, lists and workbooks the cells are
emptied. Published versions hold no personal data and are never touched: what is found there is told.

Belongs here: what becomes of which kind of file. Must stay out: finding texts (`texts.py`), input files
(`rewriting.py`) and the database.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from flows.forgetting.group import Application
from flows.forgetting.texts import folded, holds, of_mail
from flows.working_tables import DIGEST
from warehouse.dictionary import WORKING_TABLES
from warehouse.dictionary.decision_ids import ERASED
from warehouse.dictionary.row_names import read_row_name
from warehouse.escapes import file_name
from warehouse.storage import Storage

_INPUTS = ("restricted/inputs/", "restricted/erasures/", "restricted/rules/", "restricted/keys/")
_NEVER = ("snapshots/", "public/")
_MADE_AGAIN = (".html", ".md", ".eml", ".ics")
_CELL = re.compile(r"(<t(?:\s[^>]*)?>)(.*?)(</t>)", re.DOTALL)
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass
class Traces:
    """What became of the files: those removed, those emptied, and those a person has to look at."""

    removed: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def erase_traces(storage: Storage, application: Application, skipped: tuple[str, ...]) -> Traces:
    """Erase the application from every file of the storage but the inputs; `skipped` are not looked at."""
    traces = Traces()
    for item in storage.list():
        if item.path.startswith((*_INPUTS, *skipped)) or item.path.startswith("inputs/"):
            continue
        content = storage.read(item.path)
        if item.path.startswith(_NEVER):
            if holds(content, application.texts):
                traces.left.append(item.path)
        elif (new := _without(item.path, content, application)) is None:
            storage.delete(item.path)
            traces.removed.append(item.path)
        elif new != content:
            storage.write(item.path, new, private=True)
            if storage.exists(item.path + DIGEST):
                digest = hashlib.sha256(new).hexdigest().encode()
                storage.write(item.path + DIGEST, digest, private=True)
            traces.emptied.append(item.path)
    return traces


def still_found(storage: Storage, application: Application, skipped: tuple[str, ...]) -> list[str]:
    """Files of the storage that hold one of the texts all the same."""
    return [
        item.path
        for item in storage.list()
        if not item.path.startswith(skipped) and holds(storage.read(item.path), application.texts)
    ]


def _without(path: str, content: bytes, application: Application) -> bytes | None:
    """The file's bytes without the application; None where the whole file goes."""
    name = path.rsplit("/", 1)[-1]
    if content.startswith(b"PAR1"):
        return _table(path, content, application)
    if path.endswith(".jsonl"):
        return _lines(content, application)
    if path.endswith(_MADE_AGAIN):
        own = path.endswith(".eml") and _is_letter_of(name, content, application)
        return None if own or holds(content, application.texts) else content
    if not holds(content, application.texts):
        return content
    if content.startswith(b"PK"):
        return _workbook(content, application)
    return _text(content, application)


def _is_letter_of(name: str, content: bytes, application: Application) -> bool:
    """Whether a letter is to one of the forms: by the name of its file, or by what it says."""
    own = (re.escape(file_name(one, "")) for one in application.ids)
    if re.match(rf"(?:{'|'.join(own)})(?:-[0-9a-f]{{8}})?\.", name):
        return True
    return any(_names(text, one.casefold()) for text in of_mail(content) for one in application.ids)


def _names(text: str, submission_id: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(submission_id)}(?![\w-])", text) is not None


def _table(path: str, content: bytes, application: Application) -> bytes:
    """A working table without the cells; the personal ones of a row about one of the forms are empty."""
    frame = pl.read_parquet(io.BytesIO(content))
    described = WORKING_TABLES.get(path.rsplit("/", 1)[-1].removesuffix(".parquet"))
    personal = [column.name for column in described.columns if column.personal] if described else []
    about = [key for key in ("row_key", "application_id", "submission_id") if key in frame.columns]
    ours = (
        pl.any_horizontal([pl.col(key).is_in(_named_in(path, application)) for key in about])
        if about
        else pl.lit(False)
    )
    cells = [
        pl.when(ours).then(pl.lit(None)).otherwise(pl.col(column)).alias(column)
        if column in personal
        else pl.col(column)
        for column in frame.columns
    ]
    emptied = frame.with_columns(cells)
    texts = [column for column, kind in frame.schema.items() if kind == pl.String]
    emptied = emptied.with_columns(
        pl.col(column).map_elements(_cell_of(application), return_dtype=pl.String) for column in texts
    )
    if emptied.equals(frame):
        return content
    buffer = io.BytesIO()
    emptied.write_parquet(buffer)
    return buffer.getvalue()


def _named_in(path: str, application: Application) -> list[str]:
    """How a working table names the forms: one without an id by its row, in the tables of its round."""
    rows = [name for one in application.ids if (name := read_row_name(one))]
    return [*application.ids, *(one.row_key for one in rows if f"/round={one.round_id}/" in path)]


def _cell_of(application: Application) -> Callable[[str], str]:
    def cell(text: str) -> str:
        return ERASED if any(one in folded(text) for one in application.texts) else text

    return cell


def _lines(content: bytes, application: Application) -> bytes:
    """JSON lines without the letters to or about the contact, and without the texts in any other.

    Lines of decisions are not among them: they are erased together with the database.
    """
    return b"\n".join(_left_lines(content, application))


def _left_lines(content: bytes, application: Application) -> Iterator[bytes]:
    for line in content.split(b"\n"):
        try:
            row = json.loads(line)
        except ValueError:
            yield line
            continue
        if isinstance(row, dict) and "message" in row and "contacts_of" in row:
            mail = row["message"].encode("ascii", "replace")
            ours = row["application_id"] in application.ids
            named = not set(application.ids).isdisjoint(row["contacts_of"])
            if ours or named or any(text in one for one in of_mail(mail) for text in application.texts):
                continue
        yield line


def _workbook(content: bytes, application: Application) -> bytes:
    """A workbook in which each cell with one of the texts says that it is erased; all else is as it was."""

    def cell(found: re.Match[str]) -> str:
        text = folded(html.unescape(found[2]))
        return f"{found[1]}{ERASED}{found[3]}" if any(one in text for one in application.texts) else found[0]

    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith(".xml"):
                data = _CELL.sub(cell, data.decode("utf-8", "surrogateescape")).encode(
                    "utf-8", "surrogateescape"
                )
            new.writestr(zipfile.ZipInfo(item.filename, _FIXED), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _text(content: bytes, application: Application) -> bytes | None:
    """A text without the lines that hold one of the texts; the whole file where that is not enough."""
    lines = content.split(b"\n")
    left = [b"[erased]" if holds(line, application.texts) else line for line in lines]
    new = b"\n".join(left)
    return None if b"\x00" in content or holds(new, application.texts) else new
