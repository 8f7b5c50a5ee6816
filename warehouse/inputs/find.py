"""Finding a round's input files in their folder, by name.

Belongs here: which file is which table, and what is wrong with the folder as a whole. Must stay out: reading
a file's content (`tasks/ingest`) and keeping it (`kept.py`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from programme.expectations import FileLimits
from programme.problems import Problem, ProblemsError, problem
from warehouse.dictionary import INPUT_TABLES, REQUIRED_INPUTS, RUN_INPUTS
from warehouse.dictionary.inputs import FEEDBACK
from warehouse.storage import Storage, StoredFile

EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "json", "parquet")
USUAL = FileLimits()
"""The limits of the rules that the program ships with."""


@dataclass(frozen=True)
class FoundInput:
    """One input file: the table it holds, its file name, and its bytes."""

    table: str
    name: str
    data: bytes


def find_feedback(
    storage: Storage, round_id: str, folder: str = "", *, limits: FileLimits = USUAL
) -> FoundInput | None:
    """The round's file of feedback; None where there is none.

    Raises `ProblemsError` where there are several, or the file is too large, empty or unreadable.
    """
    directory = f"{folder}/{round_id}" if folder else round_id
    where = f"{storage.address.rstrip('/')}/{directory}"
    _, files = storage.entries(directory)
    of_table = {
        FEEDBACK.name: [item for item in files if input_table(item.path, INPUT_TABLES) == FEEDBACK.name]
    }
    problems = [*_doubled(of_table, where), *_sizes(of_table, where, limits)]
    found: list[FoundInput] = []
    for item in [] if problems else of_table[FEEDBACK.name]:
        _read(storage, FEEDBACK.name, item, where, found, problems)
    if problems:
        raise ProblemsError(problems)
    return found[0] if found else None


def find_inputs(
    storage: Storage, round_id: str, folder: str = "", *, limits: FileLimits = USUAL
) -> list[FoundInput]:
    """The round's input files, in order of table; every other file of the folder is left alone.

    `folder` is the folder below the storage's root that holds the rounds' folders ("" if the root itself
    does). Raises `ProblemsError` with everything at once: no folder, a required table without a file (and
    what is there instead), two files for one table, a file that is larger than `limits` allow, empty, or
    unreadable.
    """
    by_table, where, problems = _listed(storage, round_id, folder, limits)
    found: list[FoundInput] = []
    for table in sorted(by_table):
        for item in by_table[table]:
            if item.n_bytes <= limits.bytes:
                _read(storage, table, item, where, found, problems)
    if problems:
        raise ProblemsError(problems)
    return found


def check_inputs(storage: Storage, round_id: str, folder: str = "", *, limits: FileLimits = USUAL) -> None:
    """Look at the round's folder as `find_inputs` does, and raise as it does, without reading a file."""
    _, _, problems = _listed(storage, round_id, folder, limits)
    if problems:
        raise ProblemsError(problems)


def _listed(
    storage: Storage, round_id: str, folder: str, limits: FileLimits
) -> tuple[dict[str, list[StoredFile]], str, list[Problem]]:
    """The round's input files by table, where they are, and what is wrong with them as a whole."""
    directory = f"{folder}/{round_id}" if folder else round_id
    where = f"{storage.address.rstrip('/')}/{directory}"
    _, files = storage.entries(directory)
    if not files:
        raise _no_folder(storage, folder, round_id, where)
    by_table: dict[str, list[StoredFile]] = {}
    for item in files:
        if table := input_table(item.path):
            by_table.setdefault(table, []).append(item)
    problems = [
        *_missing(by_table, files, where),
        *_doubled(by_table, where),
        *_sizes(by_table, where, limits),
    ]
    return by_table, where, problems


def input_table(path: str, tables: Collection[str] = RUN_INPUTS) -> str | None:
    """The table that a file of this name holds, whatever the case of its letters.

    None if it is none of `tables`: those that a run reads, where no others are asked for.
    """
    name = PurePosixPath(path).name.lower()
    stem, _, extension = name.partition(".")
    return stem if extension in EXTENSIONS and stem in tables else None


def _read(
    storage: Storage,
    table: str,
    item: StoredFile,
    where: str,
    found: list[FoundInput],
    problems: list[Problem],
) -> None:
    name = PurePosixPath(item.path).name
    try:
        found.append(FoundInput(table, name, storage.read(item.path)))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        problems.append(
            Problem(
                reason,
                "a file that may be read",
                f"{where}/{name}",
                "Mend its permissions, or put it there again.",
            )
        )


def _no_folder(storage: Storage, folder: str, round_id: str, where: str) -> ProblemsError:
    others = [name for name in storage.entries(folder)[0] if name != round_id]
    beside = f"; beside it are {', '.join(others[:10])}" if others else ""
    return problem(
        found=f"no files{beside}",
        expected=f"the folder of round {round_id} with {_names(REQUIRED_INPUTS)}",
        where=where,
        remedy="Name the folder that holds the round's folder with --inputs, or put the exports there.",
    )


def _missing(by_table: dict[str, list[StoredFile]], files: Sequence[StoredFile], where: str) -> list[Problem]:
    names = [PurePosixPath(item.path).name for item in files]
    there = ", ".join(names[:20])
    problems = []
    for table in REQUIRED_INPUTS:
        if table in by_table:
            continue
        near = difflib.get_close_matches(table, [name.lower().partition(".")[0] for name in names], n=1)
        candidates = [name for name in names if near and name.lower().partition(".")[0] == near[0]]
        remedy = (
            f"Is it {candidates[0]!r}? Then rename it."
            if candidates
            else f"Put the export there as {table}.csv or {table}.xlsx."
        )
        problems.append(Problem(f"no file for {table}; there are: {there}", _names((table,)), where, remedy))
    return problems


def _doubled(by_table: dict[str, list[StoredFile]], where: str) -> list[Problem]:
    doubled = {
        table: [PurePosixPath(item.path).name for item in items]
        for table, items in by_table.items()
        if len(items) > 1
    }
    return [
        Problem(
            f"{len(names)} files: {', '.join(names)}",
            f"one file for {table}",
            where,
            "Remove all but the one that counts.",
        )
        for table, names in sorted(doubled.items())
    ]


def _sizes(by_table: dict[str, list[StoredFile]], where: str, limits: FileLimits) -> list[Problem]:
    problems = []
    for item in (item for table in sorted(by_table) for item in by_table[table]):
        name = PurePosixPath(item.path).name
        if item.n_bytes > limits.bytes:
            found = f"{item.n_bytes / 1024 / 1024:,.0f} MB"
            problems.append(
                Problem(
                    found,
                    f"at most {limits.megabytes:,} MB",
                    f"{where}/{name}",
                    f"Put the right export there. {limits.remedy('megabytes')}",
                )
            )
        elif item.n_bytes == 0:
            problems.append(
                Problem("an empty file", "an export with its heading", f"{where}/{name}", "Export it again.")
            )
    return problems


def _names(tables: tuple[str, ...]) -> str:
    return ", ".join(f"{table}.*" for table in tables) + f" ({', '.join(EXTENSIONS)})"
