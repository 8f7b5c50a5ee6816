"""Names that prose mentions: where they stand, and whether what they name exists.

Belongs here: finding mentions in back-ticks and resolving each kind of name. Must stay out: which texts are
looked at (`repository.py`) and what a test makes of the misses.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache, lru_cache
from pathlib import PurePosixPath

import typer

from flows.cli import app
from programme.vocabulary import DECISION_KINDS
from tests.docs.repository import (
    PACKAGES,
    ROOT,
    Text,
    docstrings,
    files,
    folders,
    python_files,
    read,
    strings,
)
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES

IN_TICKS = re.compile(r"(?<!`)`{1,2}([^`]+)`{1,2}(?!`)")
ENDING = r"\.(?:py|toml|md|csv|json|xlsx|npz|yaml|lock|ini|png|css|js|html|html\.j2|mako|db|parquet|eml)"
FILE = re.compile(rf"[\w.*{{}}<>=-]+(?:/[\w.*{{}}<>=-]+)*{ENDING}")
FOLDER = re.compile(r"\.?[\w.*{}<>=-]+(?:/[\w.*{}<>=-]*)+")
MODULE = re.compile(rf"(?:{'|'.join((*PACKAGES, 'tests'))})(?:\.[\w*]+)+")
BARE_FILE = re.compile(r"(?<![\w/`.:*-])((?:[\w-]+/)*[\w-]+\.(?:py|toml|md))(?![\w/])")
SETTING = re.compile(r"CITY2CITY_[A-Z0-9_]+")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?")
PLACEHOLDER = re.compile(r"[A-Z_<{*=]")
"""A part of a path that stands for another: ROUND, TIME, <ROUND>, round=2026-01, *."""


def in_ticks(text: str) -> Iterator[str]:
    """Everything in back-ticks, on one line each."""
    return (" ".join(found.split()) for found in IN_TICKS.findall(text))


def bare_files(text: str) -> list[str]:
    """Names of modules, rule files and pages that stand in prose without back-ticks."""
    return BARE_FILE.findall(IN_TICKS.sub(" ", text))


def problems(text: Text, span: str) -> Iterator[str]:
    """What is wrong with one span in back-ticks, as the words of it that name nothing."""
    yield from (name for name in SETTING.findall(span) if name not in settings())
    yield from wrong_command(span)
    for word in re.split(r"[\s,;|]+", span):
        name = word.strip("().:'\"")
        if FILE.fullmatch(name) or (FOLDER.fullmatch(name) and is_path(name)):
            if not path_exists(text.file, name):
                yield name
        elif MODULE.fullmatch(name) and not module_exists(name):
            yield name


def wrong_command(span: str) -> Iterator[str]:
    """The command, option, decision kind, target or module of a command line that does not exist."""
    words = span.split()
    given = words[1:] if words[0] == "city2city" else words if words[-1:] and "ROUND" in words[1:2] else []
    if given and re.fullmatch(r"[a-z-]+", given[0]) and not given[0].startswith("-"):
        known = commands().get(given[0])
        if known is None:
            yield f"city2city {given[0]}"
        else:
            yield from (
                f"city2city {given[0]} {word}"
                for word in re.findall(r"--[a-z-]+", span)
                if word not in (*known, "--help")
            )
        if given[0] == "decide" and given[2:] and given[2].islower() and given[2] not in DECISION_KINDS:
            yield f"city2city decide ROUND {given[2]}"
    if words[0] == "make" and words[1:] and re.fullmatch(r"[a-z-]+", words[1]) and words[1] not in targets():
        yield f"make {words[1]}"
    for module in re.findall(r"python -m ([\w.]+)", span):
        ours = MODULE.fullmatch(module) is not None
        if not (module_exists(module) if ours else _installed(module)):
            yield f"python -m {module}"


@lru_cache(maxsize=1)
def commands() -> dict[str, tuple[str, ...]]:
    """Command of `city2city` to its options."""
    group = typer.main.get_command(app)
    context = typer.Context(group)
    found = {}
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        found[name] = tuple(option for item in command.params for option in item.opts)
    return found


@lru_cache(maxsize=1)
def targets() -> frozenset[str]:
    """The targets of the Makefile."""
    text = read("Makefile")
    variables = dict(re.findall(r"^(\w+) *:?= *(.*)$", text, re.MULTILINE))
    named = re.findall(r"^([^\s#:=]+(?: [^\s#:=]+)*) *:(?!=)", text, re.MULTILINE)
    words = " ".join(named)
    for name, value in variables.items():
        words = words.replace(f"$({name})", value)
    return frozenset(words.split())


@lru_cache(maxsize=1)
def settings() -> frozenset[str]:
    """Environment variables of ours that the program or its tests read."""
    return frozenset(text for text in _code_strings() if SETTING.fullmatch(text))


def is_path(name: str) -> bool:
    """Whether something with a slash in it means a path: it begins with the data folder, or one of its parts
    is the name of a folder of ours.
    """
    parts = [part for part in name.split("/") if part]
    ours = {part for folder in folders() for part in folder.split("/")}
    return parts[0] == "data" or bool(ours & set(parts[:-1] or parts))


@cache
def path_exists(file: str, name: str) -> bool:
    """Whether a path that `file` mentions exists: from the root, from a folder above `file`, or at the end of
    a path in the package `file` belongs to; or whether the program writes or reads a file of that name. A
    word in capitals stands for any name.
    """
    if name == "__init__.py":
        return True
    wanted = re.sub(r"\b[A-Z]{3,}\b(?=\.)", "*", name.strip("/")) if name.endswith(".py") else name.strip("/")
    above = [folder.as_posix() for folder in PurePosixPath(file).parents]
    candidates = [wanted if folder == "." else f"{folder}/{wanted}" for folder in above]
    candidates += [f"{_unit(file)}/**/{wanted}"] if _unit(file) else []
    candidates += [f"programme/{wanted}"] if wanted.endswith(".toml") else []
    return any(_there(candidate) for candidate in candidates) or _at_run_time(wanted)


def _there(path: str) -> bool:
    if path in _known():
        return True
    inside, _, wanted = path.rpartition("/**/")
    if inside:
        return any(one.startswith(f"{inside}/") and fnmatch(one, f"*/{wanted}") for one in _known())
    return "*" in path and any(fnmatch(one, path) for one in _known())


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset((*files(), *folders()))


def module_exists(name: str) -> bool:
    """Whether a dotted name of ours is a module, or something a module defines."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        path = "/".join(parts[:n])
        matching = [one for one in files() if fnmatch(one, f"{path}.py")]
        matching += [one for one in files() if fnmatch(one, f"{path}/__init__.py")]
        if matching or any(fnmatch(one, path) for one in folders()):
            rest = parts[n:]
            return not rest or any(re.search(rf"\b{rest[0]}\b", read(one)) for one in matching)
    return False


@lru_cache(maxsize=1)
def code_words() -> frozenset[str]:
    """Every word that the program itself uses: names of the code, words in its strings (docstrings left out),
    and the keys and values of the rule files, of `pyproject.toml` and of the samples' headings.
    """
    words: set[str] = set()
    for name in python_files(*PACKAGES, "tests"):
        if name.startswith("tests/docs/"):
            continue
        with tokenize.open(ROOT / name) as source:
            words.update(
                token.string
                for token in tokenize.generate_tokens(source.readline)
                if token.type == tokenize.NAME
            )
    for text in _code_strings():
        words.update(re.findall(r"\w+", text))
    for table in (*INPUT_TABLES.values(), *WORKING_TABLES.values(), *PUBLISHED_TABLES.values()):
        words.update(table.names)
    for name in files():
        if name.endswith(".toml") or name in ("Makefile", "requirements.lock", "tests/golden/hashes.json"):
            lines = (line for line in read(name).splitlines() if not line.startswith("#"))
            words.update(word for line in lines for word in re.findall(r"\w+", line))
    return frozenset(words)


@lru_cache(maxsize=1)
def _code_strings() -> tuple[str, ...]:
    """The strings of the code that are no docstrings; those of this folder name things that do not exist."""
    prose = set(docstrings())
    return tuple(
        text.text for text in strings() if text not in prose and not text.file.startswith("tests/docs/")
    )


@lru_cache(maxsize=1)
def _run_time_names() -> frozenset[str]:
    """Parts of the paths that the program writes or reads when it runs."""
    return frozenset(part.strip() for text in _code_strings() if len(text) < 200 for part in text.split("/"))


def _at_run_time(path: str) -> bool:
    if path.endswith(".py") or path.split("/", maxsplit=1)[0] in (*PACKAGES, "tests", "docs"):
        return False
    literal = [part for part in path.removeprefix("data/").split("/") if not PLACEHOLDER.search(part)]
    return all(
        part in _run_time_names()
        or part.split(".")[0] in INPUT_TABLES
        or re.fullmatch(r"\d{4}-\d{2}|\d+", part)
        for part in literal
    )


def _unit(file: str) -> str:
    """The package a file belongs to: a step of `tasks`, or a top-level package."""
    parts = file.split("/")[:-1]
    return "/".join(parts[: 3 if parts[:2] == ["tests", "tasks"] else 2 if parts[:1] == ["tasks"] else 1])


@cache
def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module.split(".", maxsplit=1)[0]) is not None
    except (ImportError, ValueError):
        return False


def unknown_identifiers(span: str) -> Iterator[str]:
    """The parts of an identifier in back-ticks that no code, string or rule file of ours uses."""
    placeholder = re.fullmatch(r"[a-z]\d|[a-z_]+_[A-Z]{2,}", span)
    if (
        IDENTIFIER.fullmatch(span)
        and not placeholder
        and not FILE.fullmatch(span)
        and not MODULE.fullmatch(span)
    ):
        parts = span.removesuffix("()").split(".")
        yield from (part for part in parts if part not in code_words() and not _standard(part))


def _standard(word: str) -> bool:
    """A word of Python itself, or a library that is installed."""
    return word in dir(builtins) or word in dir(ast) or _installed(word)
