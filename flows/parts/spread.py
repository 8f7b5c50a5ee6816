"""Having parts done: their files are written, done in this process or on Dask, and what came of them is read.

Belongs here: the files, and their end. Must stay out: what a part does (`work.py`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flows.context import AppContext, cache_folder
from flows.parts.dask_cluster import on_dask, scheduler
from flows.parts.prefect_parts import as_tasks, in_a_flow
from flows.parts.settings import PartSettings
from flows.parts.work import do_part
from warehouse.file_cache import read_file

LEFT_AFTER = 24 * 3600
"""Seconds after which a folder of parts is what a killed process left."""


class Parts:
    """Parts whose files lie in one folder, which all workers can read and write."""

    def __init__(self, folder: Path, settings: PartSettings) -> None:
        self._folder, self._settings = folder, settings

    def file(self, content: bytes) -> str:
        """Keep a file that parts name; its name is its content's."""
        name = hashlib.sha256(content).hexdigest()
        if not (self._folder / name).exists():
            part = self._folder / f"{name}.part"
            part.write_bytes(content)
            part.replace(self._folder / name)
        return name

    def done(self, asked: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """What came of parts, in their order."""
        paths = [str(self._folder / self.file(json.dumps(one, sort_keys=True).encode())) for one in asked]
        return [read_file(Path(path), b"".join) for path in self._have_done(paths)]

    def _have_done(self, paths: list[str]) -> list[str]:
        if not self._settings.dask:
            return [do_part(path) for path in paths]
        with scheduler(self._settings) as at:
            have_done = as_tasks if in_a_flow() else on_dask
            return have_done(paths, at, self._settings)


@contextmanager
def parts(context: AppContext, settings: PartSettings) -> Iterator[Parts]:
    """A folder of the cache for the files of parts; it is removed afterwards, or by others after a day."""
    place = cache_folder(context) / "parts"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in place.iterdir():
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_AFTER:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Parts(Path(folder).absolute(), settings)
