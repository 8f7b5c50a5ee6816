"""The matching problem of a version, kept beside the caches, so that what-if need not make it again.

It holds no personal data, and no text that anybody typed.

Belongs here: keeping it and reading it back. Must stay out: making it again where it is not kept
(`what_if.py`).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from flows.context import AppContext, cache_folder
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json
from warehouse.file_cache import keep_file, read_file
from warehouse.snapshots import read_package

MADE_FROM = ("inputs", "rules", "program", "program_source")
"""Keys of `datapackage.json` that say what a version was made from."""


def keep_problem(context: AppContext, round_id: str, version: int, problem: MatchingProblem) -> None:
    """Keep the problem of a version, with a digest of it."""
    path = _path(context, round_id, version)
    keep_file(path, [problem_to_json(problem).encode()])


def read_kept_problem(context: AppContext, round_id: str, version: int) -> MatchingProblem | None:
    """The kept problem of a version; None where it is not kept, is damaged or cannot be read."""
    try:
        text = read_file(_path(context, round_id, version), b"".join).decode()
        return problem_from_json(text, context.programme.matchmaking)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _path(context: AppContext, round_id: str, version: int) -> Path:
    """The file of one version; its name changes with what the version was made from."""
    package = read_package(context.storage, round_id, version)
    made_from = json.dumps(
        [context.storage.address, *(package.get(key) for key in MADE_FROM)], sort_keys=True
    )
    digest = hashlib.sha256(made_from.encode()).hexdigest()[:16]
    return cache_folder(context) / f"matching-{round_id}-{version:04d}-{digest}.bin"
