"""Columns of raw text as typed values.

Belongs here: cleaning, words for blank, the reader of each column's kind, and the default. Must stay out: the
readers (`column_readers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_readers import BLANK_WORD, READERS
from tasks.ingest.cells.column_reading import CUT, SPREADSHEET_ERROR, TOO_LONG, ColumnReading
from tasks.ingest.cells.comparison import clean_line, clean_text

_SEVERAL_LINES = ("text", "verbatim", "members", "cooperation")
"""Kinds of columns whose cells keep their line ends."""
_ERROR = (
    r"^#(?:[¿¡]?[\p{L}/0-9]{1,12}[?!]|N/A|N/D|NV|N/B|N/V|н/д|Н/Д|I/T|YOK"
    r"|SPILL!|CALC!|GETTING_DATA|REF!?|VALUE!?|NAME\??)$"
    r"|^Err:5\d\d$|^Loading\.\.\.$"
)
"""Errors of spreadsheets in the languages they are shown in: #NAME?, #N/A, #NV, #¿NOMBRE?, #DIV/0!; those of
LibreOffice (Err:502); and what a Google sheet shows before a cell is computed.
"""
_APOSTROPHE = r"^'([^']+)$"
"""A leading apostrophe, by which a person keeps a spreadsheet from changing what follows."""
_CUT = ("text",)
"""Kinds of columns whose texts are cut where they are too long; of any other, nothing is taken."""
_NO_LETTERS = ("id", "whole_number", "number", "points", "moment", "day")
"""Kinds of columns in which an apostrophe in front is no part of the answer."""
_NEVER_BLANK = ("id", "verbatim")
"""Kinds of columns in which every text stands for itself."""
_NAMES_AND_CODES = ("name", "country", "choice", "choices", "yes_no", "criterion")
"""Kinds of columns in which a word such as "NA" may be a name or a code."""


def read_columns(raw: pl.DataFrame, contexts: Mapping[str, ColumnContext]) -> dict[str, ColumnReading]:
    """Read columns (String) by their kinds: typed values, and the rule of each cell not taken as it stood.

    Markup and formulas stay text. A word for blank ("n/a", "-") becomes null by the rule `blank-word`. A text
    that was cleaned of hidden characters is named `cleaned`. What cannot be understood is null by the rule
    `unreadable`, never an exception.
    """
    clean = raw.select(_clean(name, context) for name, context in contexts.items())
    kept = clean.select(_kept(name, context) for name, context in contexts.items())
    read = {name: READERS[context.form.kind](kept[name], context) for name, context in contexts.items()}
    stages = pl.concat(
        [
            raw.select(pl.col(contexts.keys()).name.suffix("/raw")),
            clean.select(pl.all().name.suffix("/clean")),
            kept.select(pl.all().name.suffix("/kept")),
            pl.DataFrame({f"{name}/rule": reading.rules for name, reading in read.items()}),
        ],
        how="horizontal",
    )
    rules = stages.select(_rule(name, context).alias(name) for name, context in contexts.items())
    return {
        name: ColumnReading(_with_default(reading.values, contexts[name]), rules[name], reading.note)
        for name, reading in read.items()
    }


def _clean(name: str, context: ColumnContext) -> pl.Expr:
    clean = clean_text if context.form.kind in _SEVERAL_LINES else clean_line
    text = clean(pl.col(name))
    if context.form.kind in _NO_LETTERS:
        text = text.str.replace(_APOSTROPHE, "${1}")
    return text.alias(name)


def _kept(name: str, context: ColumnContext) -> pl.Expr:
    """The text that is read: null for a word for blank, a spreadsheet's error, a text that is too long."""
    text, is_long = pl.col(name), _is_long(name, context)
    shorter = text if context.column.longest is None else text.str.head(context.column.longest.letters)
    if context.form.kind not in _CUT:
        shorter = pl.when(~is_long).then(text)
    is_nothing = _is_blank_word(name, context) | _is_error(name, context)
    return pl.when(~is_nothing).then(shorter).alias(name)


def _is_long(name: str, context: ColumnContext) -> pl.Expr:
    """Whether a cell holds more letters than the dictionary allows in its column."""
    longest = context.column.longest
    if longest is None:
        return pl.lit(value=False)
    return (pl.col(name).str.len_chars() > longest.letters).fill_null(value=False)


def _is_error(name: str, context: ColumnContext) -> pl.Expr:
    """Whether a cell holds an error of a spreadsheet instead of the answer."""
    if context.form.kind == "verbatim":
        return pl.lit(value=False)
    return pl.col(name).str.contains(_ERROR).fill_null(value=False)


def _is_blank_word(name: str, context: ColumnContext) -> pl.Expr:
    """Whether a cell holds a word for blank.

    Words that could be a name or a code ("NA", Nan) count only where nothing else can be meant.
    """
    form, kind = context.programme.form, context.form.kind
    if kind in _NEVER_BLANK:
        return pl.lit(value=False)
    words = {*form.blank, *(() if kind in _NAMES_AND_CODES else form.blank_words)}
    return pl.col(name).str.to_lowercase().is_in(sorted(words)).fill_null(value=False)


def _rule(name: str, context: ColumnContext) -> pl.Expr:
    """The rule by which a cell was read: an error, too long, blank, as read."""
    raw, clean, kept, rule = (pl.col(f"{name}/{stage}") for stage in ("raw", "clean", "kept", "rule"))
    return (
        pl.when(_is_error(f"{name}/clean", context))
        .then(pl.lit(SPREADSHEET_ERROR))
        .when(_is_long(f"{name}/clean", context))
        .then(pl.lit(CUT if context.form.kind in _CUT else TOO_LONG))
        .when(clean.is_not_null() & kept.is_null())
        .then(pl.lit(BLANK_WORD))
        .when(rule.is_not_null())
        .then(rule)
        .when(clean.is_not_null() & (clean != raw.str.strip_chars()))
        .then(pl.lit("cleaned"))
    )


def _with_default(values: pl.Series, context: ColumnContext) -> pl.Series:
    return values.fill_null(context.form.default) if context.form.default else values
