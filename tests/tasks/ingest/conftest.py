"""What the tests of the step share: a round, and small files of every kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import pytest

from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.step import ReadTable, SourceFile, read_table
from warehouse.sandbox import open_in_sandbox

MINIMAL = {
    "submission_id": "S1",
    "submitted_at": "2025-08-01T10:00:00+02:00",
    "city_name": "Turku",
    "country": "Finland",
    "applicant_type": "city",
    "topic_1": "cooling",
}
"""A submission with nothing but what is required."""


@pytest.fixture
def minimal() -> dict[str, str]:
    return dict(MINIMAL)


@pytest.fixture(scope="session")
def round_(programme: Programme) -> Round:
    return programme.rounds.get("2025-07")


@pytest.fixture(scope="session")
def read(programme: Programme, round_: Round) -> Callable[..., ReadTable]:
    """Read a content (text is UTF-8) as one table."""

    def reader(content: bytes | str, table: str = "submissions", name: str = "") -> ReadTable:
        data = content.encode() if isinstance(content, str) else content
        source = SourceFile(table, name or f"{table}.csv", data)
        return read_table(source, programme, round_, open_binary=open_in_sandbox)

    return reader


@pytest.fixture(scope="session")
def as_csv() -> Callable[..., str]:
    """Rows of a table as comma-separated text; headings from the first row."""

    def writer(rows: Sequence[dict[str, str]], separator: str = ",") -> str:
        text = io.StringIO()
        out = csv.DictWriter(text, list(rows[0]), delimiter=separator)
        out.writeheader()
        out.writerows(rows)
        return text.getvalue()

    return writer


@pytest.fixture(scope="session")
def cell(read: Callable[..., ReadTable], as_csv: Callable[..., str]) -> Callable[..., object]:
    """What a submission's cell is understood as."""

    def one(column: str, text: str) -> object:
        table = read(as_csv([MINIMAL | {column: text}]))
        return table.frame[column].to_list()[0] if table.frame.height else "set aside"

    return one
