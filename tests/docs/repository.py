"""What the tests of this folder look at: the files of the repository, and the prose in them.

Belongs here: which files there are and which of their texts a person reads. Must stay out: what is asserted.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("desk", "flows", "pages", "tasks", "expectations", "warehouse", "programme", "samples")
"""The source packages, as `pyproject.toml` installs them."""
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE")
FOLDERS = (*PACKAGES, "deploy", "tests", "docs", ".ci")
NOT_OURS = ("__pycache__", ".hypothesis")


class Text(NamedTuple):
    """A piece of prose: its file (path from the root, with `/`), the line it begins on, and the text."""

    file: str
    line: int
    text: str


@lru_cache(maxsize=1)
def files() -> tuple[str, ...]:
    """Every file of the repository, as a path from the root; what tools leave behind is left out."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return tuple(
        sorted(
            path.relative_to(ROOT).as_posix()
            for path in found
            if not any(part in NOT_OURS for part in path.parts)
        )
    )


@lru_cache(maxsize=1)
def folders() -> frozenset[str]:
    """Every folder that holds a file of the repository, as a path from the root."""
    return frozenset(
        parent.as_posix() for name in files() for parent in Path(name).parents if parent != Path()
    )


def python_files(*packages: str) -> list[str]:
    """The Python files of some packages."""
    return [name for name in files() if name.endswith(".py") and name.split("/")[0] in packages]


@cache
def read(name: str) -> str:
    """The content of a file."""
    return (ROOT / name).read_text("utf-8")


@cache
def parsed(name: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(read(name), name)


def pages() -> Iterator[Text]:
    """The pages of documentation, line by line."""
    for name in files():
        if name.endswith(".md") or name in PAGES:
            yield from _lines(name, read(name))


def comments() -> Iterator[Text]:
    """The comments of Python, TOML and YAML files and of the Makefile, line by line."""
    for name in files():
        if name.endswith(".py"):
            with tokenize.open(ROOT / name) as source:
                for token in tokenize.generate_tokens(source.readline):
                    if token.type == tokenize.COMMENT:
                        yield Text(name, token.start[0], token.string)
        elif name.endswith((".toml", ".yaml")) or name == "Makefile":
            yield from (text for text in _lines(name, read(name)) if text.text.lstrip().startswith("#"))


def strings() -> Iterator[Text]:
    """Every string of the Python files: docstrings, and the messages that a person reads."""
    for name in python_files(*PACKAGES, "tests"):
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield Text(name, node.lineno, node.value)


def docstrings() -> Iterator[Text]:
    """The docstrings of modules, classes and functions, and the texts below constants."""
    for name in python_files(*PACKAGES, "tests"):
        for node in ast.walk(parsed(name)):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                value = node.value.value
                if isinstance(value, str):
                    yield Text(name, node.lineno, value)


def section(page: str, heading: str) -> str:
    """The text below a heading of a page, up to the next heading of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    after = page.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{1,{level}}} ", after, maxsplit=1)[0]


def _lines(name: str, content: str) -> Iterator[Text]:
    for number, line in enumerate(content.splitlines(), 1):
        yield Text(name, number, line)
