"""A folder of rules that a test may change."""

from __future__ import annotations

from pathlib import Path


def change(folder: Path, old: str, new: str) -> None:
    """Replace one text in `rounds.toml`; it must be there exactly once."""
    path = folder / "rounds.toml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")
