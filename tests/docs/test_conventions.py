"""Conventions that no linter knows: sizes, imports inside functions, and how test helpers are imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.docs.repository import PACKAGES, parsed, python_files, read

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
Function = ast.FunctionDef | ast.AsyncFunctionDef

LOADED_WHEN_NEEDED = {
    "alembic": "0.2 s; only a database that is not up to date needs it",
    "great_expectations": "2 s; loaded in the background while the inputs are read",
    "highspy": "0.1 s; only what solves needs it",
    "PIL": "no dependency of the program; only the maker of the climate map needs it",
    "polars": "0.2 s; the sandbox loads it for Parquet files alone",
    "prefect": "2 s; only the flows need it",
    "psycopg": "0.1 s; only a Postgres database needs it",
    "python_calamine": "the sandbox loads it for workbooks alone",
    "rich": "50 ms; only a person at a terminal needs it",
    "xlsxwriter": "50 ms; only what writes workbooks needs it",
}
"""Libraries that a function may import, because loading them costs more than most callers should pay."""
ONE_KIND = "only the kind of storage that is asked for is loaded"
OURS_WHEN_NEEDED = {
    ("warehouse.storage.address", "warehouse.storage.folder"): ONE_KIND,
    ("warehouse.storage.address", "warehouse.storage.bucket"): ONE_KIND,
}
"""Modules of ours that a function may import: the importing module, the imported one, and why."""


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


def test_imports_inside_functions_have_a_reason() -> None:
    without = [
        f"{name}:{statement.lineno}: {imported}"
        for name in python_files(*PACKAGES)
        for node in functions(name)
        for statement in ast.walk(node)
        for imported in imported_modules(statement)
        if imported.split(".", maxsplit=1)[0] not in LOADED_WHEN_NEEDED
        and (_dotted(name), imported) not in OURS_WHEN_NEEDED
    ]
    assert not without, "\n".join(sorted(set(without)))


def test_every_reason_is_needed() -> None:
    inside = {
        (_dotted(name), imported)
        for name in python_files(*PACKAGES)
        for node in functions(name)
        for statement in ast.walk(node)
        for imported in imported_modules(statement)
    }
    unused = set(LOADED_WHEN_NEEDED) - {imported.split(".", maxsplit=1)[0] for _, imported in inside}
    assert not unused | (set(OURS_WHEN_NEEDED) - inside)


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
    if isinstance(node, ast.Attribute) and node.attr in ("insert", "append"):
        yield from ["a change of sys.path"] if ast.unparse(node.value) == "sys.path" else []


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
        pytest.param("sys.path.insert(0, '.')", ["a change of sys.path"], id="path"),
        pytest.param("spec_from_file_location('a', 'b')", ["a module loaded from a file"], id="spec"),
    ],
)
def test_other_ways_are_seen(statement: str, found: list[str]) -> None:
    assert [what for node in ast.walk(ast.parse(statement)) for what in other_ways(node)] == found
