"""Doing a part from its files alone, in whatever process.

A part is a JSON file: what to do, and the names of files beside it. Each of them is named by its content.
What comes of it is a file beside it, which appears whole or not at all.

Belongs here: the kinds of parts. Must stay out: what each does, who asks for them, and where they are done.
"""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from warehouse.file_cache import keep_file

KINDS: Mapping[str, tuple[str, str]] = {
    "link": ("flows.parts.linking", "link_part"),
    "repairs": ("flows.parts.near", "repairs_part"),
    "weights": ("flows.parts.near", "weights_part"),
    "weight_pairs": ("flows.parts.near", "pairs_part"),
    "replay": ("flows.parts.replays", "replay_part"),
}
"""Module and function of each kind, loaded where the part is done.

It is given what the part is about and the folder of its files, and returns what comes of it.
"""


def do_part(path: str) -> str:
    """Do the part of a file and return where what came of it is; one that was done is not done again."""
    asked, done = Path(path), Path(f"{path}.out")
    if not done.exists():
        about = json.loads(asked.read_bytes())
        module, name = KINDS[about["kind"]]
        keep_file(done, [getattr(importlib.import_module(module), name)(about, asked.parent)])
    return str(done)


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as bytes, types and all."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    return buffer.getvalue()


def read_frame(source: Path | bytes) -> pl.DataFrame:
    """The frame again."""
    return pl.read_ipc(io.BytesIO(source if isinstance(source, bytes) else source.read_bytes()))
