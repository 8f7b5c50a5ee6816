"""The gazetteer, made once and kept in a folder.

Belongs here: the name under which it is kept, and the process that makes it. Must stay out: how it is made
(`gazetteer.py`) and how files are kept (`kept_files.py`).
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

from tasks.crosscheck.gazetteer import table as gazetteer
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.kept_files import load_kept

LONGEST_BUILD_S = 600


def load(folder: Path | None) -> Gazetteer:
    """The gazetteer, from `folder` where it was kept for these data and this program, else built and kept
    there; None keeps nothing.
    """
    if folder is not None and not _path(folder).exists():
        _build_aside(folder)
    return _load(folder)


def _path(folder: Path) -> Path:
    return folder / f"gazetteer-{gazetteer.source_key()}.bin"


def _load(folder: Path | None) -> Gazetteer:
    name = _path(folder or Path()).name
    return load_kept(folder, name, gazetteer.from_bytes, gazetteer.build, gazetteer.to_bytes)


def _build_aside(folder: Path) -> None:
    """Build in a process of its own, whose end gives the memory back; where that fails, `_load` builds
    here.
    """
    command = [sys.executable, "-m", __name__, str(folder.absolute())]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            command,
            check=True,
            timeout=LONGEST_BUILD_S,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    _load(Path(sys.argv[1]))
