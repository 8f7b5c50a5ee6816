"""The lines of the lock that a server needs, without what tests and checks need.

The lock notes of each library who asked for it. So what a server needs is what the project's `dependencies`
name, and what these ask for in turn. The build of the image calls this (`deploy/Dockerfile`), with the
names of further libraries that the build needs. Versions and hashes stay as they are in the lock.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = "city2city"
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[^\]]*\])?==.*\n(?:    .*\n)*", re.MULTILINE)
ASKED_BY = re.compile(r"#(?: via|  ) +([a-z0-9-]+)")


def runtime_lock(lock: str, wanted: Iterable[str]) -> str:
    """The entries of the wanted libraries and of all that these ask for.

    Raises `ValueError` where the lock lacks a wanted one.
    """
    entries = {found["name"]: found[0] for found in ENTRY.finditer(lock)}
    asked_by = {name: set(ASKED_BY.findall(entry)) - {PROJECT} for name, entry in entries.items()}
    needed = {normal(name) for name in wanted}
    if missing := sorted(needed - set(entries)):
        raise ValueError(f"requirements.lock lacks {', '.join(missing)}; call make lock")
    while more := {name for name in set(entries) - needed if asked_by[name] & needed}:
        needed |= more
    return "".join(entries[name] for name in sorted(needed))


def normal(requirement: str) -> str:
    """The name of a requirement as the lock writes it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", found[0] if found else requirement).lower()


def dependencies(project: str) -> list[str]:
    """The requirements of `pyproject.toml`, without its extras."""
    return list(tomllib.loads(project)["project"]["dependencies"])


if __name__ == "__main__":
    asked = [*dependencies((ROOT / "pyproject.toml").read_text("utf-8")), *sys.argv[1:]]
    sys.stdout.write(runtime_lock((ROOT / "requirements.lock").read_text("utf-8"), asked))
