"""A whole list of names linked to a register, block by block, so that memory does not grow with the list.

Belongs here: reading blocks of a file, sharing them over processes, and writing the answers in order. Must
stay out: the options of the command (`link.py`), and how a name is linked (`tasks/crosscheck`).
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

import polars as pl

from flows.commands.check import read_file
from flows.commands.link_register import read_register, rows_of
from flows.context import AppContext, open_context
from flows.linking_resources import linking_resources
from flows.parts.linking import by_country
from programme.linking import LinkingRules
from programme.problems import UnreadableError, problem
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries
from tasks.ingest.files.read_grid import detect_format

BLOCK_BYTES = 500_000
"""So much of a delimited file is read at once: some ten thousand names, as many as are linked at once."""
AHEAD = 2
"""So many blocks wait for processes of `link_shared` while one is written, so that no process is idle."""
ANSWERS = ("outcome", "register_id", "confidence", "evidence")
IN_PROCESS: dict[str, tuple[RegisterIndex, LinkingRules]] = {}
"""What a process of `link_shared` links with, loaded once when it starts."""


def link_list(file: Path, index: RegisterIndex, rules: LinkingRules) -> Iterator[pl.DataFrame]:
    """The rows of `file` with their answers, block by block."""
    for table in blocks(file):
        yield _beside(table, [link_names(read_queries(table, str(file)), index, rules)])


def link_shared(file: Path, register: Path, jobs: int) -> Iterator[pl.DataFrame]:
    """The same, with the names of each block shared over `jobs` processes by country."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_load, initargs=(register,)) as pool:
        waiting: deque[tuple[pl.DataFrame, list[Future[pl.DataFrame]]]] = deque()
        for table in blocks(file):
            parts = by_country(read_queries(table, str(file)), jobs)
            waiting.append((table, [pool.submit(_link_here, part) for part in parts]))
            if len(waiting) > AHEAD:
                yield _answered(*waiting.popleft())
        while waiting:
            yield _answered(*waiting.popleft())


def _answered(table: pl.DataFrame, parts: list[Future[pl.DataFrame]]) -> pl.DataFrame:
    return _beside(table, [part.result() for part in parts])


def write_blocks(answered: Iterable[pl.DataFrame], out: Path) -> dict[str, int]:
    """Write the blocks as one CSV file; returns how many rows have each outcome.

    The file appears whole or not at all. Raises `ProblemsError` where it cannot be written.
    """
    counts: dict[str, int] = {}
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as opened:
            for number, block in enumerate(answered):
                block.write_csv(opened, include_header=number == 0)
                for outcome, rows in block["outcome"].value_counts().iter_rows():
                    counts[outcome] = counts.get(outcome, 0) + rows
        part.replace(out)
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be written",
            where=str(out),
            remedy="Correct the path.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return dict(sorted(counts.items()))


def blocks(file: Path) -> Iterator[pl.DataFrame]:
    """The rows of a file as text under its headings, at most some thousand at a time.

    Only delimited text of one byte a line end can be read in pieces; any other file is one block. Raises
    `ProblemsError` where the file cannot be read.
    """
    if file.is_file() and file.stat().st_size > BLOCK_BYTES and _is_delimited(file):
        with file.open("rb") as opened:
            yield from (rows_of(content, file) for content in _pieces(opened))
    else:
        yield rows_of(read_file(file), file)


def _is_delimited(file: Path) -> bool:
    with file.open("rb") as opened:
        start = opened.read(4_000)
    wide = b"\x00" in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return not wide and detect_format(start, file.name) == "csv"
    except UnreadableError:
        return False


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces of whole records, each with the line of headings in front."""
    records = iter(partial(_record, opened), b"")
    heading = next(records)
    if heading[:4].lower() == b"sep=":
        heading += next(records, b"")
    piece, size = [heading], 0
    for record in records:
        piece.append(record)
        size += len(record)
        if size >= BLOCK_BYTES:
            yield b"".join(piece)
            piece, size = [heading], 0
    if len(piece) > 1:
        yield b"".join(piece)


def _record(opened: IO[bytes]) -> bytes:
    """The next line, with those after it while a quotation mark is open; empty at the end."""
    record = opened.readline()
    while record.count(b'"') % 2 and len(record) < BLOCK_BYTES and (line := opened.readline()):
        record += line
    return record


def index_of(context: AppContext, register: pl.DataFrame) -> RegisterIndex:
    """The index of a register, from the cache where it is kept."""
    resources = linking_resources(context)
    return resources.index_of(register, resources.gazetteer(), context.programme.linking)


def _load(register: Path) -> None:
    """Make a process ready: the index is read from the cache, where the first process kept it."""
    context = open_context()
    rows = read_register(context, register).rows
    IN_PROCESS["it"] = (index_of(context, rows), context.programme.linking)


def _link_here(queries: pl.DataFrame) -> pl.DataFrame:
    index, rules = IN_PROCESS["it"]
    return link_names(queries, index, rules)


def _beside(table: pl.DataFrame, answers: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The table with the answers, which are put into the order of its rows."""
    # A spreadsheet would take a text that begins so for a formula.
    harmless = pl.col("evidence").str.replace(r"^([=+\-@\t])", "'$1")
    every = pl.concat(answers).sort(pl.col("query_id").cast(pl.Int64)).select(ANSWERS)
    return pl.concat(
        [table.select(pl.exclude(ANSWERS)), every.with_columns(evidence=harmless)], how="horizontal"
    )
