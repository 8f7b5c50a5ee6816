"""A whole list of names linked to a register, block by block, so that memory does not grow with the list.

Belongs here: reading blocks of a file, sharing them over processes, and writing the answers in order. Must
stay out: the options of the command (`link.py`), and how a name is linked (`tasks/crosscheck`).
"""

from __future__ import annotations

import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from flows.commands.check import read_file
from flows.context import open_context
from flows.linking_resources import linking_resources
from programme.linking import LinkingRules
from programme.problems import UnreadableError, problem
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries, read_register
from tasks.ingest.files.read_grid import detect_format, read_grid
from warehouse.sandbox import open_in_sandbox

BLOCK_BYTES = 4_000_000
"""So much of a delimited file is read at once."""
START_BYTES = 4_000
WIDE_CHARACTERS = (b"\xff\xfe", b"\xfe\xff")
"""A file of two bytes a character cannot be cut at the byte of a line end, so it is read whole."""
ANSWERS = ("outcome", "register_id", "confidence", "evidence")

Link = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class ListResult:
    """How many rows a list had, and how many of each outcome."""

    rows: int
    outcomes: dict[str, int]


@dataclass(frozen=True)
class _Worker:
    """What a process links with."""

    index: RegisterIndex
    rules: LinkingRules


_WORKER: list[_Worker] = []


def link_list(file: Path, index: RegisterIndex, rules: LinkingRules, out: Path) -> ListResult:
    """Link every row of `file` in this process, and write the rows with their answers to `out`."""
    link = partial(link_names, index=index, rules=rules)
    return _write(_answers(blocks(file), str(file), lambda queries: iter([link(queries)])), out)


def link_list_shared(file: Path, register: Path, out: Path, jobs: int) -> ListResult:
    """The same with the work shared over `jobs` processes by country; the answers are the same bytes."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_load, initargs=(register,)) as pool:

        def ask(queries: pl.DataFrame) -> Iterator[pl.DataFrame]:
            futures = [pool.submit(_link_in_process, part) for part in by_country(queries, jobs)]
            return _results(futures)

        return _write(_answers(blocks(file), str(file), ask, ahead=2), out)


def by_country(queries: pl.DataFrame, parts: int) -> list[pl.DataFrame]:
    """The queries in at most so many parts of about the same size; a country is in one part."""
    groups = queries.partition_by("country_iso3", maintain_order=True)
    shares: list[list[pl.DataFrame]] = [[] for _ in range(parts)]
    for group in sorted(groups, key=lambda rows: -rows.height):
        min(shares, key=lambda share: sum(rows.height for rows in share)).append(group)
    return [pl.concat(share) for share in shares if share]


def blocks(file: Path) -> Iterator[pl.DataFrame]:
    """The rows of a file as text under its headings, some thousand at a time.

    Only delimited text can be read in pieces; another format is one block. Raises `ProblemsError` where the
    file cannot be read.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(START_BYTES)
    except OSError:
        start = b""
    wide = start.startswith(WIDE_CHARACTERS) or b"\x00" in start
    if wide or not start or _read(lambda: detect_format(start, file.name), file) != "csv":
        yield rows_of(read_file(file), file)
        return
    for content in _pieces(file):
        yield rows_of(content, file)


def _pieces(file: Path) -> Iterator[bytes]:
    """A delimited file in pieces of whole records, each with the line of headings in front."""
    with file.open("rb") as opened:
        heading = _record(opened)
        if heading[:4].lower() == b"sep=":
            heading += _record(opened)
        records = iter(partial(_record, opened), b"")
        while lines := list(_some(records)):
            yield heading + b"".join(lines)


def _some(records: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for record in records:
        yield record
        size += len(record)
        if size >= BLOCK_BYTES:
            return


def _record(opened) -> bytes:  # type: ignore[no-untyped-def]
    """The next line, and those after it while a quotation mark is open."""
    record: bytes = opened.readline()
    for line in iter(opened.readline, b"") if record.count(b'"') % 2 else ():
        record += line
        if record.count(b'"') % 2 == 0 or len(record) > BLOCK_BYTES:
            break
    return record


def rows_of(content: bytes, file: Path) -> pl.DataFrame:
    """A content's rows as text under its headings; raises `ProblemsError` where it cannot be read."""
    grid = _read(
        lambda: read_grid(content, file.name, lambda _sheets: 0, open_binary=open_in_sandbox), file
    )
    headings: dict[str, None] = {}
    for position, cell in enumerate(grid.cells.row(0)):
        text = (cell or "").strip() or f"column {position + 1}"
        headings[text if text not in headings else f"{text} ({position + 1})"] = None
    return grid.cells[1:].rename(dict(zip(grid.cells.columns, headings, strict=True)))


def _read[T](read: Callable[[], T], file: Path) -> T:
    try:
        return read()
    except UnreadableError as error:
        raise problem(
            found=error.found, expected=error.expected, where=str(file), remedy=error.remedy
        ) from error


def _answers(
    tables: Iterator[pl.DataFrame], where: str, ask: Callable[[pl.DataFrame], Iterator[pl.DataFrame]], ahead: int = 0
) -> Iterator[pl.DataFrame]:
    """Each table with the answers beside its rows; `ahead` so many are asked before the first is awaited."""
    waiting: deque[tuple[pl.DataFrame, Iterator[pl.DataFrame]]] = deque()
    for table in tables:
        waiting.append((table, ask(read_queries(table, where))))
        if len(waiting) > ahead:
            yield _beside(*waiting.popleft())
    for table, answers in islice(iter(lambda: waiting.popleft() if waiting else None, None), None):
        yield _beside(table, answers)


def _beside(table: pl.DataFrame, answers: Iterator[pl.DataFrame]) -> pl.DataFrame:
    # A spreadsheet would take a text that begins so for a formula.
    harmless = pl.col("evidence").str.replace(r"^([=+\-@\t])", "'$1")
    linked = pl.concat(answers).sort(pl.col("query_id").cast(pl.Int64)).with_columns(evidence=harmless)
    return pl.concat([table.select(pl.exclude(ANSWERS)), linked.select(ANSWERS)], how="horizontal")
