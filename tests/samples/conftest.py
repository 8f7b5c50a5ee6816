"""The committed sample files, read without any of the pipeline's own code."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from samples.bundle import INPUTS
from samples.form_wording import QUESTIONS

Rows = dict[str, dict[str, object]]


def sheet(path: Path) -> list[dict[str, object]]:
    """Rows of a workbook's first sheet, by heading."""
    first, *rest = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, first), row, strict=True)) for row in rest]


def table(path: Path, separator: str = ",", encoding: str = "utf-8") -> list[dict[str, object]]:
    """Rows of a delimited file, every cell a text or null."""
    return pl.read_csv(path, separator=separator, encoding=encoding, infer_schema=False).to_dicts()


@pytest.fixture(scope="session")
def forms() -> dict[str, Rows]:
    """Round -> submission id -> cells by canonical column."""
    first = [
        {column: row[question] for column, question in QUESTIONS.items()}
        for row in sheet(INPUTS / "2025-07" / "submissions.xlsx")
    ]
    second = table(INPUTS / "2026-01" / "submissions.csv", ";", "utf8")
    return {
        name: {str(row["submission_id"]): row for row in rows}
        for name, rows in (("2025-07", first), ("2026-01", second))
    }


@pytest.fixture(scope="session")
def cohort() -> dict[str, Rows]:
    """Round -> cohort id -> row of the register."""
    first = table(INPUTS / "2025-07" / "cohort.csv", ";")
    second = table(INPUTS / "2026-01" / "cohort.csv", "\t")
    return {
        name: {str(row["utm_id"]): row for row in rows}
        for name, rows in (("2025-07", first), ("2026-01", second))
    }


@pytest.fixture(scope="session")
def gcom() -> list[dict[str, object]]:
    """The signatory list, the same in both rounds."""
    return table(INPUTS / "2025-07" / "gcom.csv")


@pytest.fixture(scope="session")
def scores() -> dict[str, list[dict[str, object]]]:
    """Round -> rows of the evaluations."""
    return {
        "2025-07": sheet(INPUTS / "2025-07" / "evaluations.xlsx"),
        "2026-01": table(INPUTS / "2026-01" / "evaluations.csv"),
    }


@pytest.fixture(scope="session")
def ledger() -> dict[str, dict[str, list[dict[str, object]]]]:
    """Round -> rows of the decisions and of the collaborations."""
    first, second = INPUTS / "2025-07", INPUTS / "2026-01"
    return {
        "2025-07": {
            "decisions": json.loads((first / "decisions.json").read_text("utf-8")),
            "collaborations": table(first / "collaborations.csv", ";", "windows-1252"),
        },
        "2026-01": {
            "decisions": table(second / "decisions.csv"),
            "collaborations": table(second / "collaborations.csv", "\t", "utf-16"),
        },
    }
