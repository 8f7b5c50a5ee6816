"""A folder of rules that tests spoil."""

from __future__ import annotations

from pathlib import Path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, by `new` in one file of the folder."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
