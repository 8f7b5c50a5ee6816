"""The program's own version."""

from __future__ import annotations

from importlib.metadata import version


def program_version() -> str:
    """The program's version, as a snapshot and `city2city --version` name it."""
    return version("city2city")
