"""The input files of a round, wherever they lie: in the round's folder, and kept for versions and runs.

Belongs here: finding and opening them. Must stay out: what is erased in them (`rewriting.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from flows.context import AppContext
from flows.published_versions import FRAME_INPUTS
from programme.problems import ProblemsError
from programme.rounds import Round
from tasks.ingest.erasing.rows import OpenedFile, opened_file
from tasks.ingest.step import SourceFile
from warehouse.inputs.find import input_table
from warehouse.inputs.kept import FOLDER
from warehouse.inputs.rewritten import newest, oldest
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import list_versions, read_package


@dataclass(frozen=True)
class RoundFile:
    """One input file: where it lies, and as it is read."""

    path: str
    opened: OpenedFile


@dataclass(frozen=True)
class RoundFiles:
    """The input files of a round.

    `frames`: path to the name of what the program gathered itself (`FRAME_INPUTS`). `unreadable`: files that
    may hold forms and that cannot be read, with the reason.
    """

    round: Round
    files: tuple[RoundFile, ...]
    frames: dict[str, str]
    unreadable: tuple[str, ...]


def round_files(context: AppContext, round_: Round) -> RoundFiles:
    """Every input file of a round; a content that lies at several places is opened once."""
    opened: dict[tuple[str, str], OpenedFile] = {}
    found, unreadable = [], []
    for path, table, name in _places(context, round_):
        data = context.storage.read(path)
        key = (table, hashlib.sha256(data).hexdigest())
        try:
            if key not in opened:
                source = SourceFile(table, name, data)
                first = (round_.id, oldest(context.storage, key[1]))
                file = opened_file(source, context.programme, round_, open_in_sandbox)
                opened[key] = replace(file, first_read=first)
        except ProblemsError as error:
            unreadable.append(f"{path}: {error.problems[0].found}")
            continue
        found.append(RoundFile(path, opened[key]))
    return RoundFiles(round_, tuple(found), _frames(context, round_), tuple(unreadable))


def _places(context: AppContext, round_: Round) -> Iterator[tuple[str, str, str]]:
    """Path, table and name of each input file."""
    _, files = context.storage.entries(f"inputs/{round_.id}")
    for item in files:
        if item.n_bytes and (table := input_table(item.path)):
            yield item.path, table, PurePosixPath(item.path).name
    names = {(row["table"], row["sha256"]): row["name"] for row in context.ledger.inputs(round_.id)}
    kept = {*names, *(pair for pair in _of_versions(context, round_) if pair[0] not in FRAME_INPUTS)}
    seen = set()
    for table, sha256 in sorted(kept):
        path = f"{FOLDER}/{newest(context.storage, sha256)}"
        if (table, path) not in seen and context.storage.exists(path):
            seen.add((table, path))
            yield path, table, names.get((table, sha256), table)


def _of_versions(context: AppContext, round_: Round) -> Iterator[tuple[str, str]]:
    for version in list_versions(context.storage, round_.id):
        try:
            yield from read_package(context.storage, round_.id, version)["inputs"].items()
        except ProblemsError:
            continue  # a damaged version: what it was made from is noted in the database too


def _frames(context: AppContext, round_: Round) -> dict[str, str]:
    paths = (
        (f"{FOLDER}/{newest(context.storage, sha256)}", table)
        for table, sha256 in _of_versions(context, round_)
        if table in FRAME_INPUTS
    )
    return {path: table for path, table in paths if context.storage.exists(path)}
