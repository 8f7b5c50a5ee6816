"""What a disk that is full or cannot be written says to the person who can mend it.

Belongs here: the words. Must stay out: the calls (`disk.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from programme.problems import problem


@contextmanager
def os_errors_reported(root: Path) -> Iterator[None]:
    """Report a full disk or a folder that cannot be written as a problem that the user can mend."""
    try:
        yield
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a folder that can be written, with room on its disk",
            where=str(root),
            remedy="Mend that, or name another folder in CITY2CITY_DATA.",
        ) from error
