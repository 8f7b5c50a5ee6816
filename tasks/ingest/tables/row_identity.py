"""Whether ids identify: rows of one id that are different cities, and ids that a spreadsheet has rounded.

Belongs here: giving such rows ids of their own, and the findings about ids. Must stay out: which of several
versions of one row stands (`duplicate_rows.py`, `standing.py`), and ids that the form tool never gave
(`made_ids.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from programme.counts import counted
from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_reading import ColumnReading
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.tables.standing import SentForm, like_city
from warehouse.dictionary.findings import Finding

_PLACES = {
    "submissions": ("submission_id", "city_name"),
    "cohort": ("utm_id", "name"),
    "gcom": ("gcom_id", "name"),
}
"""Table whose rows are cities each, to its column of ids and its column of the city's name."""
MOST_CITIES = 3
"""Different cities that may share one id before the column of ids counts as none.

Two or three are a slip of somebody's hand; more means that the column holds something else.
"""
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+\d+$")
"""A number as a spreadsheet shows it when it is too long: 6.29842E+18."""
SPREADSHEET_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; it puts zeros in place of the others."""
_LEAST_LOST = 4
"""Digits that must be zeros over all different ids of a column before that is no chance."""
_MANY_IDS = 4
"""From so many different ids on, a single one that seems cut off is a cell's matter: others would be too."""
_ID_DIGITS = 6
_EXPORT = "Export the answers again with the id that the form tool gives each response"


def rounded_ids(
    table: str, readings: Mapping[str, ColumnReading], contexts: Mapping[str, ColumnContext]
) -> Iterator[Finding]:
    """A stop for each column of ids whose digits a spreadsheet has cut off; a warning for a single id."""
    for column, reading in readings.items():
        if contexts[column].form.kind != "id":
            continue
        rounded = _rounded(reading.values)
        n_rounded, n_ids = len(rounded), reading.values.n_unique()
        if n_rounded == 1 and n_ids >= _MANY_IDS:
            message = (
                f"{_named(column, contexts)} holds one id as a spreadsheet shows a long number. "
                "The other ids are whole, so it is kept as an id; look whether it is one."
            )
            yield Finding(table, "id_identifies", message, column=column)
        elif n_rounded:
            ids = counted(n_rounded, "id")
            found = f"{_named(column, contexts)} holds {ids} whose digits a spreadsheet cut off"
            remedy = f"{_EXPORT}, as CSV straight from the tool; a spreadsheet must not save it as a number."
            yield Finding.stop(
                table, "id_identifies", f"{found}; expected whole ids. {remedy}", column=column
            )


def _rounded(ids: pl.Series) -> list[str]:
    different = ids.drop_nulls().unique(maintain_order=True).to_list()
    scientific = [text for text in different if _SCIENTIFIC.match(text)]
    long = [text for text in different if text.isdigit() and len(text) > SPREADSHEET_DIGITS]
    lost = [text[SPREADSHEET_DIGITS:] for text in long]
    all_zeros = not "".join(lost).strip("0") and len("".join(lost)) >= _LEAST_LOST
    return [*scientific, *(long if all_zeros else [])]


def _named(column: str, contexts: Mapping[str, ColumnContext]) -> str:
    heading = contexts[column].heading
    return f"Column {column}" + (f" (heading {heading!r})" if heading and heading != column else "")


def own_ids(
    table: str, typed: pl.DataFrame, contexts: Mapping[str, ColumnContext]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Rows of one id that are different cities, each city under an id of its own.

    `typed`: rows of the table that can be used. Rows of one id and of like cities stay versions of one form.
    In a register ids stay, because other files name them; there is only the finding.
    """
    if table not in _PLACES or typed.is_empty():
        return typed, []
    column, place = _PLACES[table]
    twice = typed.filter(pl.col(column).is_duplicated()).select("row", column, place, "country_iso3")
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in twice.sort("row").iter_rows(named=True):
        groups.setdefault(row[column], []).append(row)
    new: dict[int, str] = {}
    findings = []
    for key, rows in groups.items():
        cities = _cities(rows, place)
        if len(cities) == 1:
            continue
        findings.append(_finding(table, key, rows, cities, contexts))
        if table == "submissions":
            new |= {form.row: f"{key}-{_digest(city[0])}" for city in cities for form in city}
    if new:
        ids = pl.col("row").replace_strict(list(new), list(new.values()), default=pl.col(column))
        typed = typed.with_columns(ids.alias(column))
    return typed, findings


def _cities(rows: list[dict[str, Any]], place: str) -> list[list[SentForm]]:
    """The rows by city, in order of the file."""
    cities: list[list[SentForm]] = []
    by_name: dict[tuple[str, str | None], list[SentForm]] = {}
    for row in rows:
        form = SentForm(str(row["row"]), row["row"], None, row[place] or "", row["country_iso3"])
        name = comparison_key(form.city), form.country
        city = by_name.get(name) or next((city for city in cities if like_city(city[0], form)), None)
        if city is None:
            city = []
            cities.append(city)
        by_name[name] = city
        city.append(form)
    return cities


def _digest(form: SentForm) -> str:
    """What tells one city from the others of an id, and is the same in every export."""
    written = f"{comparison_key(form.city)}\x1f{form.country or ''}"
    return hashlib.sha256(written.encode()).hexdigest()[:_ID_DIGITS]


def _finding(
    table: str,
    key: str,
    rows: list[dict[str, Any]],
    cities: list[list[SentForm]],
    contexts: Mapping[str, ColumnContext],
) -> Finding:
    column = _PLACES[table][0]
    shown = ", ".join(str(row["row"]) for row in rows[:5]) + (", ..." if len(rows) > 5 else "")
    found = f"{_named(column, contexts)} gives one id to {len(cities)} different cities (rows {shown})"
    if len(cities) > MOST_CITIES:
        return Finding.stop(
            table,
            "id_identifies",
            f"{found}; expected an id for each. {_EXPORT}.",
            row_key=key,
            column=column,
        )
    kept = (
        "each is kept under an id of its own" if table == "submissions" else "only the latest of them counts"
    )
    remedy = "Look whether they are one city; if not, correct the id."
    return Finding(table, "id_identifies", f"{found}; {kept}. {remedy}", row_key=key, column=column)
