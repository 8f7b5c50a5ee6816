"""The workbook of the chair: who evaluates what, and, once scores are in, what needs a person.

Belongs here: laying out the tables. It speaks of evaluators under their pseudonyms and is kept restricted.
Must stay out: computing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from programme.rubric import Rubric
from tasks.scoring.workbooks.evaluator_workbook import looks, new_book, rubric_sheet

WIDTH_MOST, WIDTH_LEAST = 60, 9


def chair_workbook(round_id: str, tables: Mapping[str, pl.DataFrame], rubric: Rubric) -> bytes:
    """An XLSX workbook with one sheet a table, in the order given; a sheet's name is its key (at most 31
    characters). The same bytes each time.
    """
    book, content = new_book(f"City2City {round_id}, for the chair")
    look = looks(book)
    for name, table in tables.items():
        _sheet(book.add_worksheet(name), table, look)
    rubric_sheet(book, rubric, look)
    book.close()
    return content.getvalue()


def _sheet(sheet: Any, table: pl.DataFrame, look: dict[str, Any]) -> None:
    for column, name in enumerate(table.columns):
        texts = [len(str(value)) for value in table[name].drop_nulls().head(300)]
        sheet.set_column(column, column, min(WIDTH_MOST, max([WIDTH_LEAST, len(name) + 2, *texts]) + 1))
        sheet.write_string(0, column, name.replace("_", " "), look["head"])
        for row, value in enumerate(table[name], 1):
            _cell(sheet, row, column, value, look)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, table.height), max(0, table.width - 1))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Any, row: int, column: int, value: object, look: dict[str, Any]) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look["locked"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", look["locked"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, look["locked"])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, look["number"])
    else:
        sheet.write_string(row, column, str(value), look["locked"])


def overview(assignment: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """One row per application: city, country, topics, its evaluators, and how well they know its topics."""
    panels = assignment.group_by("application_id").agg(
        pl.col("evaluator_id").sort().str.join(", ").alias("evaluators"),
        pl.col("topic_match").sum().alias("topic_match"),
    )
    about = applications.select("application_id", "city_name", "country_iso3", "topics", "status")
    return about.join(panels, on="application_id", how="left").sort("application_id")


def loads(assignment: pl.DataFrame, conflicts: pl.DataFrame, evaluators: pl.DataFrame) -> pl.DataFrame:
    """One row per evaluator: how many applications, how many of them on a topic they know, how many conflicts
    stand.
    """
    given = assignment.group_by("evaluator_id").agg(
        pl.len().cast(pl.Int64).alias("applications"),
        (pl.col("topic_match") > 0).sum().cast(pl.Int64).alias("on_a_topic_they_know"),
    )
    standing = (
        conflicts.filter(~pl.col("dismissed"))
        .group_by("evaluator_id")
        .agg(pl.col("application_id").n_unique().cast(pl.Int64).alias("conflicts"))
    )
    everyone = evaluators.select("evaluator_id").unique()
    joined = everyone.join(given, on="evaluator_id", how="left").join(standing, on="evaluator_id", how="left")
    return joined.with_columns(pl.col(pl.Int64).fill_null(0)).sort("evaluator_id")


def disputed(
    calibrated: pl.DataFrame, scores: pl.DataFrame, counted: pl.DataFrame, rubric: Rubric
) -> pl.DataFrame:
    """One row per application and criterion whose scores are too far apart, with every score, for the chair
    to settle.
    """
    apart = scores.filter(pl.col("spread") > rubric.reviews.disputed_spread)
    each = counted.sort("evaluator_id").group_by("application_id", "criterion").agg(
        pl.format("{}: {}", "evaluator_id", "score").str.join("; ").alias("scores")
    )  # fmt: skip
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


def provisional(scores: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """One row per application and criterion with fewer reviews than the rubric asks."""
    few = scores.filter(pl.col("n_reviews") < rubric.reviews.minimum)
    return few.select("application_id", "criterion", "n_reviews", "source", "points", "max_points").sort(
        "application_id", "criterion"
    )
