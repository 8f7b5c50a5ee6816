"""The workbook of the chair: who evaluates what, and, once scores are in, what needs a person.

Belongs here: the chair's tables and their layout. The workbook names evaluators by their pseudonyms and is
kept restricted. Must stay out: computing points and corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from programme.rubric import Rubric
from tasks.scoring.workbooks.evaluator_workbook import cell_formats, new_book, rubric_sheet
from warehouse.escapes import workbook_cell

WIDTH_MOST, WIDTH_LEAST = 60, 9


def chair_workbook(round_id: str, tables: Mapping[str, pl.DataFrame], rubric: Rubric) -> bytes:
    """An XLSX workbook with one sheet for each table, in the order given.

    The name of a sheet is its key (at most 31 characters). The same tables give the same bytes.
    """
    book, content = new_book(f"City2City {round_id}, for the chair")
    formats = cell_formats(book)
    for name, table in tables.items():
        _sheet(book.add_worksheet(name), table, formats)
    rubric_sheet(book, rubric, formats)
    book.close()
    return content.getvalue()


def _sheet(sheet: Any, table: pl.DataFrame, formats: dict[str, Any]) -> None:
    for column, name in enumerate(table.columns):
        texts = [len(str(value)) for value in table[name].drop_nulls().head(300)]
        sheet.set_column(column, column, min(WIDTH_MOST, max([WIDTH_LEAST, len(name) + 2, *texts]) + 1))
        sheet.write_string(0, column, name.replace("_", " "), formats["head"])
        for row, value in enumerate(table[name], 1):
            _cell(sheet, row, column, value, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, table.height), max(0, table.width - 1))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Any, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    if value is None:
        sheet.write_blank(row, column, None, formats["locked"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", formats["locked"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["locked"])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["number"])
    else:
        sheet.write_string(row, column, workbook_cell(value), formats["locked"])


def assignment_overview(assignment: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """One row per application: city, country, topics, its evaluators, and how well they know its topics."""
    panels = assignment.group_by("application_id").agg(
        pl.col("evaluator_id").sort().str.join(", ").alias("evaluators"),
        pl.col("topic_match").sum().alias("topic_match"),
    )
    about = applications.select("application_id", "city_name", "country_iso3", "topics", "status")
    return about.join(panels, on="application_id", how="left").sort("application_id")


def evaluator_loads(
    assignment: pl.DataFrame, conflicts: pl.DataFrame, evaluators: pl.DataFrame
) -> pl.DataFrame:
    """One row per evaluator: applications, those on a topic they know, and conflicts that are not
    dismissed.
    """
    given = assignment.group_by("evaluator_id").agg(
        pl.len().cast(pl.Int64).alias("applications"),
        (pl.col("topic_match") > 0).sum().cast(pl.Int64).alias("on_a_topic_they_know"),
    )
    conflicting = (
        conflicts.filter(~pl.col("dismissed"))
        .group_by("evaluator_id")
        .agg(pl.col("application_id").n_unique().cast(pl.Int64).alias("conflicts"))
    )
    everyone = evaluators.select("evaluator_id").unique()
    joined = everyone.join(given, on="evaluator_id", how="left").join(
        conflicting, on="evaluator_id", how="left"
    )
    return joined.with_columns(pl.col(pl.Int64).fill_null(0)).sort("evaluator_id")


def disputed_scores(
    calibrated: pl.DataFrame, scores: pl.DataFrame, counted: pl.DataFrame, rubric: Rubric
) -> pl.DataFrame:
    """One row per application and criterion whose scores are too far apart, with every score."""
    apart = scores.filter(pl.col("spread") > rubric.reviews.disputed_spread)
    each = (
        counted.sort("evaluator_id")
        .group_by("application_id", "criterion")
        .agg(pl.format("{}: {}", "evaluator_id", "score").str.join("; ").alias("scores"))
    )
    judged = calibrated.select(
        "application_id", "criterion", "raw_judgement", "correction", "corrected_points"
    )
    keys = ["application_id", "criterion"]
    return (
        apart.select(*keys, "spread")
        .join(each, on=keys)
        .join(judged, on=keys)
        .sort("spread", *keys, descending=[True, False, False])
    )


def provisional_scores(scores: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """One row per application and criterion with fewer reviews than the rubric asks."""
    few = scores.filter(pl.col("n_reviews") < rubric.reviews.minimum)
    return few.select("application_id", "criterion", "n_reviews", "source", "points", "max_points").sort(
        "application_id", "criterion"
    )
