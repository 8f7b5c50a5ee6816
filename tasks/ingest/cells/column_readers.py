"""One reader a kind of column: cleaned text in, typed values and the rule of each cell out.

Belongs here: the readers and the table from kind to reader. Must stay out: the rules of reading themselves
(`numbers.py`, `dates.py`, `choices.py`, ...) and which column is of which kind (`programme/form.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import polars as pl

from programme.form import Kind
from programme.rubric_evidence import SCALE_MAXIMUM
from programme.vocabulary import TOPIC_OTHER
from tasks.ingest.cells import countries, dates
from tasks.ingest.cells.choices import yes_no_of
from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_reading import (
    NO_NAME,
    NOT_BELIEVABLE,
    OUT_OF_RANGE,
    UNREADABLE,
    CellReading,
    ColumnReading,
    as_written,
    parse_or_read,
    read_distinct,
)
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.day_order import DayOrder, order_note, settle_order
from tasks.ingest.cells.names import SpreadsheetWords, is_no_name
from tasks.ingest.cells.numbers import read_number, read_whole_number
from tasks.ingest.cells.records_in_cells import read_cooperations, read_members
from warehouse.dictionary.model import MOMENT

BLANK_WORD = "blank-word"
"""The rule named where a word such as "n/a" was taken for a blank cell."""
_OUT_OF_MAXIMUM = re.compile(
    rf"^(\d(?:[.,]\d+)?)\s*(?:/|out of|of|sur|von|de)\s*{SCALE_MAXIMUM}$", re.IGNORECASE
)
"""Points with their maximum: "4/5", "4 out of 5"."""
_LED_BY_POINTS = re.compile(r"^([0-5])\s*(?:[-–—:=.(]|\s)\s*([^\d\s].*)$", re.DOTALL)
"""Points followed by what they mean: "3 - important"."""
_OR_OTHERS = re.compile(
    r"^(?:to|or|and|until|till|up to|minus|plus|through|bis|oder|und|ou|et|y|o|e|hasta|até|ate|ou|of|à|al?)\b"
    r"|^(?:to|tot|en|eller|och|og|tai|lub|albo|do|i|až|nebo|или|до|и|または|~|/|\+|&|vs\b)(?!\w)",
    re.IGNORECASE,
)
"""What begins the second half of a span or of an alternative: "3 to 5", "3 or more"."""

Reader = Callable[[pl.Series, ColumnContext], ColumnReading]


def _text(texts: pl.Series, _: ColumnContext) -> ColumnReading:
    return as_written(texts)


def _spreadsheet_words(context: ColumnContext) -> SpreadsheetWords:
    form = context.programme.form
    return SpreadsheetWords(
        dates.date_words(form).months, frozenset(map(comparison_key, form.spreadsheet_yes_no))
    )


def _name(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    """The text is kept as typed, even where a spreadsheet seems to have made it; a person looks then."""
    words = _spreadsheet_words(context)

    def read(text: str) -> CellReading:
        return text, NO_NAME if is_no_name(text, words) else None

    return read_distinct(texts, read, pl.String())


def _country(texts: pl.Series, _: ColumnContext) -> ColumnReading:
    """The text is kept as typed; its code is a column of its own."""

    def read(text: str) -> CellReading:
        if countries.is_canonical_name(text):
            return text, None
        if countries.exact_iso3(text):
            return text, "country-name"
        return text, "close-spelling" if countries.to_iso3(text) else UNREADABLE

    return read_distinct(texts, read, pl.String())


def _or_blank(read: Callable[[str], CellReading], context: ColumnContext) -> Callable[[str], CellReading]:
    """Try a word as a choice first; if it is none, it may still be a word for blank."""

    def read_or_blank(text: str) -> CellReading:
        value, rule = read(text)
        is_blank = rule == UNREADABLE and text.lower() in context.programme.form.blank_words
        return (None, BLANK_WORD) if is_blank else (value, rule)

    return read_or_blank


def _choice(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    listed = context.listed

    def read(text: str) -> CellReading:
        value, rule = listed.find(text)
        return (text, "kept-as-written") if rule == UNREADABLE and context.form.open else (value, rule)

    return read_distinct(texts, _or_blank(read, context), pl.String())


def _choices(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    return read_distinct(texts, _or_blank(context.listed.find_all, context), pl.List(pl.String()))


def _yes_no(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    words = yes_no_of(context.programme.form.yes, context.programme.form.no)
    return read_distinct(texts, _or_blank(words.find, context), pl.Boolean())


def _topic(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    """A topic that is none of the programme's counts as `other`."""
    topics = context.topics

    def read(text: str) -> CellReading:
        value, rule = topics.find(text)
        return (value, rule) if value else (TOPIC_OTHER, None if text == TOPIC_OTHER else "other-topic")

    return read_distinct(texts, read, pl.String())


def _criterion(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    """A criterion that is none of the rubric's is kept as written."""
    criteria = context.criteria

    def read(text: str) -> CellReading:
        value, rule = criteria.find(text)
        return (value, rule) if value else (text, "unknown-criterion")

    return read_distinct(texts, read, pl.String())


def _whole_number(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    def parse(plain: pl.Expr) -> pl.Expr:
        return plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)

    reading = parse_or_read(texts, r"^\d{1,15}(?:\.0{1,2})?$", parse, read_whole_number, pl.Int64())
    if context.form.least is None:
        return reading
    return _without(reading, reading.values < context.form.least, NOT_BELIEVABLE)


def _without(reading: ColumnReading, refused: pl.Series, rule: str) -> ColumnReading:
    """The reading without the values that are refused, which get the rule."""
    no = refused.fill_null(value=False)
    values = pl.select(pl.when(~no).then(reading.values)).to_series().alias(reading.values.name)
    rules = pl.select(pl.when(no).then(pl.lit(rule)).otherwise(reading.rules)).to_series()
    return replace(reading, values=values, rules=rules)


def _number(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    def parse(plain: pl.Expr) -> pl.Expr:
        return plain.cast(pl.Float64, strict=False)

    pattern = r"^-?\d{1,15}(?:\.\d{1,20})?$"
    reading = parse_or_read(texts, pattern, parse, _score_or_number, pl.Float64())
    low, high = context.column.minimum, context.column.maximum
    beyond = (reading.values < low) if low is not None else reading.values.is_null() & False
    if high is not None:
        beyond = beyond | (reading.values > high)
    return _without(reading, beyond, OUT_OF_RANGE)


def _score_or_number(text: str) -> CellReading:
    if found := _OUT_OF_MAXIMUM.match(text):
        return read_number(found[1])[0], "out-of-five"
    return read_number(text)


def _holds_month(text: str, months: Mapping[str, int]) -> bool:
    """Whether a spreadsheet took an answer for a date: 3-5 becomes 5-Mar, and either was meant."""
    return any(comparison_key(word) in months for word in re.findall(r"[^\W\d_]{3,}", text[:40]))


def _says_more(points: str, meaning: str) -> bool:
    """Whether what stands behind points names others too: "3 to 5", "3 or four", "2 (or 3)"."""
    others = set(re.findall(r"(?<!\d)[0-5](?!\d|[.,]\d)", meaning)) - {points}
    is_of_maximum = re.search(rf"(?:/|\bof|\bout of|\bvon|\bsur|\bde|\bsu)\s*{SCALE_MAXIMUM}\b", meaning)
    return bool(_OR_OTHERS.match(meaning.lstrip("( "))) or bool(others and not is_of_maximum)


def _points(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    """Whole points from 0 to the maximum of the scale."""
    months = dates.date_words(context.programme.form).months

    def read(text: str) -> CellReading:
        found = _OUT_OF_MAXIMUM.match(text) or _LED_BY_POINTS.match(text)
        if _holds_month(text, months) or (
            found and found.re is _LED_BY_POINTS and _says_more(*found.groups())
        ):
            return None, UNREADABLE
        value, rule = read_number(found[1] if found else text)
        if value is None or value != int(value) or not 0 <= value <= SCALE_MAXIMUM:
            return None, UNREADABLE
        return int(value), "points" if found else rule if text != str(int(value)) else None

    return read_distinct(texts, read, pl.Int64())


def _date_reading(texts: pl.Series, context: ColumnContext) -> dates.DateReading:
    """What the dates of the column are read by; day and month are settled for the column as a whole."""
    words = dates.date_words(context.programme.form)

    def parse(text: str, order: DayOrder) -> date | None:
        return dates.parsed_day(text, dates.DateReading(words, order))

    order = settle_order(
        texts.drop_nulls().unique(maintain_order=True),
        day_first=context.day_first,
        parse=parse,
        window=context.window,
    )
    epoch = dates.EPOCH_1904 if context.date_1904 else dates.EPOCH_1900
    return dates.DateReading(words, order, context.zone, epoch)


def _moment(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    how = _date_reading(texts, context)
    no_moment = context.profile.no_moment if context.profile else ()

    def read(text: str) -> CellReading:
        return (None, UNREADABLE) if text in no_moment else dates.read_moment(text, how)

    return replace(read_distinct(texts, read, MOMENT), note=order_note(how.order))


def _day(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    how = _date_reading(texts, context)
    read = partial(dates.read_day, how=how)
    if how.order.sheet_dates != "as_they_stand":
        reading = read_distinct(texts, read, pl.Date())
    else:
        reading = parse_or_read(texts, r"^(?:19|20)\d\d-\d\d-\d\d$", _iso_days, read, pl.Date())
    return replace(reading, note=order_note(how.order))


def _iso_days(plain: pl.Expr) -> pl.Expr:
    return plain.str.to_date("%Y-%m-%d", strict=False)


def _members(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    statuses, words = context.choices("plan_status"), _spreadsheet_words(context)
    read = partial(read_members, statuses=statuses, words=words)
    return read_distinct(texts, read, context.column.dtype)


def _cooperation(texts: pl.Series, context: ColumnContext) -> ColumnReading:
    return read_distinct(texts, partial(read_cooperations, topics=context.topics), context.column.dtype)


READERS: dict[Kind, Reader] = {
    "id": _text,
    "name": _name,
    "line": _text,
    "text": _text,
    "verbatim": _text,
    "country": _country,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "whole_number": _whole_number,
    "number": _number,
    "points": _points,
    "moment": _moment,
    "day": _day,
    "topic": _topic,
    "criterion": _criterion,
    "members": _members,
    "cooperation": _cooperation,
}
"""The reader of each kind of column."""
