"""The gazetteer, made once and kept in a folder.

Belongs here: the name under which it is kept. Must stay out: how it is made (`gazetteer.py`) and how files are kept (`kept_files.py`).
"""

from __future__ import annotations

from pathlib import Path

from tasks.crosscheck import gazetteer
from tasks.crosscheck.gazetteer import Gazetteer
from tasks.crosscheck.kept_files import load_kept


def load(folder: Path | None) -> Gazetteer:
    """The gazetteer, from `folder` where it was kept for these data and this program, else built and kept there; None keeps nothing."""
    return load_kept(folder, f"gazetteer-{gazetteer.source_key()}.bin", gazetteer.from_bytes, gazetteer.build, gazetteer.to_bytes)
