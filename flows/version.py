"""The program's own identity: its version, and hashes of what it consists of.

Belongs here: naming the program so that no two states of it look the same. Must stay out: the rules, which
have a fingerprint of their own (`programme/`), and what is written where.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("expectations", "flows", "pages", "programme", "samples", "tasks", "warehouse")
NOT_INSTALLED = (".md", ".pyc")
"""Ends of the names of files that are no part of the program; nor are hidden files and what Python caches."""
LOCK = "requirements.lock"


def program_version() -> str:
    """The program's version, as a snapshot and `city2city --version` name it."""
    return version("city2city")


@cache
def program_source() -> str:
    """sha256 over the program's own files, by their names and bytes, wherever it is installed.

    It reads some five hundred files, so it is asked for only where a version is made or compared.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        root = _folder(package)
        for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
            if _is_own(path):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{content} {package}/{path.relative_to(root).as_posix()}\n".encode())
    return digest.hexdigest()


def _is_own(path: Path) -> bool:
    hidden = path.name.startswith(".") or "__pycache__" in path.parts
    return not hidden and path.suffix not in NOT_INSTALLED and path.is_file()


@cache
def program_lock() -> str | None:
    """sha256 of the lock file, which names every library; None where the program was installed without it."""
    path = _folder("flows").parent / LOCK
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def program_identity() -> str:
    """Version and source in one, to be compared with that of a version (`identity_of`)."""
    return identity_of(program_version(), program_source())


def identity_of(program: str, source: str | None) -> str:
    """One name of a program; where its source was not noted, its number alone."""
    return f"{program} (source {source[:12]})" if source else program


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent
