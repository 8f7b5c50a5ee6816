"""Reading a round's files, once: what was read while the server started is not read again by the flow.

Belongs here: remembering one reading until it is asked for. Must stay out: reading itself (`tasks/ingest`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import wraps

from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.files.sheets import OpenBinary
from tasks.ingest.inputs import Inputs
from tasks.ingest.step import SourceFile, read_all
from warehouse.sandbox import open_in_sandbox

_read: dict[str, Inputs] = {}
"""At most one reading, under what it depends on."""


def read_ahead(sources: Sequence[SourceFile], programme: Programme, round_: Round) -> None:
    """Read the files for `read_inputs`; raises `ProblemsError` as it does."""
    inputs = read_inputs(sources, programme, round_, open_binary=open_in_sandbox)
    _read[_key(sources, programme, round_)] = inputs


@wraps(read_all)
def read_inputs(
    sources: Sequence[SourceFile], programme: Programme, round_: Round, *, open_binary: OpenBinary
) -> Inputs:
    """The step `read_all`, which takes what was read already."""
    before = _read.pop(_key(sources, programme, round_), None) if _read else None
    _read.clear()
    if before is not None:
        return before
    return read_all(sources=sources, programme=programme, round_=round_, open_binary=open_binary)


def _key(sources: Sequence[SourceFile], programme: Programme, round_: Round) -> str:
    """A digest of all that a reading depends on."""
    digest = hashlib.sha256(f"{round_!r}\n{programme!r}".encode())
    for source in sources:
        digest.update(f"{source.table}\n{source.name}\n{len(source.content)}\n".encode())
        digest.update(source.content)
    return digest.hexdigest()
